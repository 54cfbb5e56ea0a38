"""Counts what came back, and keeps one example of each way to fail."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response

COLUMNS = ("endpoint", "cases", "2xx", "4xx", "404", "5xx", "undocumented", "bad input", "other")
SERVER_ERROR, UNDOCUMENTED, ACCEPTED, OTHER = "5xx", "undocumented", "bad input", "other"
# What each failed check of schemathesis counts as; all others are `other`.
KINDS = {
    "ServerError": SERVER_ERROR,
    "ContentTypeServerError": SERVER_ERROR,
    "UndefinedStatusCode": UNDOCUMENTED,
    "AcceptedNegativeData": ACCEPTED,
}


@dataclass(frozen=True)
class Example:
    """One request that showed a failure."""

    title: str
    message: str
    request: str
    answer: str


@dataclass
class Tally:
    """Counts by endpoint, and the failures."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_role: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: dict[tuple[str, str, str], Example] = field(default_factory=dict)

    def add(
        self, endpoint: str, role: str, response: Response, failures: Iterable[Failure], curl: str
    ) -> None:
        """Count one case."""
        family = f"{response.status_code // 100}xx"
        self.by_role[role].update(("cases", family))
        counts = self.counts[endpoint]
        counts.update(("cases", family))
        if response.status_code == 404:
            counts["404"] += 1
        for failure in failures:
            kind = KINDS.get(type(failure).__name__, OTHER)
            if kind != SERVER_ERROR:  # Its status was counted.
                counts[kind] += 1
            key = (endpoint, type(failure).__name__, _gist(failure))
            self.examples.setdefault(
                key, Example(f"{endpoint}: {failure.title}", failure.message, curl, _text(response))
            )

    def total(self, column: str) -> int:
        """Return the sum of a column."""
        return sum(counts[column] for counts in self.counts.values())

    def rows(self) -> list[tuple[Any, ...]]:
        """Return a row of the table for each endpoint, and one of their sums."""
        names = COLUMNS[1:]
        rows = [
            (endpoint, *(counts[name] for name in names))
            for endpoint, counts in sorted(self.counts.items())
        ]
        return [*rows, ("all", *(self.total(name) for name in names))]


def _gist(failure: Failure) -> str:
    """Return what two failures for one reason have in common."""
    return f"{getattr(failure, 'status_code', '')} {failure.message[-100:]}"


def _text(response: Response) -> str:
    return f"{response.status_code} {response.content[:300].decode(errors='replace')}"
