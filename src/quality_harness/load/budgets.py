"""Reads budgets.toml: what a load run must keep. A word that it does not know is an error."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.load.target import Target

PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,3})?)")
# Each metric of answers, and which side of the limit is good.
ANSWERS = {
    "p50": "at most",
    "p95": "at most",
    "p99": "at most",
    "mean": "at most",
    "max": "at most",
    "errors": "at most",
    "rate": "at least",
    "requests": "at least",
}
ARRIVALS = {"late": "at most", "dropped": "at most", "unfinished": "at most", "due": "at least"}
SECTIONS = ("target", "generator", "overall", "endpoint", "arrivals", "invariants")
# A generator that uses more of its core than this measures itself.
BUSIEST = 0.9
OVERALL = "overall"


@dataclass(frozen=True)
class Budget:
    """One limit.

    Attributes:
        section: overall, endpoint, arrivals or invariants.
        place: the endpoint, the class of visitors or the invariant; "overall" for all answers.
        metric: what is limited.
        limit: in milliseconds, shares from 0 to 1, requests a second, or how often.
        side: which side of the limit is good.
    """

    section: str
    place: str
    metric: str
    limit: float
    side: str


@dataclass(frozen=True)
class Budgets:
    """A file of budgets.

    Attributes:
        limits: in the file's order.
        target: how the application is known, where the file says so.
        busiest: the share of a core above which a generator measures itself.
    """

    limits: tuple[Budget, ...]
    target: Target | None = None
    busiest: float = BUSIEST


def read(path: Path) -> Budgets:
    """Return the budgets of a file.

    Raises:
        CouldNotRun: it cannot be read, has a word that nobody knows, or has no limit.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CouldNotRun(f"There are no budgets at {path}: {error.strerror}.") from error
    except ValueError as error:
        raise CouldNotRun(f"{path} cannot be read: {error}.") from error
    try:
        return parse(values)
    except CouldNotRun as error:
        raise CouldNotRun(f"{path}: {error}") from error


def parse(values: Mapping[str, Any]) -> Budgets:
    """Return the budgets that a file's values say.

    Raises:
        CouldNotRun: there is a word that nobody knows, or no limit.
    """
    for section, rows in values.items():
        _known(section, SECTIONS, "section")
        _table(rows, section)
    generator = values.get("generator", {})
    for word in generator:
        _known(word, ("cpu",), "setting of [generator]")
    target = _target(values)
    limits = tuple(_limits(values))
    if not limits:
        raise CouldNotRun("It has no budget, so nothing could fail: add one to [overall].")
    return Budgets(limits, target, _number(generator.get("cpu", BUSIEST), "cpu"))


def _limits(values: Mapping[str, Any]) -> Iterable[Budget]:
    for metric, limit in values.get("overall", {}).items():
        yield _budget("overall", OVERALL, metric, limit, ANSWERS)
    for endpoint, rows in values.get("endpoint", {}).items():
        for metric, limit in _table(rows, f'endpoint."{endpoint}"').items():
            yield _budget("endpoint", endpoint, metric, limit, ANSWERS)
    for visitors, rows in values.get("arrivals", {}).items():
        for metric, limit in _table(rows, f"arrivals.{visitors}").items():
            yield _budget("arrivals", visitors, metric, limit, ARRIVALS)
    for invariant, limit in values.get("invariants", {}).items():
        number = _number(limit, invariant)
        yield Budget("invariants", invariant, "broken", number, "at most")


def _budget(
    section: str, place: str, metric: str, limit: object, known: Mapping[str, str]
) -> Budget:
    if known is ANSWERS and PERCENTILE.fullmatch(metric):
        side = "at most"
    else:
        side = known[_known(metric, known, f"metric of {place}")]
    return Budget(section, place, metric, _number(limit, f"{metric} of {place}"), side)


def _target(values: Mapping[str, Any]) -> Target | None:
    if "target" not in values:
        return None
    target = values["target"]
    for word in target:
        _known(word, ("path", "contains"), "setting of [target]")
    if not all(isinstance(target.get(word), str) for word in ("path", "contains")):
        raise CouldNotRun("[target] has to name a path and a text that only its page contains.")
    return Target(target["path"], target["contains"])


def _table(rows: object, name: str) -> Mapping[str, Any]:
    if not isinstance(rows, Mapping):
        raise CouldNotRun(f"{name} has to be a table: write [{name}] on a line of its own.")
    return rows


def _number(limit: object, name: str) -> float:
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 0:
        raise CouldNotRun(f"{name} has to be a number from zero up, not {limit!r}.")
    return limit


def _known(word: str, known: Iterable[str], kind: str) -> str:
    if word not in known:
        raise CouldNotRun(f"There is no {kind} {word!r}.{meant(word, known)}")
    return word


def meant(word: str, known: Iterable[str]) -> str:
    """Return a sentence that says which known word was perhaps meant, or all of them."""
    names = list(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {close[0]!r}?"
    return f" Known: {', '.join(names) or 'none'}."
