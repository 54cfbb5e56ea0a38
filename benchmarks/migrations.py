"""How much the static migration gate finds, how often it is wrong, and how fast it reads.

Two other checkers judge the same samples in the same run. They are installed, once, into an
environment of their own under .quality_harness/. What stops a build counts: for this gate errors
and warnings on destructive samples, and the same on harmless ones; likewise for the others.

Exit codes: 0 every goal is met, 1 one is missed, 2 nothing was measured.
"""

import argparse
import ast
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks._one_changed import APPS, PER_APP, RUNS, measure
from benchmarks._peers import PEERS, ROOT, peers_environment
from benchmarks.figures import Figure, conclude, print_table
from benchmarks.sample_reader import Sample, read_samples
from benchmarks.sample_repository import write
from quality_harness import services
from quality_harness.changes import find_changes
from quality_harness.finding import Severity
from quality_harness.gate import CouldNotRun
from quality_harness.migrations.checking import check
from quality_harness.migrations.command import check_tree
from quality_harness.migrations.reader.source import walk
from quality_harness.migrations.reader.tree import no_garbage_collection, read_tree

OURS = "quality-harness"


@dataclass(frozen=True)
class Verdicts:
    """What one checker says of the samples.

    Attributes:
        red: by the sample's name, whether it stops the build.
        cpu: seconds of processor time, process starts not counted.
        crashes: how many samples it could not judge; they are red, as they would be in CI.
    """

    red: Mapping[str, bool]
    cpu: float
    crashes: int = 0


def main(argv: Sequence[str]) -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(prog="migrations", description=__doc__.partition("\n")[0])
    parser.add_argument("--alone", action="store_true", help="without the other checkers")
    parser.add_argument("--tree", type=Path, help="measure the speed on this tree, too")
    options = parser.parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else 160)
    samples = read_samples()
    try:
        verdicts = {OURS: _ours(samples)}
        if not options.alone:
            python = peers_environment()
            url = services.database_url("test", ROOT)
            verdicts |= {peer: _peer(python, peer, url, samples) for peer in PEERS}
    except CouldNotRun as problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    _print_verdicts(console, samples, verdicts)
    figures = _accuracy(samples, verdicts[OURS]) + _speed(samples, options.tree)
    return conclude(figures + _one_changed_file(console))


def _ours(samples: Sequence[Sample]) -> Verdicts:
    red, cpu = {}, 0.0
    for sample in samples:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            changes = find_changes(folder, write(sample, folder), "")
            start = time.process_time()
            try:
                found = check_tree(folder, (), changes).findings
                red[sample.name] = any(one.severity is not Severity.INFO for one in found)
            except CouldNotRun:
                red[sample.name] = True
            cpu += time.process_time() - start
    return Verdicts(red, cpu)


def _peer(python: Path, peer: str, url: str, samples: Sequence[Sample]) -> Verdicts:
    given = [
        {
            "name": sample.name,
            "files": sample.after,
            "apps": sample.installed_apps,
            "modules": sample.migration_modules,
            "new": _new_migrations(sample),
        }
        for sample in samples
    ]
    worker = Path(__file__).with_name("_peer_worker.py")
    done = subprocess.run(
        [python, worker, peer, url],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(samples):
        raise CouldNotRun(f"{peer} stopped: {done.stderr.strip()[-300:]}")
    red = {
        answer["name"]: bool(answer.get("crash") or answer["error"] or answer["warning"])
        for answer in answers
    }
    crashes = sum("crash" in answer for answer in answers)
    return Verdicts(red, sum(answer.get("cpu", 0.0) for answer in answers), crashes)


def _new_migrations(sample: Sample) -> list[tuple[str, str]]:
    """Return app and name of each migration that the change adds or rewrites."""
    folders = {module.replace(".", "/"): app for app, module in sample.migration_modules.items()}
    paths = [Path(path) for path in sample.head if path.endswith(".py")]
    return [
        (folders[path.parent.as_posix()], path.stem)
        for path in paths
        if path.parent.as_posix() in folders and path.stem != "__init__"
    ]


def _print_verdicts(
    console: Console, samples: Sequence[Sample], verdicts: Mapping[str, Verdicts]
) -> None:
    rows = []
    for name, said in verdicts.items():
        recall, false = _shares(samples, said)
        rows.append((name, f"{recall:.1%}", f"{false:.1%}", f"{said.cpu:.2f}", said.crashes))
    columns = ("checker", "recall", "false alarms", "CPU s", "crashes")
    print_table(console, "Samples", columns, rows)
    wrong = [one for one in samples if verdicts[OURS].red[one.name] != one.destructive]
    for sample in wrong:
        kind = "not found" if sample.destructive else "false alarm"
        console.print(f"{kind}: {sample.name}: {sample.static or sample.why}", highlight=False)


def _shares(samples: Sequence[Sample], said: Verdicts) -> tuple[float, float]:
    bad = [said.red[one.name] for one in samples if one.destructive]
    good = [said.red[one.name] for one in samples if not one.destructive]
    return sum(bad) / len(bad), sum(good) / len(good)


def _accuracy(samples: Sequence[Sample], said: Verdicts) -> list[Figure]:
    recall, false = _shares(samples, said)
    return [
        Figure("destructive_samples", sum(one.destructive for one in samples), 150, "at_least"),
        Figure("harmless_samples", sum(not one.destructive for one in samples), 100, "at_least"),
        Figure("static_recall", round(recall, 4), 0.99, "at_least"),
        Figure("static_false_alarms", round(false, 4), 0.02, "at_most"),
    ]


def _speed(samples: Sequence[Sample], tree: Path | None) -> list[Figure]:
    """Return files a second, and CPU time against `ast.parse` alone on the same files."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        for number, sample in enumerate(samples):
            for path, text in sample.after.items():
                target = root / f"project_{number}" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        figures = _speed_on(root, "")
    return figures if tree is None else figures + _speed_on(tree.resolve(), "tree_")


def _speed_on(root: Path, prefix: str) -> list[Figure]:
    # The least of each: another process takes time away, and never gives any.
    times = [_timed(root) for _ in range(5)]
    ours, parsing = min(each[0] for each in times), min(each[1] for each in times)
    files = times[0][2]
    return [
        Figure(f"{prefix}files_a_second", round(files / ours), 1500, "at_least"),
        Figure(f"{prefix}cpu_times_of_ast_parse", round(ours / parsing, 2), 2.5, "at_most"),
    ]


def _timed(root: Path) -> tuple[float, float, int]:
    """Return the CPU seconds of the gate, which reads all anew, and of `ast.parse` alone."""
    gc.collect()
    start = time.process_time()
    reading = read_tree(root, list(walk(root, root)))
    check(reading)
    ours = time.process_time() - start
    texts = [(root / migration.path).read_bytes() for migration in reading.migrations]
    # As the gate does it.
    with no_garbage_collection():
        start = time.process_time()
        for text in texts:
            ast.parse(text)
        return ours, time.process_time() - start, len(texts)


def _one_changed_file(console: Console) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        times = measure(Path(name).resolve())
    rows = [
        ("nothing was read before", *times.cold),
        ("one file is edited since", *times.edited),
        ("all was read before", *times.warm),
    ]
    title = f"One new migration beside {APPS * PER_APP}, whole process, least of {RUNS} runs"
    print_table(console, title, ("run", "ms", "CPU ms"), rows)
    return [Figure("one_changed_file_ms", times.warm[0], 150, "at_most")]
