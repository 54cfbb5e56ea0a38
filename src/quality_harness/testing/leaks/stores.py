"""Probes of keys: those of caches in this process, and those on a Redis or Valkey server.

A server may be shared with other processes, so it is not listed. What this process has written is
noted at the client, and the server is asked whether it is there still: only after a test that has
written something.
"""

import functools
import importlib.util
from collections.abc import Iterator
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache

from quality_harness.testing.leaks import MISSING, Probe, State
from quality_harness.testing.leaks.rules import KEYS

_SHOWN = 60


def _cached() -> State:
    return {
        (id(cache._cache), key): None
        for cache in caches.all(initialized_only=True)
        if isinstance(cache, LocMemCache)
        for key in cache._cache
    }


def _tell_cached(key: Any, _before: Any, after: Any) -> str:
    return "" if after is MISSING else f"the key {key[1][:_SHOWN]!r} in a cache of this process"


class _Written:
    """Knows which keys this process has written to servers, and which of them are there still."""

    def __init__(self) -> None:
        from redis.client import Pipeline, Redis
        from redis.commands.cluster import READ_COMMANDS

        self._reading = READ_COMMANDS
        self._known: State = {}
        # With the caches that were configured then.
        self._written: dict[tuple[Any, bytes], Any] = {}
        self._asking = False
        self._patches = [
            mock.patch.object(owner, name, self._noting(getattr(owner, name)))
            for owner, name in (
                (Redis, "execute_command"),
                (Pipeline, "pipeline_execute_command"),
                (Pipeline, "immediate_execute_command"),
            )
        ]

    def start(self) -> None:
        """Note what is written from now on."""
        for patch in self._patches:
            patch.start()

    def stop(self) -> None:
        """Put the client's own methods back."""
        for patch in self._patches:
            patch.stop()

    def look(self) -> State:
        """Return the keys that were written and are there; ask only where something was written."""
        if self._written:
            # A cache that only this test was given is nobody else's.
            shared = {key for key, at in self._written.items() if at is settings.CACHES}
            self._written = {}
            self._known = self._existing(shared | set(self._known))
        return self._known

    @staticmethod
    def tell(key: tuple[Any, bytes], _before: Any, after: Any) -> str:
        """Say which key is left."""
        name = key[1].decode(errors="replace")
        return (
            "" if after is MISSING else f"the key {name[:_SHOWN]!r} on the Redis or Valkey server"
        )

    def _existing(self, written: set[tuple[Any, bytes]]) -> State:
        from redis import Redis, RedisError

        found: State = {}
        self._asking = True
        try:
            for pool in dict.fromkeys(pool for pool, _ in written):
                keys = [key for owner, key in written if owner is pool]
                pipeline = Redis(connection_pool=pool).pipeline(transaction=False)
                for key in keys:
                    pipeline.exists(key)
                try:
                    answers = pipeline.execute()
                except RedisError:
                    continue  # a server that the test has stopped, or that never was there
                found |= {
                    (pool, key): None for key, there in zip(keys, answers, strict=True) if there
                }
        finally:
            self._asking = False
        return found

    def _noting(self, original: Any) -> Any:
        @functools.wraps(original)
        def execute(client: Any, *arguments: Any, **options: Any) -> Any:
            if not self._asking and str(arguments[0]).upper() not in self._reading:
                for key in _keys(arguments):
                    self._written[client.connection_pool, key] = settings.CACHES
            return original(client, *arguments, **options)

        return execute


def _keys(arguments: tuple[Any, ...]) -> Iterator[bytes]:
    """Return what may be the keys of a command; a text that is none will not be found."""
    command, *rest = arguments
    name = str(command).upper()
    if name in ("EVAL", "EVALSHA", "FCALL"):
        keys = rest[2 : 2 + int(rest[1])]
    elif name in ("MSET", "MSETNX"):
        keys = rest[::2]
    else:
        keys = rest[:1]
    for key in keys:
        if isinstance(key, str):
            key = key.encode()
        # kombu keeps its bookkeeping between messages.
        if isinstance(key, bytes) and not key.startswith(b"_kombu."):
            yield key


def make_probes() -> tuple[Probe, ...]:
    """Return the probes; without the client there are no keys on a server."""
    mend = "Delete it when the test ends: addCleanup(cache.delete, key)."
    cached = Probe(KEYS, _cached, _tell_cached, mend)
    if importlib.util.find_spec("redis") is None:
        return (cached,)
    written = _Written()
    return (cached, Probe(KEYS, written.look, written.tell, mend, written.start, written.stop))
