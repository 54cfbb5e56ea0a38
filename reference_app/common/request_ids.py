"""The id of the request at work, for answers, logs and tasks."""

import re
import uuid
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


def current_request_id() -> str:
    """Return the id of the request that this code serves; empty outside a request."""
    return _request_id.get()


def begin(offered: str | None) -> str:
    """Note the id of a request that begins, and return it.

    Args:
        offered: the caller's own id, kept where it is well-formed; it ends up in logs.
    """
    accepted = offered if offered and _ACCEPTED.fullmatch(offered) else str(uuid.uuid4())
    _request_id.set(accepted)
    return accepted
