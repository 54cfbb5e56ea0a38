"""Where an entry stands in the store, and which keys belong to it.

A tag has a generation: random text that is another one after each change. An entry begins with the
generations that its tags had before its value was read from the database, and with the epoch.
"""

from dataclasses import dataclass

from django.conf import settings

from common.store import Client


@dataclass(frozen=True)
class Place:
    """One value that is kept.

    Attributes:
        name: what it is, such as the address of a page.
        tags: what it is made of; a change of one of them makes it worth nothing.
    """

    name: str
    tags: tuple[str, ...]


def prefix(client: Client) -> str:
    """Return what all keys begin with.

    It names the start of the server: one that was started again with old data, or a replica that
    was promoted, has none of our keys.
    """
    return f"{settings.CACHES['default'].get('KEY_PREFIX', '')}:shared:{client.start}:"


def generation_keys(client: Client, tags: tuple[str, ...]) -> list[str]:
    """Return the keys of the generations."""
    start = prefix(client)
    return [f"{start}generation:{tag}" for tag in tags]


def writer_keys(client: Client, tags: tuple[str, ...]) -> list[str]:
    """Return the keys of who is about to commit."""
    start = prefix(client)
    return [f"{start}writers:{tag}" for tag in tags]


def value_keys(client: Client, place: Place) -> list[str]:
    """Return the keys of an entry and of the lease to make it."""
    start = prefix(client)
    return [f"{start}entry:{place.name}", f"{start}lease:{place.name}"]
