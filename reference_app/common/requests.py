"""Requests whose headers cannot crash us."""

from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters


class ReadableContentType:
    """Reads a Content-Type without acting on it: a middleware refuses all text but UTF-8.

    Django decodes the query with whatever charset the header names while it makes the request,
    before any middleware could answer; a header that it cannot read at all ends there, too.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(
                meta.get("CONTENT_TYPE", "")
            )
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {"charset": "unreadable"}


class SynchronousRequest(ReadableContentType, WSGIRequest):
    """What `config.wsgi` serves."""


class AsynchronousRequest(ReadableContentType, ASGIRequest):
    """What `config.asgi` serves."""
