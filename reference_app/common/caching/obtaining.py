"""Gives a value from the store, or has it made once while the others wait."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import connection

from common.caching import entries, epochs
from common.caching.entries import Lease
from common.caching.places import Place
from common.store import StoreAway

Make = Callable[[], bytes | None]

# Seconds that nobody waits longer than for somebody else's work.
PATIENCE = 1.9
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05


class Outcome(StrEnum):
    """Where a value comes from; all but the first two have asked the database."""

    HIT = "hit"
    WAITED = "waited"
    MISS = "miss"
    ALONE = "alone"
    AWAY = "away"
    PRIVATE = "private"


@dataclass(frozen=True)
class Found:
    """A value.

    Attributes:
        outcome: where it comes from.
        payload: what was kept or made; None where it was made and is not to be kept.
    """

    outcome: Outcome
    payload: bytes | None


def obtain(place: Place, make: Make) -> Found:
    """Return what is kept at a place, else have it made.

    Args:
        place: where it is kept.
        make: reads the database; None is an answer that is not kept.

    Raises:
        Exception: what `make` raises.
    """
    # What a transaction reads may never be committed.
    if connection.in_atomic_block and not settings.CACHE_UNCOMMITTED:
        return Found(Outcome.PRIVATE, make())
    epoch = epochs.current()
    if epoch is None:
        return Found(Outcome.AWAY, make())
    try:
        payload = entries.read(place, epoch)
    except StoreAway:
        return Found(Outcome.AWAY, make())
    if payload is not None:
        return Found(Outcome.HIT, payload)
    return _made_once(place, epoch, make)


def _made_once(place: Place, epoch: int, make: Make) -> Found:
    give_up_at = time.monotonic() + PATIENCE
    pause, outcome = FIRST_PAUSE, Outcome.HIT
    while True:
        try:
            held = entries.lease(place, epoch)
        except StoreAway:
            return Found(Outcome.AWAY, make())
        if held.payload is not None:
            return Found(outcome, held.payload)
        if held.token:
            return Found(Outcome.MISS, _made_and_kept(place, held, epoch, make))
        if held.is_given_up or time.monotonic() + pause > give_up_at:
            return Found(Outcome.ALONE, _made_and_kept(place, held, epoch, make))
        time.sleep(pause)
        pause, outcome = min(2 * pause, LONGEST_PAUSE), Outcome.WAITED


def _made_and_kept(place: Place, held: Lease, epoch: int, make: Make) -> bytes | None:
    payload = None
    try:
        payload = make()
    finally:
        # Without a store, whoever waits for the value notices that by themselves.
        with suppress(StoreAway):
            if payload is None:
                entries.give_up(place, held)
            else:
                entries.fill(place, held, epoch, payload)
    return payload
