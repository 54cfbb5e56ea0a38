"""Pages of lists."""

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound
from rest_framework.pagination import (
    Cursor,
    CursorPagination,
    LimitOffsetPagination,
    PageNumberPagination,
)
from rest_framework.request import Request


class PageNumberPages(PageNumberPagination):
    """Numbered pages, `?page=2&page_size=50`; at most a hundred rows each."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class LimitOffsetPages(LimitOffsetPagination):
    """A piece of a list, `?limit=50&offset=100`; at most a hundred rows, not endlessly far in."""

    default_limit = 20
    max_limit = 100
    # The database reads every row that an offset passes over.
    max_offset = 10_000

    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), self.max_offset)


class CursorPages(CursorPagination):
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


def _is_time(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False
