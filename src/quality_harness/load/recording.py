"""What one process of a load run has counted; processes are merged by adding."""

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Self

from quality_harness.load.histogram import Histogram

# Latencies over time are for the eye: each step of this scale is 2% longer than the one before.
STEP = math.log(1.02)
EXAMPLES = 5


@dataclass
class Endpoint:
    """The answers of one endpoint."""

    requests: int = 0
    failures: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    histogram: Histogram = field(default_factory=Histogram)


@dataclass
class Second:
    """What was answered to requests that were due in one second."""

    requests: int = 0
    failures: int = 0
    latencies: Counter[int] = field(default_factory=Counter)

    def percentile(self, percent: float) -> float:
        """Return the latency that `percent` do not exceed, in milliseconds, to 2%."""
        rank = max(1, math.ceil(self.requests * percent / 100))
        steps = sorted(self.latencies)
        passed = list(accumulate(self.latencies[step] for step in steps))
        return math.exp(steps[bisect_left(passed, rank)] * STEP)


@dataclass
class Invariant:
    """How often something was looked at that must hold, and how often it did not."""

    checks: int = 0
    broken: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Admissions:
    """Requests that a throttle has let through: when each was sent and answered.

    Attributes:
        limit: how many may be let through in one window.
        window: its length in seconds.
        spans: the times.
    """

    limit: int
    window: float
    spans: list[tuple[float, float]] = field(default_factory=list)

    def most(self) -> int:
        """Return the most requests that were let through within one window for sure.

        A request was let through at some time between sending and answer, so it counts only where
        all of that lies in the window.
        """
        ends: list[float] = []
        most = 0
        for sent, answered in sorted(self.spans, reverse=True):
            insort(ends, answered)
            most = max(most, bisect_right(ends, sent + self.window))
        return most


@dataclass
class OpenArrivals:
    """Visitors who did not wait for one another.

    Attributes:
        due: how many were to arrive.
        late: how many the generator sent later than they were due.
        dropped: how many it could not send at all.
        unfinished: how many still waited for an answer when the run ended.
    """

    due: int = 0
    late: int = 0
    dropped: int = 0
    unfinished: int = 0


