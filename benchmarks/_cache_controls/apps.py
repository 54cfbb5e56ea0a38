"""Where the time goes that makes races visible, and what a test tells the app by files."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import AppConfig

# Seconds at most: between the database and the store, before a commit, and after it.
DELAY = float(os.environ.get("CACHE_DELAY", "0"))
# The first to make a list once this file is there takes the seconds that stand in it.
SLOW = os.environ.get("CACHE_SLOW", "")


def pause() -> None:
    """Wait for a random part of the delay."""
    if DELAY:
        time.sleep(random.uniform(0, DELAY))


def _after(original: Callable[..., Any], act: Callable[[], None]) -> Callable[..., Any]:
    def late(*arguments: Any, **options: Any) -> Any:
        result = original(*arguments, **options)
        act()
        return result

    return late


def _before(original: Callable[..., Any], act: Callable[[], None]) -> Callable[..., Any]:
    def late(*arguments: Any, **options: Any) -> Any:
        act()
        return original(*arguments, **options)

    return late


def _be_slow() -> None:
    if not SLOW or not os.path.exists(SLOW):
        return
    taken = Path(f"{SLOW}.{os.getpid()}")
    try:
        Path(SLOW).rename(taken)
    except OSError:
        return  # Somebody else is the slow one.
    seconds = float(taken.read_text())
    taken.rename(f"{SLOW}.taken")
    Path(f"{SLOW}.pid").write_text(str(os.getpid()))
    time.sleep(seconds)


class Controls(AppConfig):
    """Puts the delays in."""

    name = "benchmarks._cache_controls"
    label = "cache_controls"

    def ready(self) -> None:
        from blog.models import Blog
        from common.caching import entries, invalidation
        from django.core.cache import cache
        from django.db import transaction
        from django.db.models.signals import post_save
        from rest_framework.generics import ListAPIView

        entries.fill = _before(entries.fill, pause)
        invalidation._renew = _before(invalidation._renew, pause)
        ListAPIView.list = _before(ListAPIView.list, _be_slow)

        def forget(sender: Any, *, instance: Blog, **kwargs: Any) -> None:
            cache.delete(f"signal:{instance.uuid}")
            transaction.on_commit(lambda: cache.delete(f"commit:{instance.uuid}"))
            pause()  # The transaction is open still.

        # quality-harness: ignore[ISO008]: only the settings of these benchmarks install it
        post_save.connect(forget, sender=Blog, weak=False)
