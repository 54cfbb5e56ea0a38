"""Pages of lists."""

from rest_framework.pagination import (
    CursorPagination,
    LimitOffsetPagination,
    PageNumberPagination,
)


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

    def get_offset(self, request) -> int:
        return min(super().get_offset(request), self.max_offset)


class CursorPages(CursorPagination):
    """The newest first, from one address to the next; rows that are added move no other."""

    ordering = ("-created_at", "-pk")
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
