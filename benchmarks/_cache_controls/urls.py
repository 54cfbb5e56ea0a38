"""The routes of the app, and one for each usual recipe: the title of a blog, kept."""

import uuid as uuids
from collections.abc import Callable

from blog.models import Blog
from cacheops import cached_as
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as routes
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.urls import path

from benchmarks._cache_controls.apps import _be_slow, pause

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def title_of(uuid: uuids.UUID) -> str:
    """Read a title; the answer takes its time."""
    title: str = Blog.objects.values_list("title", flat=True).get(uuid=uuid)
    pause()
    return title


def with_cacheops(uuid: uuids.UUID) -> tuple[str, bool]:
    """Keep it as cacheops does without more words."""
    made = []

    @cached_as(Blog.objects.filter(uuid=uuid), timeout=60, extra=str(uuid))
    def title() -> str:
        made.append(1)
        return title_of(uuid)

    return title(), not made


def with_key(kind: str) -> Callable[[uuids.UUID], tuple[str, bool]]:
    """Keep it under a key that a signal, or what waits for the commit, deletes."""

    def title(uuid: uuids.UUID) -> tuple[str, bool]:
        key = f"{kind}:{uuid}"
        kept = cache.get(key)
        if kept is not None:
            return kept, True
        made = title_of(uuid)
        cache.set(key, made, 60)
        return made, False

    return title


def view(read: Callable[[uuids.UUID], tuple[str, bool]]) -> Callable[..., JsonResponse]:
    """Return a view that shows a title."""

    def answer(request: HttpRequest, uuid: uuids.UUID) -> JsonResponse:
        title, is_hit = read(uuid)
        return JsonResponse({"title": title}, headers={"X-Cache": "hit" if is_hit else "miss"})

    return answer


def unlocked(request: HttpRequest) -> JsonResponse:
    """Keep the number of blogs with cacheops, unlocked; made anew for each name."""
    made = []

    @cached_as(Blog, timeout=60, extra=request.GET["name"])
    def number() -> int:
        made.append(1)
        _be_slow()
        titles = list(Blog.objects.values_list("title", "content")[:100])
        return len(titles)

    return JsonResponse({"number": number()}, headers={"X-Cache": "miss" if made else "hit"})


urlpatterns = [
    path("control/cached_as/<uuid:uuid>/", view(with_cacheops)),
    path("control/post_save/<uuid:uuid>/", view(with_key("signal"))),
    path("control/on_commit/<uuid:uuid>/", view(with_key("commit"))),
    path("control/unlocked/", unlocked),
    *routes,
]
