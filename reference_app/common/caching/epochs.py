"""The epoch: a number in the database that grows when a change could not be told to the store.

What was kept in an earlier epoch is not shown. Whoever begins another one answers only when nobody
believes in the earlier one any more: a process believes what it has read for `BELIEVED` seconds.
While requests come in, a thread reads it ahead of them, so that they make no query for it.
"""

import os
import threading
import time
from typing import Any

from django.conf import settings
from django.db import Error, connections
from django.db.models import F

from common.models import CacheEpoch

BELIEVED = 0.1
READ_EVERY = 0.03
# How long a request waits for somebody else who reads it.
PATIENCE = 1.0
# Without requests for so long, nobody reads ahead.
IDLE_AFTER = 5.0


def begin_another() -> None:
    """Begin another epoch in the transaction at work: it holds once that is committed."""
    if not CacheEpoch.objects.filter(pk=1).update(number=F("number") + 1):
        CacheEpoch.objects.bulk_create([CacheEpoch(pk=1)], ignore_conflicts=True)
        CacheEpoch.objects.filter(pk=1).update(number=F("number") + 1)


def current() -> int | None:
    """Return the epoch; None where it is not known, and nothing that is kept can be believed."""
    return 0 if settings.CACHE_UNCOMMITTED else _reader.number()


def stop() -> None:
    """Stop reading ahead, and close the connection; the next request begins anew."""
    _reader.stop()


class _Reader:
    """Knows the epoch of the database, with a connection of its own, outside any transaction."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: Any = None
        self._number: int | None = None
        self._believed_until = 0.0
        self._asked_at = 0.0

    def number(self) -> int | None:
        """Return the epoch, read no longer than `BELIEVED` seconds ago."""
        # Held against when the request began: who answers a write has waited for longer.
        begun = self._asked_at = time.monotonic()
        if begun < self._believed_until:
            return self._number
        if not self._lock.acquire(timeout=PATIENCE):
            return None  # The database hangs.
        try:
            if begun >= self._believed_until:
                self._read()
            if self._thread is None:
                self._wake.clear()
                self._thread = threading.Thread(target=self._read_ahead, name="epoch", daemon=True)
                self._thread.start()
            return self._number if begun < self._believed_until else None
        finally:
            self._lock.release()

    def stop(self) -> None:
        """End the thread."""
        thread = self._thread
        self._wake.set()
        if thread:
            thread.join()

    def _read_ahead(self) -> None:
        while not self._wake.wait(READ_EVERY):
            if time.monotonic() - self._asked_at > IDLE_AFTER:
                break
            with self._lock:
                self._read()
        with self._lock:
            self._thread, self._believed_until = None, 0.0
            self._close()

    def _read(self) -> None:
        """Read the epoch.

        Without a database the last one goes on: nobody can begin another one there either.
        """
        begun = time.monotonic()
        try:
            self._number = self._select()
        except Error:
            if self._number is None:
                return
        self._believed_until = begun + BELIEVED

    def _select(self) -> int:
        try:
            return self._ask()
        except Error:
            # A connection of before a restart; a new one tells whether there is a database.
            self._close()
            return self._ask()

    def _ask(self) -> int:
        wrapper = connections["default"]
        with wrapper.wrap_database_errors:
            if self._connection is None:
                parameters = {**wrapper.get_connection_params(), "cursor_factory": None}
                self._connection = wrapper.Database.connect(**parameters, autocommit=True)
            table = CacheEpoch._meta.db_table
            row = self._connection.execute(f"SELECT max(number) FROM {table}").fetchone()
            return row[0] or 0

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


_reader = _Reader()


def _forget_parent() -> None:
    global _reader
    _reader = _Reader()


os.register_at_fork(after_in_child=_forget_parent)
