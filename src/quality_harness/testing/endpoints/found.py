"""What the matrix finds, and the words that it uses for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from quality_harness.finding import Rule
from quality_harness.testing.endpoints.routes import Route, pattern_of
from quality_harness.testing.endpoints.sending import Answer


@dataclass(frozen=True)
class Found:
    """A rule that is broken.

    Attributes:
        rule: which one.
        message: what is wrong.
        hint: the edit that mends it.
        route: where it is; None where it is about a declaration.
        part: the number of the part of the matrix that has found it, by which they are told.
    """

    rule: Rule
    message: str
    hint: str
    route: Route | None = None
    part: int = 0


def target(method: str, route: Route) -> str:
    """Return a method and a path, as people write them."""
    return f"{method} {pattern_of(route)}"


def listed(words: Iterable[str]) -> str:
    """Return words as people list them: a, b and c."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def answers_to(answers: Iterable[tuple[str, Answer]]) -> str:
    """Return which status went to whom: 200 to anonymous and user, 201 to owner."""
    names: dict[int, list[str]] = {}
    for name, answer in answers:
        names.setdefault(answer.status, []).append(name)
    return ", ".join(f"{status} to {listed(names[status])}" for status in names)


def raised(answer: Answer) -> str:
    """Return the exception behind an answer, in one line; empty where there is none."""
    if answer.error is None:
        return ""
    text = " ".join(f"{type(answer.error).__name__}: {answer.error}".split())
    return f" ({text[:150]})"
