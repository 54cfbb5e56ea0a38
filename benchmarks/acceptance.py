"""Whether planted pull requests are judged as their table says, under both hosts' templates.

A bad one must be refused by the gate that it is about and by no other, a good one by none; without
that gate a bad one passes, and without its tool nothing does. `make accept` prints the same rows
with the log of what is judged otherwise.

Exit codes: 0 every goal is met, 1 one is missed, 2 nothing was measured.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from rich.console import Console

from benchmarks.figures import Figure, conclude, print_table
from quality_harness.gate import CouldNotRun
from tests.acceptance import corpus
from tests.acceptance.machine import Refused

LIMIT = 600.0


def main(argv: Sequence[str]) -> int:
    """Run the whole corpus and return the exit code."""
    argparse.ArgumentParser(prog="acceptance", description=__doc__.partition("\n")[0]).parse_args(
        argv
    )
    start = time.perf_counter()
    try:
        rows = list(corpus.run(lambda task: True))
    except (CouldNotRun, Refused) as problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    seconds = time.perf_counter() - start
    console = Console(width=None if sys.stdout.isatty() else 160)
    columns = ("case", "must be", "judged", "seconds")
    print_table(console, "Planted pull requests", columns, map(_cells, rows))
    kinds = dict.fromkeys(row.task.kind for row in rows)
    sums = [_sum(kind, [row for row in rows if row.task.kind == kind]) for kind in kinds]
    used = corpus.processor_seconds()
    console.print(f"{seconds:.0f} s, {used:.0f} s of processor time without the servers'")
    print_table(console, "Sums", ("kind", "judged", "as the table says"), sums)
    return conclude(figures(rows, seconds))


def figures(rows: Sequence[corpus.Row], seconds: float) -> list[Figure]:
    """Return what is held against a goal."""
    both = [case for case in corpus.CASES if len(case.hosts) == 2]
    right = sum(not row.wrong for row in rows)
    return [
        Figure("judged_as_the_table_says_percent", 100 * right / len(rows), 100, "at_least"),
        Figure("bad_under_both_hosts", sum(not case.is_good for case in both), 30, "at_least"),
        Figure("good_under_both_hosts", sum(case.is_good for case in both), 12, "at_least"),
        Figure("seconds", seconds, LIMIT, "at_most"),
    ]


def _cells(row: corpus.Row) -> tuple[str, ...]:
    judged = f"WRONG: {'; '.join(row.wrong)}" if row.wrong else "as it must"
    return row.task.name, row.task.verdict, judged, f"{row.seconds:.1f}"


def _sum(kind: str, rows: Sequence[corpus.Row]) -> tuple[str, int, int]:
    return kind, len(rows), sum(not row.wrong for row in rows)
