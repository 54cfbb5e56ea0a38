"""Findings that a legacy project has accepted all at once; from then on they only get fewer.

The file names each by what it is about, not by where it stands, so that moving or formatting code
keeps it and another finding of the same kind in the same file is still one.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import CouldNotRun

_NUMBER = re.compile(r"\d+(?:\.\d+)*")

NO_REASON = Rule(
    code="BSL001",
    name="baseline-row-without-reason",
    summary="A row of the baseline gives no reason, and accepts nothing.",
    reason="Whoever reads the row next year must know why the finding was accepted.",
    instead="Write the reason into the row.",
    bad='{"gate": "migrations", "code": "MIG002", ..., "reason": ""}',
    good='{"gate": "migrations", "code": "MIG002", ..., "reason": "ran before 2024"}',
)
STALE = Rule(
    code="BSL002",
    name="stale-baseline-row",
    summary="A row of the baseline accepts more findings than there are.",
    reason="What is mended stays mended: a stale row would let the same fault in again.",
    instead="Write the baseline again: quality-harness baseline. It only removes rows.",
    bad='{"gate": "lint", "code": "F401", ..., "count": 3}, and the file has two of them',
    good='{"gate": "lint", "code": "F401", ..., "count": 2}, and the file has two of them',
)
GREW = Rule(
    code="BSL003",
    name="grown-baseline",
    summary="The baseline accepts more than that of the base.",
    reason=(
        "A baseline is for what was there when the gate came. It is a ratchet: its rows may only "
        "get fewer. What a change brings is mended, or accepted where it stands."
    ),
    instead="Mend the finding, or accept it with a comment that gives a reason.",
    bad='a new row {"gate": "migrations", "code": "MIG002", ...}',
    good="a row less",
)
RULES = (NO_REASON, STALE, GREW)


@dataclass(frozen=True, order=True)
class Row:
    """Some equal findings that are accepted.

    Attributes:
        gate: the gate that finds them.
        path: the file; empty where `what` says it all, so that the file may move.
        code: the rule's code.
        what: what the finding is about.
        count: how many of them are accepted.
        reason: why.
    """

    gate: str
    path: str
    code: str
    what: str
    count: int
    reason: str

    def is_about(self, finding: Finding) -> bool:
        """Whether this row is about `finding`."""
        return self.key == _key(finding)

    @property
    def key(self) -> "_Key":
        """What tells its findings from others."""
        return self.gate, self.path, self.code, self.what

    @property
    def title(self) -> str:
        """What it is about, for people; `what` has no numbers, the path that it names has."""
        masked = _NUMBER.sub("#", self.path)
        what = self.what.replace(masked, self.path) if self.path else self.what
        return f"{self.path}: {self.code} {what}" if self.path else f"{self.code} {what}"


_Key = tuple[str, str, str, str]


def _key(finding: Finding) -> _Key:
    """Return what a finding is about: its own subject, or its message without numbers."""
    if finding.subject:
        return finding.gate, "", finding.code, finding.subject
    what = _NUMBER.sub("#", finding.message)
    return finding.gate, finding.location.path, finding.code, what


def read(path: Path) -> tuple[Row, ...]:
    """Return the rows of a baseline, none where the file is not there.

    Raises:
        CouldNotRun: the file is no baseline.
    """
    try:
        return parse(path.read_bytes(), path.name)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CouldNotRun(f"The baseline {path} cannot be read: {error.strerror}.") from error


def parse(data: bytes, name: str) -> tuple[Row, ...]:
    """Return the rows that the bytes of a baseline hold.

    Raises:
        CouldNotRun: they are no baseline.
    """
    try:
        rows = tuple(Row(**row) for row in json.loads(data)["rows"])
    except (ValueError, TypeError, KeyError) as error:
        raise CouldNotRun(f"The baseline {name} cannot be read: {error}. {_REPAIR}") from error
    for row in rows:
        if not _is_sound(row):
            raise CouldNotRun(f"The baseline {name} has a row that is none: {row}. {_REPAIR}")
    return rows


_REPAIR = "Take it from git again, or write a new one: quality-harness baseline"


def _is_sound(row: Row) -> bool:
    texts = (row.gate, row.path, row.code, row.what, row.reason)
    counts = type(row.count) is int and row.count > 0
    return counts and all(isinstance(text, str) for text in texts)


def render(rows: Iterable[Row]) -> str:
    """Return the text of a baseline: a key a line, in an order that stays."""
    entries = [asdict(row) for row in sorted(rows)]
    return json.dumps({"rows": entries}, indent=2, ensure_ascii=False) + "\n"


def apply(findings: Iterable[Finding], rows: Collection[Row]) -> tuple[Finding, ...]:
    """Return `findings`, those that a row with a reason accepts marked with it."""
    left = Counter({row: row.count for row in rows if row.reason.strip()})
    marked = []
    for finding in findings:
        accepting = next((row for row in left if left[row] and row.is_about(finding)), None)
        if accepting is None or not finding.counts:
            marked.append(finding)
        else:
            left[accepting] -= 1
            marked.append(replace(finding, suppressed=accepting.reason, in_baseline=True))
    return tuple(marked)


def review(
    name: str,
    rows: Iterable[Row],
    earlier: Collection[Row] | None,
    findings: Collection[Finding],
    looked_at: Callable[[Row], bool],
) -> tuple[Finding, ...]:
    """Return what is wrong with the baseline itself.

    Args:
        name: its path.
        rows: what it holds.
        earlier: what that of the base holds; None where there is none.
        findings: what the gates of this run found.
        looked_at: whether a gate of this run has looked at a row's file.
    """
    used = Counter(_key(finding) for finding in findings if finding.in_baseline)
    allowed = Counter[_Key]()
    for row in earlier or ():
        allowed[row.key] += row.count
    place = Location(name)
    problems = []
    stale = []
    for row in rows:
        key = row.key
        if not row.reason.strip():
            hint = "write the reason into the row"
            problems.append(NO_REASON.finding(place, f"no reason is given for {row.title}", hint))
        elif looked_at(row) and used[key] < row.count:
            stale.append((row, used[key]))
        used[key] -= min(used[key], row.count)
        if earlier is not None and allowed[key] < row.count:
            message = f"the base's baseline does not accept all of these: {row.title}"
            hint = "mend the finding, or accept it where it stands with a comment and a reason"
            problems.append(GREW.finding(place, message, hint))
        allowed[key] -= min(allowed[key], row.count)
    if stale:
        problems.append(STALE.finding(place, _of_stale(stale), _SHRINK))
    return tuple(problems)


_SHRINK = "remove what is mended: quality-harness baseline"
# One command mends all of them: a few are enough to know them by.
_NAMED = 3


def _of_stale(stale: Sequence[tuple[Row, int]]) -> str:
    """Return what the rows accept that is mended; each comes with the findings that are left."""
    row, left = stale[0]
    if len(stale) == 1:
        findings = "1 finding" if row.count == 1 else f"{row.count} findings"
        are = "is" if left == 1 else "are"
        return f"accepts {findings}, and {left} {are} left: {row.title}"
    names = [row.title for row, _ in stale[:_NAMED]]
    more = [f"and {len(stale) - _NAMED} more"] if len(stale) > _NAMED else []
    return f"{len(stale)} rows accept what is mended: {'; '.join([*names, *more])}"


def rewritten(
    rows: Collection[Row], findings: Iterable[Finding], reason: str, keep: Callable[[Row], bool]
) -> tuple[Row, ...]:
    """Return the rows of a baseline that is written again.

    Args:
        rows: what it held; where it held anything, no row is added.
        findings: what the gates of this run found, all of the project.
        reason: what new rows say.
        keep: whether a row is of a gate that this run did not ask.
    """
    if rows:
        used = Counter(_key(finding) for finding in findings if finding.in_baseline)
        counted = [
            row if keep(row) else replace(row, count=min(used[row.key], row.count)) for row in rows
        ]
        return tuple(sorted(row for row in counted if row.count))
    open_ones = Counter(_key(finding) for finding in findings if finding.counts)
    return tuple(sorted(Row(*key, count, reason) for key, count in open_ones.items()))
