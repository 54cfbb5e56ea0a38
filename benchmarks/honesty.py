"""How many planted tests that prove nothing the gate test-honesty catches, under both runners.

Linters judge the same files in the same run. They are installed, once, into an environment of
their own under .quality_harness/. Any finding on a planted test counts as caught, and any on its
look-alike as a false alarm; for this gate those that make it fail. Advice against unittest itself
(PT009, PT027) is switched off for the others.

Exit codes: 0 every goal is met, 1 one is missed, 2 nothing was measured.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks._honesty_plants import RUNNERS, Plant, plants, write_project
from benchmarks._peers import environment_with
from benchmarks.figures import Figure, conclude, print_table
from quality_harness import engine
from quality_harness.gate import CouldNotRun, Verdict

PEERS = {
    "flake8": "7.3.0",
    "flake8-bugbear": "25.11.29",
    "flake8-pytest-style": "2.2.0",
    "flake8-simplify": "0.30.0",
    "pylint": "4.0.4",
    "ruff": "0.14.10",
}
# What the linters need to see of the project's own imports.
NEEDED = ("pytest>=9",)
Places = Collection[tuple[str, int]]


def main(argv: Sequence[str]) -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(prog="honesty", description=__doc__.partition("\n")[0])
    parser.add_argument("--alone", action="store_true", help="without the other checkers")
    options = parser.parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else 160)
    try:
        ours = {runner: _ours(runner) for runner in RUNNERS}
        others = {} if options.alone else _others()
    except CouldNotRun as problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    rows = [_row(f"quality-harness, {runner}", runner, ours[runner]) for runner in RUNNERS]
    rows += [_row(name, "pytest", places) for name, places in others.items()]
    columns = ("checker", "bad tests", "caught", "share", "look-alikes", "false alarms")
    print_table(console, "Planted tests", columns, rows)
    for runner, places in ours.items():
        for plant in plants(runner):
            if _is_found(plant, places) != plant.is_bad:
                kind = "not caught" if plant.is_bad else "false alarm"
                console.print(f"{kind}, {runner}: {plant.path} {plant.name}", highlight=False)
    return conclude([figure for runner in RUNNERS for figure in _figures(runner, ours[runner])])


def _ours(runner: str) -> Places:
    """Return where the gate finds something that makes it fail."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        write_project(root, runner)
        request = engine.Request(root, ("tests", "test-honesty"), everything=True)
        report = engine.run(request, engine.discover_gates())
    for result in report.results:
        if result.verdict is Verdict.COULD_NOT_RUN:
            raise CouldNotRun(f"{result.gate} with {runner}: {result.note}")
        if result.gate == "tests" and result.verdict is Verdict.FAIL:
            failing = result.findings[0].message
            raise CouldNotRun(f"A planted test does not pass with {runner}: {failing}")
    found = [one for one in report.findings if one.counts]
    return {(one.location.path, one.location.line) for one in found}


def _others() -> dict[str, Places]:
    """Return where each linter finds something."""
    python = _environment()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        write_project(root, "pytest")
        return {peer: run(python, root) for peer, run in RUNS.items()}


def _environment() -> Path:
    """Return the interpreter of the linters' environment."""
    pinned = (f"{name}=={version}" for name, version in PEERS.items())
    return environment_with("peers-honesty", [*NEEDED, *pinned])


def _run(python: Path, root: Path, *words: str) -> str:
    done = subprocess.run(
        [python, "-m", *words, "tests"], cwd=root, capture_output=True, text=True, check=False
    )
    if not done.stdout.strip():
        raise CouldNotRun(f"{words[0]} said nothing: {done.stderr.strip()[-300:]}")
    return done.stdout


def _flake8(python: Path, root: Path) -> Places:
    codes = "--extend-ignore=E,W,PT009,PT027"
    printed = _run(python, root, "flake8", codes, "--format=%(path)s:%(row)d")
    rows = [line.rpartition(":") for line in printed.splitlines()]
    return {(path.removeprefix("./"), int(row)) for path, _, row in rows}


def _pylint(python: Path, root: Path) -> Places:
    quiet = "--disable=C,R,unused-argument"
    asked = "--enable=comparison-with-itself,comparison-of-constants,useless-return"
    found = json.loads(_run(python, root, "pylint", quiet, asked, "--output-format=json"))
    return {(one["path"], one["line"]) for one in found}


def _ruff(python: Path, root: Path) -> Places:
    codes = ("--select=F,B,PT,SIM,PL", "--ignore=PT009,PT027,PLR2004,PLC0415")
    found = json.loads(
        _run(python, root, "ruff", "check", *codes, "--isolated", "--output-format=json")
    )
    return {
        (Path(one["filename"]).relative_to(root).as_posix(), one["location"]["row"])
        for one in found
    }


RUNS: Mapping[str, Callable[[Path, Path], Places]] = {
    "flake8 with bugbear, pytest-style, simplify": _flake8,
    "pylint": _pylint,
    "ruff": _ruff,
}


def _is_found(plant: Plant, places: Places) -> bool:
    return any(plant.holds(path, line) for path, line in places)


def _counts(runner: str, places: Places) -> tuple[int, int, int, int]:
    """Return how many bad tests there are and were caught, and the same of look-alikes."""
    bad = [_is_found(plant, places) for plant in plants(runner) if plant.is_bad]
    good = [_is_found(plant, places) for plant in plants(runner) if not plant.is_bad]
    return len(bad), sum(bad), len(good), sum(good)


def _row(name: str, runner: str, places: Places) -> tuple[object, ...]:
    bad, caught, good, false = _counts(runner, places)
    return name, bad, caught, f"{caught / bad:.1%}", good, false


def _figures(runner: str, places: Places) -> list[Figure]:
    bad, caught, _, false = _counts(runner, places)
    return [
        Figure(f"planted_{runner}", bad, 40, "at_least"),
        Figure(f"caught_{runner}", round(caught / bad, 4), 0.97, "at_least"),
        Figure(f"false_alarms_{runner}", false, 0, "at_most"),
    ]
