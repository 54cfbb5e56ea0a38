"""Database aliases of a test's own, on the server of the test-suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.conf import settings as django_settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import TestCase

from quality_harness.testing.server import Server


def entry(name: str, **changes: Any) -> dict[str, Any]:
    """Return an entry of DATABASES for the database `name`."""
    own = {**connections[DEFAULT_DB_ALIAS].settings_dict, "NAME": name, **changes}
    own["TEST"] = {
        **own["TEST"],
        "NAME": None,
        "MIGRATE": True,
        "DEPENDENCIES": [],
        **changes.get("TEST", {}),
    }
    return own


@contextmanager
def alias(case: TestCase, name: str, settings: dict[str, Any]) -> Iterator[Any]:
    """Add an alias that `case` may use; give its connection."""
    connections.settings[name] = django_settings.DATABASES[name] = settings
    allowed = frozenset({*case.databases, name})
    try:
        with mock.patch.object(type(case), "databases", allowed):
            yield connections[name]
    finally:
        connections[name].close()
        del connections[name]
        connections.settings.pop(name)
        django_settings.DATABASES.pop(name, None)


def control() -> Server:
    """Return a connection to the server."""
    return Server(connections[DEFAULT_DB_ALIAS])


def names(server: Server, like: str) -> list[str]:
    """Return the databases whose names begin so."""
    return [name for name, _ in server._databases() if name.startswith(like)]


class OnlyContentTypes:
    """A router: just one app has tables, which makes building quick."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return app_label == "contenttypes"
