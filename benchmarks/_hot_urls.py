"""The routes of the app, with a constant one and a list that is not kept beside them."""

from blog.api import BlogListView
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as routes
from django.http import HttpRequest, HttpResponse
from django.urls import path

from common.caching import SharedReads

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

CONSTANT = b"x" * 8000


def constant(request: HttpRequest) -> HttpResponse:
    """Answer with as many bytes as a page of the list has, and do nothing for it."""
    return HttpResponse(CONSTANT, content_type="application/json")


urlpatterns = [
    path("constant/", constant),
    path(
        "uncached/",
        super(SharedReads, BlogListView).as_view.__func__(BlogListView),
        {"version": "v1"},
    ),
    *routes,
]
