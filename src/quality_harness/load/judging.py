"""Holds a run against its budgets. What was not measured is never kept: it is could-not-run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quality_harness.gate import Verdict
from quality_harness.load.budgets import Budget, Budgets, meant
from quality_harness.load.histogram import Histogram


@dataclass(frozen=True)
class Row:
    """One budget and what was measured."""

    budget: Budget
    measured: float

    @property
    def holds(self) -> bool:
        """Whether the budget is kept."""
        if self.budget.side == "at least":
            return self.measured >= self.budget.limit
        return self.measured <= self.budget.limit

    def to_json(self) -> dict[str, Any]:
        """Return it as values for JSON."""
        return {**vars(self.budget), "measured": self.measured, "holds": self.holds}


@dataclass(frozen=True)
class Judgement:
    """What a run has proved.

    Attributes:
        rows: the budgets that could be judged.
        problems: why there is no verdict, in sentences.
    """

    rows: tuple[Row, ...]
    problems: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Could-not-run where anything is missing, else fail where a budget is broken."""
        if self.problems or not self.rows:
            return Verdict.COULD_NOT_RUN
        return Verdict.PASS if all(row.holds for row in self.rows) else Verdict.FAIL


def judge(document: Mapping[str, Any], budgets: Budgets) -> Judgement:
    """Return what the run of a document has proved.

    Args:
        document: the run's.
        budgets: what it must keep.
    """
    rows, problems = [], [*document["problems"], *_doubts(document, budgets.busiest)]
    # Where nothing was asked, that says it all.
    for budget in budgets.limits if document["overall"]["requests"] else ():
        try:
            rows.append(Row(budget, _measured(document, budget)))
        except LookupError as error:
            problems.append(str(error.args[0]))
    return Judgement(tuple(rows), tuple(problems))


def _doubts(document: Mapping[str, Any], busiest: float) -> Iterator[str]:
    """Yield why a run's figures say nothing."""
    if not document["overall"]["requests"]:
        yield "No request was made, so nothing was measured."
    for text, count in document["exceptions"].items():
        yield f"A scenario is broken, it raised {count} times: {text}."
    used = document["generator"]["busiest"]
    if used is None:
        yield "It is not known how busy the generator was: let the run take two seconds or more."
    elif used > busiest:
        yield (
            f"The generator used {used:.0%} of its core in its busiest five seconds, so it "
            f"measured itself: give it more --processes ({busiest:.0%} are allowed)."
        )


def _measured(document: Mapping[str, Any], budget: Budget) -> float:
    """Return what was measured.

    Raises:
        LookupError: nothing; with a sentence that says so.
    """
    if budget.section == "invariants":
        return float(_checked(document["invariants"], budget.place)["broken"])
    if budget.section == "arrivals":
        return _arrivals(document["arrivals"], budget)
    row = document["overall"]
    if budget.section == "endpoint":
        row = _row(document["endpoints"], budget.place, "request to an endpoint")
    if not row["requests"]:
        raise LookupError(f"{budget.place} was never asked, so its {budget.metric} is unknown.")
    if budget.metric.startswith("p"):
        return Histogram.decode(row["histogram"]).percentile(float(budget.metric[1:]))
    key = {"mean": "mean_ms", "max": "max_ms"}.get(budget.metric, budget.metric)
    return float(row[key])


def _arrivals(rows: Mapping[str, Any], budget: Budget) -> float:
    row = _row(rows, budget.place, "arrival of visitors")
    if not row["due"]:
        raise LookupError(f"No visitor of {budget.place} was due.")
    value = float(row[budget.metric])
    return value if budget.metric == "due" else value / row["due"]


def _checked(rows: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    row = _row(rows, name, "check of an invariant")
    if not row["checks"]:
        raise LookupError(f"The invariant {name} was never checked.")
    return row


def _row(rows: Mapping[str, Any], name: str, kind: str) -> Mapping[str, Any]:
    if name not in rows:
        raise LookupError(f"The run made no {kind} {name!r}.{meant(name, rows)}")
    row: Mapping[str, Any] = rows[name]
    return row
