"""The ids of the request at work and of its user, for answers, logs and tasks.

They stand in context variables: each thread and each asyncio task has its own.
"""

import re
import uuid
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.functional import LazyObject

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


def current_request_id() -> str:
    """Return the id of the request that this code serves; empty outside a request."""
    return _request_id.get()


def current_user_id() -> int | None:
    """Return the key of the user who sends the request at work.

    None outside a request, for a visitor, and as long as nobody asked who the user is: a line of
    the log is no reason for a query.
    """
    request = _request.get()
    user = getattr(request, "user", None)
    if isinstance(user, LazyObject):
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)


def begin(offered: str | None, request: HttpRequest | None = None) -> str:
    """Note the id of a request or task that begins, and return it.

    Args:
        offered: the id that a proxy or the request before gave it, kept where it is well-formed;
            it ends up in logs.
        request: whose user is to be known, too.
    """
    accepted = offered if offered and _ACCEPTED.fullmatch(offered) else str(uuid.uuid4())
    _request_id.set(accepted)
    _request.set(request)
    return accepted


# Not in the middleware: Django writes its line about a 404 or 500 after the last of them.
@receiver(request_finished, dispatch_uid="common.forget_request")
def end(sender: Any = None, **kwargs: Any) -> None:
    """Forget the ids: the thread serves somebody else next."""
    _request_id.set("")
    _request.set(None)
