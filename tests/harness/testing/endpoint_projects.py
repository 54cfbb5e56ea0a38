"""Small sets of routes, examined in this process with the test database at hand."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, TestCase, override_settings

from quality_harness.testing.endpoints import Allowed, Endpoints, Public, Role
from quality_harness.testing.endpoints.matrix import Matrix, Outcome, examine

ANYONE = "nothing here is secret"
ROLES = (
    Role("anonymous", lambda world: Client()),
    Role("expired", lambda world: Client(headers={"X-Who": "expired"}), invalid=True),
    Role("user", lambda world: Client(headers={"X-Who": "user"})),
    Role("owner", lambda world: Client(headers={"X-Who": "owner"})),
)
View = Callable[..., HttpResponse]


def refusal(request: HttpRequest, *allowed: str) -> HttpResponse | None:
    """Return the answer to who may not; None to who may."""
    who = request.headers.get("X-Who", "")
    if who in ("", "expired"):
        return HttpResponse(status=401)
    return None if who in allowed else HttpResponse(status=403)


def for_owner(request: HttpRequest, **path: Any) -> HttpResponse:
    """A view that reads, for the owner alone."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405)
    return refusal(request, "owner") or HttpResponse("secret")


def for_all(request: HttpRequest, **path: Any) -> HttpResponse:
    """A view that reads, for everybody."""
    return HttpResponse("open", status=200 if request.method in ("GET", "HEAD") else 405)


def posted(handle: Callable[[HttpRequest], HttpResponse]) -> View:
    """Return a view that takes a POST of the owner."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponse(status=405)
        return refusal(request, "owner") or handle(request)

    return view


def listing(rows: Callable[[HttpRequest], list[Any]]) -> View:
    """Return a view that lists rows to everybody."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        return JsonResponse({"results": rows(request)})

    return view


def read_json(request: HttpRequest) -> Any:
    """Return the body; None where it is no JSON."""
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def more_groups(world: Any, count: int) -> None:
    """Make more groups."""
    start = Group.objects.count()
    Group.objects.bulk_create(Group(name=f"group {start + each}") for each in range(count))


class Urls:
    """What stands in the place of a module with urlpatterns."""

    def __init__(self, patterns: Sequence[Any]) -> None:
        self.urlpatterns = list(patterns)


@contextmanager
def nothing() -> Iterator[SimpleNamespace]:
    """The world of routes that need none."""
    yield SimpleNamespace()


GET_OWNER = Allowed("it", "GET", ("owner",))
GET_PUBLIC = Public("it", "GET", ANYONE)
POST_OWNER = Allowed("it", "POST", ("owner",))


class MatrixCase(TestCase):
    """A test that sends the matrix of some routes."""

    @classmethod
    def setUpTestData(cls) -> None:
        # Those of the seed have no role here.
        Group.objects.all().delete()

    def outcome(self, patterns: Sequence[Any], *declared: Any, **more: Any) -> Outcome:
        """Return what the matrix of these routes comes to."""
        page_limit = more.pop("page_limit", 20)
        endpoints = Endpoints(**{"world": nothing, "roles": ROLES, "declared": declared, **more})
        # Neither middleware nor error pages of the project around.
        with override_settings(ROOT_URLCONF=Urls(patterns), MIDDLEWARE=[]):
            matrix = Matrix.of(endpoints, page_limit)
            return examine(matrix, range(len(matrix.parts)))

    def found(self, patterns: Sequence[Any], *declared: Any, **more: Any) -> list[str]:
        """Return the codes and messages of what is found."""
        outcome = self.outcome(patterns, *declared, **more)
        return [f"{each.rule.code} {each.message}" for each in outcome.found]

    def assert_found(self, found: list[str], *texts: str) -> None:
        """Check that these are found, by parts of what is said, and nothing else."""
        self.assertEqual(len(found), len(texts), found)
        for message, text in zip(found, texts, strict=True):
            self.assertIn(text, message)
