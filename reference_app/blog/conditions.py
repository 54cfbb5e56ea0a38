"""Conditional requests: `If-None-Match` to read a blog, `If-Match` to change it."""

import hashlib
import json

from django.utils.http import parse_etags, quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from blog.errors import BlogError
from blog.models import Blog
from blog.serializers import BlogSerializer
from common.errors import api_error

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of an answer that is known: 304 where it still holds.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the answer that is to be changed: 412 where it no longer holds.",
)


def etag(blog: Blog) -> str:
    """Return what changes whenever an answer with this blog changes."""
    # Of the answer, not of updated_at: a new cover or pen name changes it, too.
    shown = json.dumps(BlogSerializer(blog).data, cls=JSONEncoder, sort_keys=True)
    return quote_etag(hashlib.sha256(shown.encode()).hexdigest())


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller has the answer with this ETag; proxies may have weakened it."""
    if request.accepted_renderer.format != "json":
        return False  # The tag is that of the JSON; a page shows more, such as who is logged in.
    known = [
        found.removeprefix("W/") for found in parse_etags(request.headers.get("If-None-Match", ""))
    ]
    return tag in known or known == ["*"]


def check_match(request: Request, blog: Blog) -> None:
    """Refuse to change a blog that is no longer what the caller saw.

    Raises:
        APIException: there is an If-Match, and it does not name this state of the blog.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return
    expected = parse_etags(header)
    if expected != ["*"] and etag(blog) not in expected:
        raise api_error(BlogError.CHANGED_MEANWHILE)
