"""Pages of lists."""

from math import inf
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import (
    Cursor,
    CursorPagination,
    LimitOffsetPagination,
    PageNumberPagination,
)
from rest_framework.request import Request
from rest_framework.views import APIView

from common.errors import CommonError, field_error

# What numbers in addresses start at, and where one ends: more than that is refused.
FIRST = {"page": 1, "page_size": 1, "limit": 1, "offset": 0}
# The database reads every row that an offset passes over.
LAST = {"offset": 10_000}
# Nobody gets that far; longer ones only cost time.
MAX_DIGITS = 100


class StrictNumbers:
    """Refuses what is no number, instead of quietly showing something else."""

    def get_page_size(self, request: Request) -> int:
        """Return how many rows a page has."""
        return min(number_of(request, "page_size", self.page_size), self.max_page_size)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Document what numbers are taken."""
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] in FIRST:
                parameter["schema"]["minimum"] = FIRST[parameter["name"]]
            if parameter["name"] in LAST:
                parameter["schema"]["maximum"] = LAST[parameter["name"]]
        return parameters


class PageNumberPages(StrictNumbers, PageNumberPagination):
    """Numbered pages, `?page=2&page_size=50`; at most a hundred rows each."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return number_of(request, "page", 1)


class LimitOffsetPages(StrictNumbers, LimitOffsetPagination):
    """A piece of a list, `?limit=50&offset=100`; at most a hundred rows, not endlessly far in."""

    default_limit = 20
    max_limit = 100

    def get_limit(self, request: Request) -> int:
        return min(number_of(request, "limit", self.default_limit), self.max_limit)

    def get_offset(self, request: Request) -> int:
        return number_of(request, "offset", 0)


class CursorPages(StrictNumbers, CursorPagination):
    """The newest first, from one address to the next; rows that are added move no other."""

    ordering = ("-created_at", "-pk")
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read a cursor. One that points at no time is not ours: the database would choke on it."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not _is_time(cursor.position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def number_of(request: Request, name: str, default: int) -> int:
    """Return a number of the address.

    Raises:
        ValidationError: it is there, and is no such number.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    first, last = FIRST[name], LAST.get(name, inf)
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    if not is_number or not first <= int(text) <= last:
        until = f"to {last}" if name in LAST else "on"
        message = f"This has to be a whole number from {first} {until}."
        raise ValidationError({name: field_error(CommonError.FIELD_INVALID, message).detail})
    return int(text)


def _is_time(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False
