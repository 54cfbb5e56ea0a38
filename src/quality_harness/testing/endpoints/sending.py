"""Sends requests, and says what came back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.shortcuts import resolve_url
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from quality_harness.testing.endpoints.undoing import QueryCounter

REFUSALS = (401, 403, 404)


@dataclass(frozen=True)
class Request:
    """What is sent.

    Attributes:
        method: in upper case.
        path: without the host.
        query: names and values behind the question mark.
        headers: more headers, by their names.
        content: the body.
        kind: its content type.
    """

    method: str
    path: str
    query: Mapping[str, Any]
    headers: Mapping[str, str]
    content: bytes = b""
    kind: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: of HTTP.
        rows: the length of the list that the answer is or holds; None where it is no list.
        queries: how many were made.
        error: the exception that a view raised, or None.
        refuses: whether this keeps somebody out.
    """

    status: int
    rows: int | None
    queries: int
    error: BaseException | None
    refuses: bool


def encoded(body: Any, *, form: bool) -> tuple[bytes, str]:
    """Return the bytes of a declared body, and their content type."""
    if body is None:
        return b"", "application/json"
    if form:
        return encode_multipart(BOUNDARY, body), MULTIPART_CONTENT
    return json.dumps(body, cls=DjangoJSONEncoder).encode(), "application/json"


class Sender:
    """Sends requests and counts them.

    Attributes:
        sent: how many there were.
    """

    def __init__(self) -> None:
        self.sent = 0

    def send(self, client: Any, request: Request, queries: QueryCounter) -> Answer:
        """Send a request; the caller rolls back."""
        self.sent += 1
        client.raise_request_exception = False
        cookies = SimpleCookie(client.cookies)
        extra: dict[str, Any] = {"QUERY_STRING": urlencode(request.query, doseq=True)}
        extra |= {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers.items()
        }
        before = queries.count
        response = client.generic(
            request.method, request.path, request.content, request.kind, **extra
        )
        # A view may leave its body to be made while it is sent.
        rows = _rows(response)
        made = queries.count - before
        # What the answer sets is not sent along with the next request.
        client.cookies = cookies
        failed = getattr(response, "exc_info", None)
        error = failed[1] if failed else None
        return Answer(response.status_code, rows, made, error, _refuses(response))


def _rows(response: Any) -> int | None:
    if response.streaming or "json" not in response.headers.get("Content-Type", ""):
        return None
    try:
        answer = json.loads(response.content)
    except ValueError:
        return None
    listed = answer.get("results") if isinstance(answer, dict) else answer
    return len(listed) if isinstance(listed, list) else None


def _refuses(response: Any) -> bool:
    if response.status_code in REFUSALS:
        return True
    # As `login_required` sends people away: with the page that they came from.
    target = urlsplit(response.headers.get("Location", ""))
    is_redirect = 300 <= response.status_code < 400 and bool(target.query)
    login: str = resolve_url(settings.LOGIN_URL) if is_redirect else ""
    return is_redirect and target.path == login
