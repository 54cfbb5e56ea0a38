"""Comments that accept one finding, with a reason.

    operations = [
        # quality-harness: ignore[MIG002]: emptied in 0007, unread since release 1.4
        migrations.RemoveField("blog", "subtitle"),
    ]

The comment stands at the end of the finding's line or on a line of its own above it. It may end
on a day: `ignore[MIG002, until 2027-01-31]: reason` accepts the finding up to and on that day.
"""

import io
import re
import tokenize
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from quality_harness.finding import Finding, Location, Rule

MARK = "quality-harness: ignore"
_COMMENT = re.compile(r"#\s*quality-harness:\s*ignore\[([^\]]*)\](?:\s*:\s*(.*))?")

NO_REASON = Rule(
    code="SUP001",
    name="suppression-without-reason",
    summary="A suppression gives no reason.",
    reason="Whoever reads the line next year must know why the finding was accepted.",
    instead="Write the reason after a colon.",
    bad='migrations.RemoveField("blog", "subtitle")  # quality-harness: ignore[MIG002]',
    good='migrations.RemoveField("blog", "subtitle")  '
    "# quality-harness: ignore[MIG002]: unread since release 1.4",
)
UNKNOWN_CODE = Rule(
    code="SUP002",
    name="suppression-of-unknown-code",
    summary="A suppression names a code that no gate has.",
    reason="It accepts nothing, and whoever wrote it believes that it does.",
    instead="Correct the code, or remove the comment.",
    bad="x = 1  # quality-harness: ignore[MIG9999]: accepted",
    good="x = 1",
)
STALE = Rule(
    code="SUP003",
    name="stale-suppression",
    summary="A suppression accepts nothing: the finding is gone.",
    reason="A stale suppression hides the next finding of its kind on that line.",
    instead="Remove the comment.",
    bad="# quality-harness: ignore[MIG002]: unread\n"
    'migrations.AddField("blog", "subtitle", models.TextField())',
    good='migrations.AddField("blog", "subtitle", models.TextField())',
)
EXPIRED = Rule(
    code="SUP004",
    name="expired-suppression",
    summary="A suppression has ended, and accepts nothing any more.",
    reason=(
        "Someone accepted the finding for a while, and the while is over; or the day cannot be "
        "read, and then it would never be."
    ),
    instead=(
        "Mend what the finding says, or give the suppression another day, with a reason that "
        "still holds. A day is written as in 2027-01-31."
    ),
    bad='migrations.RemoveField("blog", "subtitle")  '
    "# quality-harness: ignore[MIG002, until 2020-01-31]: unread since release 1.4",
    good='migrations.RemoveField("blog", "subtitle")  '
    "# quality-harness: ignore[MIG002, until 2099-01-31]: unread since release 1.4",
)
RULES = (NO_REASON, UNKNOWN_CODE, STALE, EXPIRED)


@dataclass(frozen=True)
class Suppression:
    """One comment.

    Attributes:
        location: where the comment stands.
        target: the line whose findings it accepts.
        code: the code that it names.
        reason: why, or empty.
        until: what follows "until", the last day on which it accepts; empty for no end.
    """

    location: Location
    target: int
    code: str
    reason: str
    until: str = ""

    @property
    def problem(self) -> str:
        """What is wrong with its last day today; empty where nothing is."""
        if not self.until:
            return ""
        try:
            last = date.fromisoformat(self.until)
        except ValueError:
            return f"ends on '{self.until}', which is no day"
        return f"ended on {last}" if last < date.today() else ""

    def accepts(self, finding: Finding) -> bool:
        """Whether this comment is about `finding`."""
        return (
            finding.code == self.code
            and finding.location.path == self.location.path
            and finding.location.line == self.target
        )


def read_suppressions(root: Path, files: Iterable[str]) -> tuple[Suppression, ...]:
    """Return the suppressions in the Python files among `files`.

    Files that Python cannot tokenize have none: the gates that read them say so.
    """
    found: list[Suppression] = []
    for name in files:
        if not name.endswith(".py"):
            continue
        content = (root / name).read_bytes()
        if MARK.encode() in content:
            found.extend(_suppressions(name, content))
    return tuple(found)


def _suppressions(path: str, content: bytes) -> Iterator[Suppression]:
    try:
        tokens = list(tokenize.tokenize(io.BytesIO(content).readline))
    except (SyntaxError, tokenize.TokenError):
        return
    blank = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    code_lines = sorted({token.start[0] for token in tokens if token.type not in blank})
    for token in tokens:
        match = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
        if match:
            line, column = token.start
            target = next((number for number in code_lines if number >= line), line)
            reason = (match[2] or "").strip()
            code, _, rest = match[1].partition(",")
            until = rest.strip().removeprefix("until").strip() if rest else ""
            yield Suppression(Location(path, line, column + 1), target, code.strip(), reason, until)


def apply(
    findings: Iterable[Finding], suppressions: Collection[Suppression]
) -> tuple[Finding, ...]:
    """Return `findings`, those that a suppression with a reason accepts marked with it.

    One that has ended accepts nothing.
    """
    reasons = [one for one in suppressions if one.reason and not one.problem]
    marked = []
    for finding in findings:
        accepting = next((one for one in reasons if one.accepts(finding)), None)
        marked.append(replace(finding, suppressed=accepting.reason) if accepting else finding)
    return tuple(marked)


def review(
    suppressions: Iterable[Suppression],
    findings: Collection[Finding],
    known: Callable[[str], bool],
    looked_at: Callable[[Suppression], bool],
) -> tuple[Finding, ...]:
    """Return what is wrong with the suppressions themselves.

    Args:
        suppressions: all of the project's.
        findings: what the gates of this run found.
        known: whether a gate has a code.
        looked_at: whether a gate of this run has looked for a suppression's code in its file;
            where none has, it cannot be called stale.
    """
    problems = []
    for one in suppressions:
        if not known(one.code):
            message = f"'{one.code}' is no code of any gate"
            hint = "correct the code (quality-harness explain CODE), or remove the comment"
            problems.append(UNKNOWN_CODE.finding(one.location, message, hint))
        elif not one.reason:
            message = f"the suppression of {one.code} gives no reason"
            hint = f"write it: # {MARK}[{one.code}]: why this is accepted"
            problems.append(NO_REASON.finding(one.location, message, hint))
        elif one.problem:
            message = f"the suppression of {one.code} {one.problem}"
            hint = "mend the finding and remove the comment, or give a later day: until 2027-01-31"
            problems.append(EXPIRED.finding(one.location, message, hint))
        elif looked_at(one) and not any(map(one.accepts, findings)):
            message = f"nothing on line {one.target} is a finding {one.code}"
            problems.append(STALE.finding(one.location, message, "remove the comment"))
    return tuple(problems)
