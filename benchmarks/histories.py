"""What the static migration gate says of whole projects' histories: `ARGS="PATH..."`.

Each path is a checkout. The merged default branch of a healthy project migrates, so a crash, an
operation that could not be read and is passed over in silence, and a conflict of leaf nodes are
each a fault of the gate, until somebody has looked and found otherwise: they are printed. So are
the findings of the code that `--show` names, to be judged by hand.

Exit codes: 0 every goal is met, 1 one is missed, 2 nothing was measured.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.figures import Figure, conclude, print_table
from quality_harness.finding import Finding, Severity
from quality_harness.gate import CouldNotRun
from quality_harness.migrations.checking import check
from quality_harness.migrations.operations import UNRESOLVED
from quality_harness.migrations.reader.file import Reading, read_tree
from quality_harness.migrations.reader.source import walk

LEAF_CONFLICT = "MIG050"
UNTOLD = "MIG011"


@dataclass(frozen=True)
class History:
    """What was said of one project.

    Attributes:
        name: the checkout's folder.
        files: how many migrations were read.
        cpu: seconds of processor time.
        findings: all of them.
        refusal: why it could not run, in the gate's own sentence; else empty.
        crash: the traceback of an exception; else empty.
        silent: operations that could not be read and have no finding, by place.
    """

    name: str
    files: int = 0
    cpu: float = 0.0
    findings: tuple[Finding, ...] = ()
    refusal: str = ""
    crash: str = ""
    silent: tuple[str, ...] = ()

    def number(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def of(self, code: str) -> list[Finding]:
        """Return the findings of a code."""
        return [finding for finding in self.findings if finding.code == code]


def main(argv: Sequence[str]) -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(prog="histories", description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="checkouts to read")
    parser.add_argument("--show", metavar="CODE", help="print every finding of this code")
    options = parser.parse_args(argv)
    problem = _problem(options.paths)
    if problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    histories = [judge(path.resolve()) for path in options.paths]
    console = Console(width=None if sys.stdout.isatty() else 160)
    _print(console, histories)
    _print_faults(histories, options.show)
    return conclude(_figures(histories))


def _problem(paths: Sequence[Path]) -> str:
    if not paths:
        return 'name checkouts of projects: make bench NAME=histories ARGS="PATH...".'
    absent = [str(path) for path in paths if not path.is_dir()]
    return f"no such folder: {', '.join(absent)}." if absent else ""


def judge(root: Path) -> History:
    """Read and check every migration below `root`, and never raise."""
    started = time.process_time()
    try:
        reading = read_tree(root, walk(root, root))
        if not (reading.migrations or reading.unreadable):
            return History(root.name, refusal="no migrations were found.")
        judgement = check(reading)
    except CouldNotRun as refusal:
        return History(root.name, cpu=time.process_time() - started, refusal=str(refusal))
    except Exception:
        # What is measured here: a reader that meets something unforeseen must not raise.
        return History(root.name, cpu=time.process_time() - started, crash=traceback.format_exc())
    return History(
        root.name,
        len(reading.migrations),
        time.process_time() - started,
        judgement.findings,
        judgement.problem,
        silent=_silent(reading, judgement.findings),
    )


def _silent(reading: Reading, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the places of unread operations that no finding tells, squashes left out."""
    told = {(one.location.path, one.location.line) for one in findings if one.code == UNTOLD}
    return tuple(
        f"{migration.path}:{operation.line}: {operation.problem}"
        for migration in reading.migrations
        for operation in migration.operations
        if operation.kind == UNRESOLVED
        and operation.changes_database
        and not migration.replaces
        and (migration.path, operation.line) not in told
    )


def _print(console: Console, histories: Sequence[History]) -> None:
    rows = [
        (
            one.name,
            one.files,
            f"{one.cpu:.2f}",
            "crash" if one.crash else "2" if one.refusal else "",
            *(one.number(severity) for severity in Severity),
            len(one.of(UNTOLD)),
            len(one.of(LEAF_CONFLICT)),
        )
        for one in histories
    ]
    columns = ("project", "files", "CPU s", "no verdict", "errors", "warnings", "infos")
    print_table(console, "Histories", (*columns, "unresolved", "leaf conflicts"), rows)
    codes = Counter((one.code, one.rule) for each in histories for one in each.findings)
    rows = [(f"{code} {rule}", number) for (code, rule), number in sorted(codes.items())]
    print_table(console, "Findings", ("rule", "findings"), rows)


def _print_faults(histories: Sequence[History], show: str | None) -> None:
    for one in histories:
        if one.crash:
            print(f"{one.name}: crash:\n{one.crash}")
        if one.refusal:
            print(f"{one.name}: could not run: {one.refusal}")
        for place in one.silent:
            print(f"{one.name}: passed over in silence: {place}")
        for finding in [each for code in (LEAF_CONFLICT, show) if code for each in one.of(code)]:
            place = f"{finding.location.path}:{finding.location.line}"
            print(f"{one.name}: {finding.code} {place} {finding.message}")


def _figures(histories: Sequence[History]) -> list[Figure]:
    conflicts = sum(len(one.of(LEAF_CONFLICT)) for one in histories)
    return [
        Figure("projects", sum(bool(one.files) for one in histories), 5, "at_least"),
        Figure("crashes", sum(bool(one.crash) for one in histories), 0, "at_most"),
        Figure("passed_over", sum(len(one.silent) for one in histories), 0, "at_most"),
        Figure("leaf_conflicts", conflicts, 0, "at_most"),
    ]