@dataclass
class Recording:
    """Everything that a run counts.

    Attributes:
        endpoints: by method and name.
        seconds: by whole seconds of the clock.
        invariants: by name.
        admissions: by the throttle's name.
        arrivals: by the class of the visitors.
        cpu: for each generating process, its share of a core in each second.
        exceptions: what scenarios raised.
    """

    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    seconds: dict[int, Second] = field(default_factory=dict)
    invariants: dict[str, Invariant] = field(default_factory=dict)
    admissions: dict[str, Admissions] = field(default_factory=dict)
    arrivals: dict[str, OpenArrivals] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    exceptions: Counter[str] = field(default_factory=Counter)

    def request(self, name: str, *, due: float, seconds: float, status: str, failed: bool) -> None:
        """Count an answer.

        Args:
            name: the endpoint.
            due: when the request was due, by the clock.
            seconds: from then to the answer.
            status: its status, or the error's name.
            failed: whether the scenario calls it a failure.
        """
        endpoint = self.endpoints.get(name)
        if endpoint is None:
            endpoint = self.endpoints[name] = Endpoint()
        endpoint.requests += 1
        endpoint.failures += failed
        endpoint.statuses[status] += 1
        endpoint.histogram.record(seconds)
        second = self.seconds.get(int(due))
        if second is None:
            second = self.seconds[int(due)] = Second()
        second.requests += 1
        second.failures += failed
        second.latencies[round(math.log(max(seconds, 1e-6) * 1000) / STEP)] += 1

    def check(self, name: str, holds: bool, example: str = "") -> None:
        """Count that an invariant was looked at, with an example where it does not hold."""
        invariant = self.invariants.setdefault(name, Invariant())
        invariant.checks += 1
        if not holds:
            invariant.broken += 1
            if len(invariant.examples) < EXAMPLES:
                invariant.examples.append(example)

    def admit(self, name: str, *, limit: int, window: float, sent: float, answered: float) -> None:
        """Count a request that a throttle has let through."""
        admissions = self.admissions.setdefault(name, Admissions(limit, window))
        admissions.spans.append((sent, answered))

    def merge(self, other: Self) -> None:
        """Add what another process, or the same one later, has counted."""
        for name, theirs in other.endpoints.items():
            ours = self.endpoints.setdefault(name, Endpoint())
            ours.requests += theirs.requests
            ours.failures += theirs.failures
            ours.statuses.update(theirs.statuses)
            ours.histogram.add(theirs.histogram)
        for moment, row in other.seconds.items():
            second = self.seconds.setdefault(moment, Second())
            second.requests += row.requests
            second.failures += row.failures
            second.latencies.update(row.latencies)
        self._merge_what_scenarios_count(other)
        for process, shares in other.cpu.items():
            self.cpu.setdefault(process, []).extend(shares)
        self.exceptions.update(other.exceptions)

    def _merge_what_scenarios_count(self, other: Self) -> None:
        for name, counted in other.invariants.items():
            invariant = self.invariants.setdefault(name, Invariant())
            invariant.checks += counted.checks
            invariant.broken += counted.broken
            invariant.examples = [*invariant.examples, *counted.examples][:EXAMPLES]
        for name, let_in in other.admissions.items():
            admissions = self.admissions.setdefault(name, Admissions(let_in.limit, let_in.window))
            admissions.spans.extend(let_in.spans)
        for name, came in other.arrivals.items():
            arrivals = self.arrivals.setdefault(name, OpenArrivals())
            arrivals.due += came.due
            arrivals.late += came.late
            arrivals.dropped += came.dropped
            arrivals.unfinished += came.unfinished

    def total(self) -> Endpoint:
        """Return all endpoints as one."""
        total = Endpoint()
        for endpoint in self.endpoints.values():
            total.requests += endpoint.requests
            total.failures += endpoint.failures
            total.statuses.update(endpoint.statuses)
            total.histogram.add(endpoint.histogram)
        return total

    def to_json(self, pause: Callable[[], object] = int) -> dict[str, Any]:
        """Return it as values for JSON.

        Args:
            pause: called after each endpoint, which takes about a millisecond.
        """
        endpoints = {}
        for name, endpoint in self.endpoints.items():
            endpoints[name] = {**_plain(endpoint), "histogram": endpoint.histogram.encode()}
            pause()
        return {
            "endpoints": endpoints,
            "seconds": {str(moment): _plain(row) for moment, row in self.seconds.items()},
            "invariants": _plain_rows(self.invariants),
            "admissions": _plain_rows(self.admissions),
            "arrivals": _plain_rows(self.arrivals),
            "cpu": self.cpu,
            "exceptions": dict(self.exceptions),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the recording that `to_json` has written."""
        return cls(
            endpoints={
                name: Endpoint(
                    row["requests"],
                    row["failures"],
                    Counter(row["statuses"]),
                    Histogram.decode(row["histogram"]),
                )
                for name, row in values["endpoints"].items()
            },
            seconds={
                int(moment): Second(
                    row["requests"],
                    row["failures"],
                    Counter({int(step): count for step, count in row["latencies"].items()}),
                )
                for moment, row in values["seconds"].items()
            },
            invariants={name: Invariant(**row) for name, row in values["invariants"].items()},
            admissions={
                name: Admissions(row["limit"], row["window"], _pairs(row["spans"]))
                for name, row in values["admissions"].items()
            },
            arrivals={name: OpenArrivals(**row) for name, row in values["arrivals"].items()},
            cpu=dict(values["cpu"]),
            exceptions=Counter(values["exceptions"]),
        )


def _plain(row: object) -> dict[str, Any]:
    return {
        name: dict(value) if isinstance(value, Counter) else value
        for name, value in vars(row).items()
        if not isinstance(value, Histogram)
    }


def _plain_rows(rows: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    return {name: _plain(row) for name, row in rows.items()}


def _pairs(spans: Iterable[list[float]]) -> list[tuple[float, float]]:
    return [(sent, answered) for sent, answered in spans]
