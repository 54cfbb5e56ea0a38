"""Gives each process of a test run a part of its own in a cache that several share.

Keys get a prefix, and `clear`, which would empty the whole database of the server, keeps to it.
"""

import functools
import re
import secrets
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.test.signals import clear_cache_handlers
from django.utils.module_loading import import_string

_PREFIX = re.compile(r"(:|^)quality_harness_[0-9a-f]{8}$")
# Where a server keeps the keys; other backends keep them in the process or in the database.
_SHARED = ("django.core.cache.backends.redis", "django.core.cache.backends.memcached")
_PACKAGES = ("django_redis", "django_valkey")
_GLOB = re.compile(r"([\[\]*?\\])")


def separate_caches() -> None:
    """Give this process its own keys; in a forked process call it again."""
    changed = False
    for entry in settings.CACHES.values():
        kind = import_string(entry["BACKEND"])
        modules = {base.__module__ for base in kind.__mro__}
        if modules.isdisjoint(_SHARED) and kind.__module__.partition(".")[0] not in _PACKAGES:
            continue
        own = f"quality_harness_{secrets.token_hex(4)}"
        before = _PREFIX.sub("", entry.get("KEY_PREFIX", ""))
        entry["KEY_PREFIX"] = f"{before}:{own}" if before else own
        _keep_to_prefix(kind)
        changed = True
    if changed:
        # As `override_settings` does: caches that are in use already get the new prefix.
        clear_cache_handlers(setting="CACHES")


def empty_caches() -> None:
    """Delete what this process has left in the caches that it used."""
    for cache in caches.all(initialized_only=True):
        if _PREFIX.search(cache.key_prefix):
            # The run is over: a server that is gone is no news any more.
            with suppress(Exception):
                cache.clear()


def _keep_to_prefix(kind: Any) -> None:
    clear = kind.clear
    if hasattr(clear, "keeps_to_prefix"):
        return

    @functools.wraps(clear)
    def clear_own(cache: Any) -> bool:
        client, start = _client(cache), f"{cache.key_prefix}:"
        if client is None or not cache.key_prefix or not cache.make_key("").startswith(start):
            return bool(clear(cache))
        pattern = _GLOB.sub(r"\\\1", start) + "*"
        keys = list(client.scan_iter(match=pattern, count=1000))
        if keys:
            client.unlink(*keys)
        return True

    clear_own.keeps_to_prefix = True  # type: ignore[attr-defined]
    kind.clear = clear_own


def _client(cache: Any) -> Any:
    """Return the client of redis-py or valkey-py behind a cache; None where it has another one."""
    holder = getattr(cache, "client", None) or getattr(cache, "_cache", None)
    get_client = getattr(holder, "get_client", None)
    return get_client(write=True) if get_client else None
