"""Bodies that nobody expects: whatever is sent, a server error is no answer."""

import json
from collections.abc import Iterator
from typing import Any

JSON = "application/json"
# Text that is no JSON, no text or no object; each with what it is sent as.
WHOLE = (
    (b'{"a": ', JSON),
    (b"\xff\xfe{}", JSON),
    (b"null", JSON),
    (b"[]", JSON),
    (b"[" * 100_000, JSON),
    (b'{"\\u0000": "\\u0000", "\\ud800": "\\ud800"}', JSON),
    (b"a=1&a=%00", "application/x-www-form-urlencoded"),
    (b"{}", "no/such-type; charset=nothing"),
)
# What each field of the declared body is, one after the other.
VALUES: tuple[Any, ...] = (
    None,
    10**30,
    "\0",
    "\ud800",
    "x" * 10_000,
    [None],
    {"a": {}},
)


def bodies(body: Any) -> Iterator[tuple[bytes, str, str]]:
    """Yield garbage: the bytes, their content type, and what to call them in a message.

    Args:
        body: what is declared; the fields of a dictionary are spoilt one by one.
    """
    for content, kind in WHOLE:
        yield content, kind, f"{shortened(content)} as {kind.partition(';')[0]}"
    # A file is no JSON; the form that holds it is spoilt above.
    fields = body if isinstance(body, dict) and not _has_files(body) else {}
    for name in fields:
        for value in VALUES:
            text = json.dumps({**fields, name: value}, default=str)
            yield text.encode(), JSON, f"{name}: {shortened(json.dumps(value).encode())}"


def shortened(content: bytes) -> str:
    """Return the beginning of a body, for a message."""
    text = repr(content)[1:]
    return text if len(text) <= 30 else f"{text[:20]}... of {len(content)} bytes"


def _has_files(body: dict[str, Any]) -> bool:
    return any(hasattr(value, "read") for value in body.values())
