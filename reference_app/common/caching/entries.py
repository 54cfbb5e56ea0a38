"""What is asked of the store about entries. Each function is one round trip."""

import secrets
from dataclasses import dataclass
from typing import Any

from common import store
from common.caching.places import Place, generation_keys, value_keys, writer_keys
from common.caching.scripts import FILL, GIVE_UP, LEASE, LIFE_MS, UNCERTAIN_MS, run

# An entry that nothing changes is made again after this time all the same.
KEPT_MS = 300_000
# How long nobody else makes a value; then its maker counts as dead.
LEASE_MS = 1_500


@dataclass(frozen=True)
class Lease:
    """What somebody who has found no entry is told.

    Attributes:
        payload: the entry, where somebody else was quicker.
        generations: those that a value made from now on is kept under.
        token: the right to make the value; empty where somebody else has it.
        is_given_up: whether there is nothing to wait for: whoever had the right has no value.
    """

    payload: bytes | None
    generations: bytes
    token: str
    is_given_up: bool


def read(place: Place, epoch: int) -> bytes | None:
    """Return an entry, or None where there is none that may be shown.

    Raises:
        StoreAway: the store is away.
    """
    entry, *generations = store.default().run(
        lambda client: client.ask(
            "MGET", value_keys(client, place)[0], *generation_keys(client, place.tags)
        )
    )
    if entry is None or None in generations:
        return None
    head, _, payload = entry.partition(b"\n")
    kept_in, _, kept_under = head.partition(b" ")
    if kept_under != b" ".join(generations) or int(kept_in) < epoch:
        return None
    return payload


def lease(place: Place, epoch: int) -> Lease:
    """Return the entry, or the right to make it, or neither where somebody else makes it.

    Raises:
        StoreAway: the store is away.
    """
    token = secrets.token_hex(8)

    def ask(client: store.Client) -> Any:
        keys = [
            *value_keys(client, place),
            *generation_keys(client, place.tags),
            *writer_keys(client, place.tags),
        ]
        fresh = secrets.token_hex(8)
        return run(client, LEASE, keys, token, fresh, epoch, LEASE_MS, LIFE_MS, UNCERTAIN_MS)

    state, generations, payload = store.default().run(ask)
    return Lease(
        payload=payload if state == b"kept" else None,
        generations=generations,
        token=token if state == b"yours" else "",
        is_given_up=state == b"given up",
    )


def fill(place: Place, held: Lease, epoch: int, payload: bytes) -> bool:
    """Keep a value, where no tag has changed since the lease; return whether it is kept.

    Raises:
        StoreAway: the store is away.
    """
    entry = b"%d %b\n%b" % (epoch, held.generations, payload)

    def ask(client: store.Client) -> Any:
        keys = [*value_keys(client, place), *generation_keys(client, place.tags)]
        return run(client, FILL, keys, held.token, held.generations, entry, KEPT_MS)

    return store.default().run(ask) == 1


def give_up(place: Place, held: Lease) -> None:
    """Tell whoever waits for the value that there will be none.

    Raises:
        StoreAway: the store is away.
    """
    store.default().run(
        lambda client: run(
            client, GIVE_UP, value_keys(client, place)[1:], held.token, held.generations
        )
    )
