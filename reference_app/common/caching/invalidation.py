"""Makes entries worth nothing: announced before the commit, done after it, before the answer.

A writer that dies in between has announced it: the generations run out by themselves. A writer
that cannot reach the store begins a new epoch, in its own transaction.
"""

import secrets
import threading
import time

from django.conf import settings
from django.db import transaction

from common import store
from common.caching import epochs
from common.caching.places import generation_keys, writer_keys
from common.caching.scripts import ANNOUNCE, LIFE_MS, RENEW, UNCERTAIN_MS, WRITER_MS, run
from common.store import Client, StoreAway

# Seconds until nobody believes what was kept before: neither under uncertain generations nor in
# an earlier epoch. A little longer than that: clocks differ.
FORGOTTEN_AFTER = 1.05 * max(UNCERTAIN_MS / 1000, epochs.BELIEVED)


class _Announced(threading.local):
    """What the transaction of this thread has announced, and whether the store knows of it."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget it, and be another writer from now on: what a store does late is not ours."""
        self.writer = secrets.token_hex(8)
        self.tags: set[str] = set()
        self.is_known = True


_announced = _Announced()


def invalidate(*tags: str) -> None:
    """Make everything under these tags worth nothing, once the transaction at work is committed.

    Call it in the transaction that changes the rows, behind the change.

    Args:
        tags: those of the places.
    """
    if settings.CACHE_UNCOMMITTED:
        return _forget_at_once(tags)
    _announced.tags.update(tags)
    try:
        store.default().run(lambda client: _announce(client, tags))
    except StoreAway:
        _announced.is_known = False
        epochs.begin_another()
    transaction.on_commit(_conclude, robust=True)


def _conclude() -> None:
    """Renew the generations of all that the transaction has announced: the first call does.

    What a transaction had announced that was rolled back goes along.
    """
    if not _announced.tags:
        return
    tags, writer, is_known = tuple(_announced.tags), _announced.writer, _announced.is_known
    _announced.begin()
    try:
        store.default().run(lambda client: _renew(client, tags, writer))
    except StoreAway:
        is_known = False
    if not is_known:
        time.sleep(FORGOTTEN_AFTER)


def _announce(client: Client, tags: tuple[str, ...]) -> None:
    keys = [*generation_keys(client, tags), *writer_keys(client, tags)]
    run(client, ANNOUNCE, keys, _announced.writer, WRITER_MS, UNCERTAIN_MS)


def _renew(client: Client, tags: tuple[str, ...], writer: str) -> None:
    keys = [*generation_keys(client, tags), *writer_keys(client, tags)]
    run(client, RENEW, keys, writer, secrets.token_hex(8), LIFE_MS, UNCERTAIN_MS)


def _forget_at_once(tags: tuple[str, ...]) -> None:
    try:
        store.default().run(lambda client: client.delete(*generation_keys(client, tags)))
    except StoreAway:
        return
