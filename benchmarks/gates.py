"""How long the static gates take, and one commit through the hooks that are shipped.

All static gates run on a clone of this repository and on a project of a thousand Python files: a
generated one, or copies of the folders that are named (`ARGS="PATH ..."`). Nothing is kept from
earlier runs the first time; the second time one file has changed. Goals are held against processor
seconds, children counted, which other work of the machine hardly moves. Then the same commit of
one file goes through lefthook and through pre-commit, in turn, with the same checks; pre-commit is
installed into an environment of its own under .quality_harness/.

Exit codes: 0 every goal is met, 1 one is missed, 2 nothing was measured.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks import _hook_runs as hooks
from benchmarks._generated_project import write_project
from benchmarks.figures import Figure, conclude, print_table
from quality_harness.gate import CouldNotRun, Verdict

ROOT = Path(__file__).resolve().parents[1]
ANYWHERE = ("format", "lint", "migrations", "docs-links", "large-files", "secrets")
ANYWHERE += ("commit-messages",)
HERE = (*ANYWHERE, "imports", "workflows", "containers", "dependencies")
MODULES = 1000
GOALS = {"this repository": 3.0}
GOAL = 10.0
MODULE = '''\
"""Orders of shop {number}."""


def total(prices: list[int], discount: int = 0) -> int:
    """Return what is to be paid."""
    paid = sum(prices) - discount
    if paid < 0:
        raise ValueError("The discount is larger than the price.")
    return paid


def describe(name: str, prices: list[int]) -> str:
    return f"{{name}}: {{total(prices)}} for {{len(prices)}} in shop {number}"
'''


@dataclass(frozen=True)
class Run:
    """All static gates on a project, once.

    Attributes:
        processor: processor seconds, children counted.
        wall: seconds by the clock.
        unable: the gates that could not run.
    """

    processor: float
    wall: float
    unable: tuple[str, ...]


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    parser = argparse.ArgumentParser(prog="gates", description=__doc__.partition("\n")[0])
    parser.add_argument("projects", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--commits", type=int, default=10, help="commits each way")
    options = parser.parse_args(argv)
    console = Console(file=sys.stderr, width=None if sys.stderr.isatty() else 120)
    try:
        with tempfile.TemporaryDirectory(prefix="gates-") as name:
            figures = list(_gates(Path(name), options.projects, console))
            figures += _hooks(Path(name), options.commits, console)
    except CouldNotRun as problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    return conclude(figures)


def _gates(work: Path, given: Sequence[Path], console: Console) -> Iterator[Figure]:
    rows = []
    for name, project, gates in _projects(work, given):
        files = _python_files(project)
        first = _run(project, gates)
        changed = project / files[len(files) // 2]
        changed.write_text(changed.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        again = _run(project, gates)
        for kind, run in (("first", first), ("one file changed", again)):
            unable = ", ".join(run.unable) or "none"
            rows.append((name, len(files), kind, f"{run.processor:.1f}", f"{run.wall:.1f}", unable))
            key = f"{kind} on {name}".replace(" ", "_")
            yield Figure(key, round(run.processor, 2), GOALS.get(name, GOAL), "at_most")
    columns = ("project", "Python files", "run", "processor s", "wall s", "could not run")
    print_table(console, "All static gates", columns, rows)


def _projects(work: Path, given: Sequence[Path]) -> Iterator[tuple[str, Path, Sequence[str]]]:
    clone = work / "clone"
    hooks.run(work, "git", "clone", "--quiet", str(ROOT), str(clone))
    yield "this repository", clone, HERE
    for path in given:
        copy = work / f"copy-{path.resolve().name}"
        ignored = shutil.ignore_patterns(".git", "node_modules", ".venv")
        shutil.copytree(path, copy, ignore=ignored, symlinks=True)
        yield path.resolve().name, _committed(copy), ANYWHERE
    if not given:
        yield "generated project", _committed(_generated(work / "generated")), ANYWHERE


def _generated(folder: Path) -> Path:
    write_project(folder)
    for number in range(MODULES):
        path = folder / f"shops_{number // 50}" / f"shop_{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(MODULE.format(number=number), encoding="utf-8")
    (folder / "README.md").write_text("# Shops\n", encoding="utf-8")
    return folder


def _committed(folder: Path) -> Path:
    hooks.run(folder, "git", "init", "--quiet", "--initial-branch=main")
    hooks.commit(folder)
    # What a change brings is judged by some gates: here it brings nothing, as most changes do.
    hooks.run(folder, "git", "commit", "--quiet", "--allow-empty", "--message=feat: nothing")
    return folder


def _python_files(project: Path) -> list[str]:
    """Return the Python files of a project."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "*.py"], cwd=project, capture_output=True, text=True, check=True
    )
    found = sorted(name for name in done.stdout.split("\0") if (project / name).is_file() and name)
    if not found:
        raise CouldNotRun(f"{project} has no Python file")
    return found


def _run(project: Path, gates: Sequence[str]) -> Run:
    """Run gates on a project.

    Raises:
        CouldNotRun: there is no report, or no gate of them could run.
    """
    report = project.parent / "report.json"
    report.unlink(missing_ok=True)
    before, began = _processor(), time.perf_counter()
    program = Path(sysconfig.get_path("scripts"), "quality-harness")
    subprocess.run(
        [program, "gate", "--format=json", f"--output={report}", *gates],
        cwd=project,
        capture_output=True,
        check=False,
    )
    wall, processor = time.perf_counter() - began, _processor() - before
    if not report.is_file():
        raise CouldNotRun(f"the gates wrote no report on {project}")
    results = json.loads(report.read_text(encoding="utf-8"))["gates"]
    unable = [one["name"] for one in results if one["verdict"] == Verdict.COULD_NOT_RUN]
    if len(unable) == len(results):
        raise CouldNotRun(f"no gate could run on {project}: {results}")
    return Run(processor, wall, tuple(unable))


def _processor() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _hooks(work: Path, commits: int, console: Console) -> Iterator[Figure]:
    ways = {
        "no hook": None,
        "lefthook, empty checks": lambda one: hooks.lefthook(one, empty=True),
        "pre-commit, empty checks": lambda one: hooks.pre_commit(one, empty=True),
        "lefthook": hooks.lefthook,
        "pre-commit": hooks.pre_commit,
    }
    repositories = {name: _hooked(work / f"hook-{name}", way) for name, way in ways.items()}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    # In turn, so that what else the machine does meets all of them.
    for number in range(commits):
        for name, repository in repositories.items():
            seconds[name].append(hooks.commit_one_file(repository, number))
    least = {name: min(found) for name, found in seconds.items()}
    rows = [(name, f"{one:.2f}", f"{max(seconds[name]):.2f}") for name, one in least.items()]
    print_table(console, f"One file, {commits} commits", ["way", "least s", "most s"], rows)
    bare = least["no hook"]
    own = least["lefthook, empty checks"] - bare
    ratio = (least["lefthook"] - bare) / (least["pre-commit"] - bare)
    empty = own / (least["pre-commit, empty checks"] - bare)
    yield Figure("seconds_of_lefthook_alone", round(own, 3), 1.0, "at_most")
    yield Figure("lefthook_over_pre_commit", round(ratio, 3), 0.5, "at_most")
    yield Figure("lefthook_over_pre_commit_empty", round(empty, 3), 0.5, "at_most")


def _hooked(folder: Path, install: Callable[[Path], None] | None) -> Path:
    repository = hooks.make_repository(folder)
    if install is not None:
        install(repository)
    return repository
