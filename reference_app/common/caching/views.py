"""Shares the answers of a view among all who read without saying who they are."""

import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag

from common.caching.obtaining import Outcome, obtain
from common.caching.places import Place

View = Callable[..., HttpResponse]
Tags = Callable[[Mapping[str, Any]], tuple[str, ...]]

HEADER = "X-Cache"
METHODS = ("GET", "HEAD")
JSON = (None, "*/*", "application/json")
# Who reads what is kept was not counted.
OF_ONE_READER = ("RateLimit", "RateLimit-Policy")
# Longer ones are nobody's next page.
LONGEST_QUERY = 300
# A larger answer would take the store longer than it is waited for.
LARGEST = 1_000_000


class SharedReads:
    """A view whose public answers are kept; mixed into views of the API.

    Attributes:
        shared_parameters: names that the query may have; an answer to any other is not kept.
    """

    shared_parameters: ClassVar[tuple[str, ...]] = ()

    @staticmethod
    def shared_tags(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what an answer is made of.

        Args:
            kwargs: what stands in the path.
        """
        raise NotImplementedError

    @classmethod
    def as_view(cls, **initkwargs: Any) -> View:
        """Return the view, with the store before it."""
        view = super().as_view(**initkwargs)
        return shared_view(view, cls.shared_tags, frozenset(cls.shared_parameters))


def shared_view(view: View, tags: Tags, parameters: frozenset[str]) -> View:
    """Return a view that answers from the store where the answer is the same for everybody.

    Args:
        view: makes the answer.
        tags: what an answer is made of, from what stands in the path.
        parameters: names that the query may have.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_for_everybody(request, parameters):
            response = view(request, *args, **kwargs)
            response.headers[HEADER] = Outcome.PRIVATE.value
            return response
        made: list[HttpResponse] = []

        def make() -> bytes | None:
            with _unconditional(request):
                response = view(request, *args, **kwargs)
                made.append(response.render())
            is_kept = response.status_code == 200 and len(response.content) <= LARGEST
            return _packed(response) if is_kept else None

        found = obtain(Place(_name(request), tags(kwargs)), make)
        response = made[0] if found.payload is None else _unpacked(request, found.payload)
        response.headers[HEADER] = found.outcome.value
        return response

    return answer


def _is_for_everybody(request: HttpRequest, parameters: frozenset[str]) -> bool:
    meta = request.META
    if request.method not in METHODS or meta.get("HTTP_ACCEPT") not in JSON:
        return False
    # Whether either is any good does not matter: the view has to look at it.
    if "HTTP_AUTHORIZATION" in meta or settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", ""):
        return False
    query = meta.get("QUERY_STRING", "")
    if not query:
        return True
    names = {part.partition("=")[0] for part in query.split("&")}
    return len(query) <= LONGEST_QUERY and names <= parameters


def _name(request: HttpRequest) -> str:
    # With the host: addresses of other pages stand in an answer.
    query = request.META.get("QUERY_STRING", "")
    return f"{request.scheme}://{request.get_host()}{request.path}?{query}"


@contextmanager
def _unconditional(request: HttpRequest) -> Iterator[None]:
    """Hide what the caller knows: the others want the answer itself."""
    known = request.META.pop("HTTP_IF_NONE_MATCH", None)
    if known is None:
        yield
        return
    vars(request).pop("headers", None)
    try:
        yield
    finally:
        request.META["HTTP_IF_NONE_MATCH"] = known
        vars(request).pop("headers", None)


def _packed(response: HttpResponse) -> bytes:
    tag = quote_etag(hashlib.sha256(response.content).hexdigest())
    headers = {"ETag": tag, **response.headers}
    for name in OF_ONE_READER:
        headers.pop(name, None)
    return json.dumps(headers).encode() + b"\n" + response.content


def _unpacked(request: HttpRequest, payload: bytes) -> HttpResponse:
    head, _, content = payload.partition(b"\n")
    headers = json.loads(head)
    condition = request.META.get("HTTP_IF_NONE_MATCH")
    if condition is not None and _is_known(condition, headers["ETag"]):
        kept = {name: headers[name] for name in ("ETag", "Vary") if name in headers}
        return HttpResponseNotModified(headers=kept)
    return HttpResponse(content, headers=headers)


def _is_known(condition: str, tag: str) -> bool:
    known = [found.removeprefix("W/") for found in parse_etags(condition)]
    return tag in known or known == ["*"]
