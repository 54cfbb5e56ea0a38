"""A probe of database connections that a test opens beside its own and does not close."""

import functools
import weakref
from typing import Any
from unittest import mock

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from quality_harness.testing.leaks import MISSING, Probe, State
from quality_harness.testing.leaks.rules import DJANGO


class _Connections:
    """Knows the connections that were opened, as long as somebody holds them."""

    def __init__(self) -> None:
        self._opened: weakref.WeakSet[Any] = weakref.WeakSet()
        connect = self._noting(BaseDatabaseWrapper.connect)
        self._patch = mock.patch.object(BaseDatabaseWrapper, "connect", connect)

    def start(self) -> None:
        """Note what is opened from now on."""
        self._patch.start()

    def stop(self) -> None:
        """Put Django's own method back."""
        self._patch.stop()

    def look(self) -> State:
        """Return those that are open and not this thread's own, which stay open for all tests."""
        if not self._opened:
            return {}
        own = set(map(id, connections.all(initialized_only=True)))
        return {
            id(each): each.alias
            for each in self._opened
            if each.connection is not None and id(each) not in own and not _lives_in_memory(each)
        }

    @staticmethod
    def tell(_key: int, _before: Any, after: Any) -> str:
        """Say which one is open."""
        return "" if after is MISSING else f"a connection of its own to {after!r} open"

    def _noting(self, original: Any) -> Any:
        @functools.wraps(original)
        def connect(wrapper: Any) -> None:
            original(wrapper)
            self._opened.add(wrapper)

        return connect


def _lives_in_memory(opened: Any) -> bool:
    """Whether Django itself keeps a connection open, as its database would be gone with it."""
    return opened.vendor == "sqlite" and bool(opened.is_in_memory_db())


def make_probes() -> tuple[Probe, ...]:
    """Return the probe."""
    opened = _Connections()
    mend = "Close it at the end of the thread: connections.close_all(), or connection.close()."
    return (Probe(DJANGO, opened.look, opened.tell, mend, opened.start, opened.stop),)
