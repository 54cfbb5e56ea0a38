"""Matches what is declared with the routes that there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quality_harness.testing.endpoints import rules
from quality_harness.testing.endpoints.asking import Case
from quality_harness.testing.endpoints.declarations import Endpoints
from quality_harness.testing.endpoints.found import Found, target
from quality_harness.testing.endpoints.routes import Route


@dataclass(frozen=True)
class Matched:
    """Which declaration is about which route.

    Attributes:
        routes: those that are not ignored.
        cases: the declarations that fit one of them.
        found: what is declared for no route, and what is not declared.
    """

    routes: tuple[Route, ...]
    cases: tuple[Case, ...]
    found: tuple[Found, ...]

    @classmethod
    def of(cls, endpoints: Endpoints, routes: Sequence[Route]) -> "Matched":
        """Match what is declared with the routes that there are."""
        ignored = tuple(each.prefix for each in endpoints.ignored)
        kept = tuple(route for route in routes if not (ignored and route.path.startswith(ignored)))
        cases = tuple(
            Case(declared, route)
            for declared in endpoints.declared
            for route in kept
            if declared.route in (route.name, route.path)
        )
        found = [*_stale(endpoints, routes, cases), *_undeclared(kept, cases)]
        return cls(kept, cases, tuple(found))


def _stale(endpoints: Endpoints, routes: Sequence[Route], cases: Sequence[Case]) -> Iterator[Found]:
    fitting = [case.declared for case in cases]
    names = [route.name or route.path for route in routes]
    for declared in endpoints.declared:
        if declared not in fitting:
            hint = f"take it away, or name one of the routes: {', '.join(names[:5])}, ..."
            yield Found(rules.STALE, f"{declared} fits no route", hint)
    for each in endpoints.ignored:
        if not any(route.path.startswith(each.prefix) for route in routes):
            message = f"Ignored({each.prefix!r}) fits no route"
            yield Found(rules.STALE, message, "take it away")


def _undeclared(routes: Sequence[Route], cases: Sequence[Case]) -> Iterator[Found]:
    for route in routes:
        declared = {case.declared.method for case in cases if case.route is route}
        for method in route.methods() or ([] if declared else ["GET"]):
            if method not in declared:
                yield not_declared(route, method, "")


def not_declared(route: Route, method: str, answers: str) -> Found:
    """Return the finding about a method that nobody declared."""
    name = route.name or route.path
    return Found(
        rules.UNDECLARED,
        f"{target(method, route)} is declared nowhere{answers}",
        f'declare Public("{name}", "{method}", reason) or Allowed("{name}", "{method}", roles)',
        route,
    )
