"""What a gate reports: findings, the rules behind them, and where they stand."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters. Only an error makes its gate fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Location:
    """A place in the project.

    Attributes:
        path: POSIX path relative to the repository's root.
        line: first line is 1; 0 where the finding is about the whole file or project.
        column: first column is 1; 0 where it is not known.
    """

    path: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Rule:
    """One thing that a gate looks for. `explain` and docs/rules are made from it.

    Attributes:
        code: unique and stable, three letters and three digits, such as MIG001.
        name: the rule's name in kebab case; the name of its file.
        summary: one sentence, what the rule catches.
        reason: why that is bad, in prose.
        instead: what to do instead, in prose.
        bad: a sample that is a finding.
        good: a sample that is not.
        severity: error makes the gate fail.
    """

    code: str
    name: str
    summary: str
    reason: str
    instead: str
    bad: str
    good: str
    severity: Severity = Severity.ERROR

    def finding(self, location: Location, message: str, hint: str) -> "Finding":
        """Return a finding of this rule.

        Args:
            location: where.
            message: what is wrong, with the user's own names in it.
            hint: the command or the edit that mends it.
        """
        return Finding(self.code, self.name, message, hint, location, self.severity)


@dataclass(frozen=True)
class Finding:
    """One place where a rule is broken.

    Attributes:
        code: the rule's code; an outside tool's own code (F401) where a tool found it.
        rule: the rule's name.
        message: what is wrong, with the user's own names in it.
        hint: the command or the edit that mends it.
        location: where.
        severity: error makes the gate fail.
        gate: the gate that found it; set by the engine.
        suppressed: the reason of the suppression that accepts it, or None.
        proof: proved, refuted or unproved, where the probe has tried it.
        subject: what it is about, in words that stay when code moves; empty where the rule
            has none. See `quality_harness.baseline`.
        in_baseline: whether a row of the baseline accepts it, and no comment.
    """

    code: str
    rule: str
    message: str
    hint: str
    location: Location
    severity: Severity = Severity.ERROR
    gate: str = ""
    suppressed: str | None = None
    proof: str | None = None
    subject: str = ""
    in_baseline: bool = False

    def about(self, subject: str) -> "Finding":
        """Return the finding with its subject; there are thousands, so nothing is looked up."""
        return Finding(
            self.code, self.rule, self.message, self.hint, self.location, self.severity,
            self.gate, self.suppressed, self.proof, subject, self.in_baseline,
        )  # fmt: skip

    @property
    def counts(self) -> bool:
        """Whether this finding makes its gate fail."""
        return self.severity is Severity.ERROR and self.suppressed is None
