"""Sends every method of every route as every role, and judges the answers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.apps import apps

from quality_harness.finding import Rule
from quality_harness.gate import CouldNotRun
from quality_harness.testing.endpoints import garbage, rules
from quality_harness.testing.endpoints.asking import Answers, Asker, Case, entered
from quality_harness.testing.endpoints.declarations import METHODS, Endpoints, given
from quality_harness.testing.endpoints.found import Found, answers_to, raised, target
from quality_harness.testing.endpoints.lists import FEW, examine_list
from quality_harness.testing.endpoints.matching import Matched, not_declared
from quality_harness.testing.endpoints.routes import CannotFill, Route, all_routes
from quality_harness.testing.endpoints.sending import Answer
from quality_harness.testing.endpoints.undoing import undone

NOT_ALLOWED = 405
SERVER_ERROR = 500
# A rule that an answer breaks, and whose answer it is.
Judged = tuple[Rule, tuple[str, Answer]]
# Sends a part of all there is to send, and tells what is wrong.
Part = Callable[[Asker], Iterable[Found]]


@dataclass(frozen=True)
class Outcome:
    """What the whole matrix came to, or some of its parts.

    Attributes:
        routes: how many routes there are.
        methods: of these routes, that are declared.
        roles: that send them.
        requests: how many were sent.
        found: what is wrong, each with the number of its part.
    """

    routes: int
    methods: int
    roles: int
    requests: int
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Matrix:
    """All there is to send.

    Attributes:
        endpoints: what the project declares.
        matched: its routes, and which of the declarations are about them.
        parts: one for each route, and first what needs no request; each leaves the databases as
            they were, so they can be sent in any order and anywhere.
    """

    endpoints: Endpoints
    matched: Matched
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, endpoints: Endpoints, page_limit: int) -> "Matrix":
        """Find the routes, and what is to be sent to them.

        Args:
            endpoints: what the project declares.
            page_limit: how many rows a page may have.

        Raises:
            CouldNotRun: there is no route, or all of them are ignored.
        """
        matched = Matched.of(endpoints, all_routes())
        if not matched.routes:
            raise CouldNotRun(
                "The project has no route but ignored ones. Name its ROOT_URLCONF in the settings, "
                "or take an Ignored away."
            )
        return cls(endpoints, matched, (partial(_beginning, matched), *_parts(matched, page_limit)))


def examine(matrix: Matrix, numbers: Iterable[int]) -> Outcome:
    """Send parts of the matrix; the test databases are left as they were.

    Args:
        matrix: all there is to send.
        numbers: those of the parts.
    """
    found: list[Found] = []
    with entered(matrix.endpoints) as asker:
        for number in numbers:
            found += [replace(each, part=number) for each in matrix.parts[number](asker)]
    cases = matrix.matched.cases
    return Outcome(
        routes=len(matrix.matched.routes),
        methods=len({(case.route.path, case.declared.method) for case in cases}),
        roles=len(matrix.endpoints.roles),
        requests=asker.sender.sent,
        found=tuple(found),
    )


def _parts(matched: Matched, page_limit: int) -> Iterator[Part]:
    for route in matched.routes:
        cases = [case for case in matched.cases if case.route is route]
        if cases:
            yield partial(_examine_route, route=route, cases=cases, page_limit=page_limit)


def _beginning(matched: Matched, asker: Asker) -> Iterator[Found]:
    yield from matched.found
    yield from _groups_without_role(asker.endpoints)


def _groups_without_role(endpoints: Endpoints) -> Iterator[Found]:
    if not apps.is_installed("django.contrib.auth"):
        return
    names = {role.name for role in endpoints.roles}
    for group in apps.get_model("auth", "Group").objects.order_by("name"):
        if group.name not in names:
            message = f"nobody sends requests as a member of the group {group.name!r}"
            yield Found(rules.GROUP, message, f'declare Role("{group.name}", ...)')


def _examine_route(
    asker: Asker, route: Route, cases: Sequence[Case], page_limit: int
) -> Iterator[Found]:
    fitting = []
    for case in cases:
        try:
            with undone():
                asker.request(case)
        except CannotFill as problem:
            hint = "give it the path of an object that is there"
            yield Found(rules.STALE, f"{case.declared}: {problem}", hint, route)
        else:
            fitting.append(case)
    tried: set[str] = set()
    for case in fitting:
        yield from _roles(asker, case, page_limit)
        if case.declared.method not in tried | {"GET"}:
            yield from _garbage(asker, case)
        tried.add(case.declared.method)
    if fitting:
        yield from _other_methods(asker, fitting[0], {case.declared.method for case in cases})


def _roles(asker: Asker, case: Case, page_limit: int) -> Iterator[Found]:
    declared, endpoints = case.declared, asker.endpoints
    with undone():
        if declared.rows is not None:
            declared.rows(asker.world, FEW)
        answers = asker.ask_each(endpoints.roles, case)
        found = list(_judged(asker, case, answers))
        yield from _told(case, declared.method, found)
        if declared.rows is not None:
            yield from examine_list(asker, case, dict(answers), page_limit)
    if declared.method == "GET":
        yield from _list_without_rows(case, answers)
        # What GET does wrong, HEAD does as well; that is told once.
        told = {name for _, (name, _) in found}
        kept_out = [role for role in endpoints.refused(declared) if role.name not in told]
        one_let_in = endpoints.allowed(declared)[:1]
        answers = asker.ask_each([*kept_out, *one_let_in], case, method="HEAD")
        yield from _told(
            case, "HEAD", [each for each in _judged(asker, case, answers) if each[1][0] not in told]
        )


def _judged(asker: Asker, case: Case, answers: Answers) -> Iterator[Judged]:
    allowed = {role.name for role in asker.endpoints.allowed(case.declared)}
    refused = {role.name for role in asker.endpoints.refused(case.declared)}
    for name, answer in answers:
        if answer.status >= SERVER_ERROR:
            yield rules.SERVER_ERROR, (name, answer)
        elif name in refused and not answer.refuses:
            yield rules.OPEN, (name, answer)
        elif name in allowed and answer.refuses:
            yield rules.REFUSED, (name, answer)


def _told(case: Case, method: str, found: Sequence[Judged]) -> Iterator[Found]:
    allowed = ", ".join(getattr(case.declared, "roles", ())) or "nobody"
    words = {
        rules.OPEN: (
            f", but it is declared for {allowed}",
            "refuse them with 401, 403 or 404, or declare that they may",
        ),
        rules.REFUSED: (
            f", but {case.declared} lets them",
            "give them the permission, or declare that they may not; see that the path and body "
            "name what is there",
        ),
        rules.SERVER_ERROR: ("", "mend what raises, or answer with a status below 500"),
    }
    for rule, (more, hint) in words.items():
        answers = [answer for broken, answer in found if broken is rule]
        if answers:
            message = f"{target(method, case.route)} answers {answers_to(answers)}{more}"
            yield Found(rule, message + raised(answers[0][1]), hint, case.route)


def _list_without_rows(case: Case, answers: Answers) -> Iterator[Found]:
    lists = [name for name, answer in answers if answer.rows is not None and answer.status < 300]
    if lists and case.declared.rows is None and not case.declared.fixed.strip():
        message = (
            f"{target('GET', case.route)} answers with a list, and {case.declared} has no rows"
        )
        hint = 'give it rows=lambda world, count: ..., or fixed="why there are never more"'
        yield Found(rules.ROWS, message, hint, case.route)


def _garbage(asker: Asker, case: Case) -> Iterator[Found]:
    """Send what nobody expects, as the first role that is let in."""
    for role in asker.endpoints.allowed(case.declared)[:1]:
        with undone():
            declared = given(case.declared.body, asker.world)
        bodies = list(garbage.bodies(declared))
        asked = [(role, {"content": content, "kind": kind}) for content, kind, _ in bodies]
        answers = [
            (label, answer)
            for (*_, label), answer in zip(bodies, asker.ask_all(asked, case), strict=True)
        ]
        bad = [each for each in answers if each[1].status >= SERVER_ERROR]
        if bad:
            label, answer = bad[0]
            yield Found(
                rules.SERVER_ERROR,
                f"{target(case.declared.method, case.route)} answers {answer.status} to "
                f"{len(bad)} of {len(answers)} garbage bodies as {role.name}, "
                f"the first: {label}{raised(answer)}",
                "validate the body first, and answer what is wrong with it",
                case.route,
            )


def _other_methods(asker: Asker, case: Case, declared: set[str]) -> Iterator[Found]:
    """Send the methods that nobody declared, and OPTIONS: none of them may do anything."""
    known = case.route.methods()
    # Of a plain function nobody knows which methods it takes. A class that has no function for one
    # refuses it, to who gets past its permissions: that is seen by one request.
    roles = asker.strongest()[:1] if known else asker.endpoints.roles
    for method in METHODS:
        if method not in declared and method not in known:
            answers = asker.ask_each(roles, case, method=method, content=b"", kind=garbage.JSON)
            yield from _told(case, method, _failed(answers))
            let_in = [each for each in answers if _is_let_in(each[1])]
            if let_in:
                yield not_declared(case.route, method, f", and answers {answers_to(let_in)}")
    answers = asker.ask_each(asker.strongest()[:1], case, method="OPTIONS")
    yield from _told(case, "OPTIONS", _failed(answers))


def _failed(answers: Answers) -> list[Judged]:
    return [(rules.SERVER_ERROR, each) for each in answers if each[1].status >= SERVER_ERROR]


def _is_let_in(answer: Answer) -> bool:
    return not answer.refuses and answer.status < SERVER_ERROR and answer.status != NOT_ALLOWED
