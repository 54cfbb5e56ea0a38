"""Breaks the reference app in one place after the other and sees a test fail each time.

Each change is made in a copy of the checkout, with database and cache servers of its own; there
the tests that should notice run until the first one fails. A change that none of them notices is
tried once more on the whole suite.

Exit codes: 0 every change was noticed, 1 one was not, 2 nothing was measured.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks._mutants_table import MUTANTS, Mutant
from benchmarks.figures import Figure, conclude, print_table
from quality_harness.changes import repository_files
from quality_harness.gate import CouldNotRun

ROOT = Path(__file__).resolve().parents[1]
SUITE = "tests.reference_app"


@dataclass(frozen=True)
class Outcome:
    """What became of one change.

    Attributes:
        mutant: the change.
        noticed_by: the first test that failed, empty where none did.
        seconds: how long that took.
    """

    mutant: Mutant
    noticed_by: str
    seconds: float


def main(argv: Sequence[str]) -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only changes whose promise has one of these")
    words = parser.parse_args(argv).words
    chosen = [one for one in MUTANTS if not words or any(word in one.promise for word in words)]
    progress = Console(stderr=True, quiet=not sys.stderr.isatty())
    try:
        if not chosen:
            raise CouldNotRun(f"there is no change with {' or '.join(words)}.")
        with _copy() as copy:
            _expect_green(copy)
            outcomes = [_try(copy, mutant) for mutant in track(chosen, "Changes", console=progress)]
    except CouldNotRun as problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    rows = [(one.mutant.promise, f"{one.seconds:.1f}", one.noticed_by or "-") for one in outcomes]
    print_table(Console(width=160), "Changes", ("what no longer holds", "s", "noticed by"), rows)
    unnoticed = sum(not one.noticed_by for one in outcomes)
    return conclude(
        [
            Figure("changes", len(outcomes), len(chosen), "at_least"),
            Figure("unnoticed", unnoticed, 0, "at_most"),
        ]
    )


@contextmanager
def _copy() -> Iterator[Path]:
    """Give a copy of the checkout; its servers are stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        for name in repository_files(ROOT):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
        try:
            yield copy
        finally:
            _run(copy, "-m", "quality_harness.cli", "services", "stop")


def _expect_green(copy: Path) -> None:
    done = _tests(copy, [SUITE])
    if done.returncode:
        raise CouldNotRun(f"the tests fail as they are: {first_failure(done)}")


def _try(copy: Path, mutant: Mutant) -> Outcome:
    path = copy / "reference_app" / mutant.path
    text = path.read_text(encoding="utf-8")
    if mutant.old not in text:
        raise CouldNotRun(f"{mutant.path} no longer holds {mutant.old!r}: mend the table.")
    path.write_text(text.replace(mutant.old, mutant.new, 1), encoding="utf-8")
    start = time.perf_counter()
    try:
        done = _tests(copy, [f"{SUITE}.{label}" for label in mutant.tests])
        if not done.returncode:
            done = _tests(copy, [SUITE])
    finally:
        path.write_text(text, encoding="utf-8")
    return Outcome(mutant, first_failure(done), time.perf_counter() - start)


def _tests(copy: Path, labels: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run tests until the first failure, on a test database that is kept."""
    options = ["--failfast", "--keepdb", "--noinput", "--exclude-tag", "slow"]
    return _run(copy, "reference_app/manage.py", "test", *options, *labels)


def _run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Servers of the copy's own: what other tests in this checkout do must not count.
    servers = ("DATABASE_URL", "REDIS_URL")
    environment = {name: text for name, text in os.environ.items() if name not in servers}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def first_failure(done: subprocess.CompletedProcess[str]) -> str:
    """Return the name of the test that failed, empty where none did.

    Raises:
        CouldNotRun: the tests did not run, which is no test that fails.
    """
    if not done.returncode:
        return ""
    lines = done.stderr.splitlines()
    failed = [line for line in lines if line.startswith(("FAIL: ", "ERROR: "))]
    if not failed or "_FailedTest" in failed[0]:
        raise CouldNotRun(f"the tests did not run: {lines[-1] if lines else 'nothing was said'}")
    return failed[0].partition(" (")[0]
