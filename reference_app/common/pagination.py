"""Pages of lists."""

from rest_framework.pagination import PageNumberPagination


class PageNumberPages(PageNumberPagination):
    """Numbered pages, `?page=2&page_size=50`; at most a hundred rows each."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
