"""Tests of migrations, each on a database of its own.

Nothing that other tests use is migrated, so nothing has to be put back: not after a failure, not
where a migration has no way back. What a killed run leaves is dropped by a later one, see `server`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import AmbiguityError, MigrationLoader
from django.test import SimpleTestCase

from quality_harness.testing.server import Server, copy_name

# An app's label and the beginning of a migration's name; None for the app without its tables.
Target = tuple[str, str | None]


class MigrationTestCase(SimpleTestCase):  # type: ignore[misc]
    """A test that begins in the middle of the migrations, with empty tables.

    Attributes:
        migrate_from: the migrations that it begins with, and what these depend on.
        using: the alias of the database; it has to be among `databases`.
        apps: the models as the migrations so far make them: `apps.get_model("blog", "Tag")`.
    """

    databases = {DEFAULT_DB_ALIAS}
    using: ClassVar[str] = DEFAULT_DB_ALIAS
    migrate_from: ClassVar[tuple[Target, ...]] = ()
    apps: Any

    def setUp(self) -> None:
        """Make the database, and migrate it to where the test begins."""
        super().setUp()
        self.enterContext(own_database(self.using))
        self.migrate(*self.migrate_from)

    def migrate(self, *targets: Target) -> Any:
        """Migrate on, or back.

        Args:
            targets: such as ("blog", "0004"); the beginning of a name is enough.

        Returns:
            The models as they are now, which are `self.apps` from now on.

        Raises:
            LookupError: there is no such migration, or several begin so.
        """
        executor = MigrationExecutor(connections[self.using])
        state = executor.migrate([_found(executor.loader, *each) for each in targets])
        self.apps = state.apps
        return self.apps


@contextmanager
def own_database(alias: str) -> Iterator[None]:
    """Let an alias lead to a new and empty database for a while.

    Raises:
        ImproperlyConfigured: it is no PostgreSQL.
        CouldNotRun: the role may not make databases.
    """
    connection = connections[alias]
    if connection.vendor != "postgresql":
        raise ImproperlyConfigured(
            f"A MigrationTestCase needs PostgreSQL, and the database {alias!r} is "
            f"{connection.display_name}. Set `using` to an alias that leads to PostgreSQL."
        )
    server, before = Server(connection), connection.settings_dict["NAME"]
    name = copy_name("test_migrations", server.key, 1)
    server.drop_leftovers()
    server.make(name, connection.creation.sql_table_creation_suffix())
    try:
        _lead_to(connection, name)
        yield
    finally:
        _lead_to(connection, before)
        server.drop(name)
        server.close()


def _lead_to(connection: Any, name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _found(loader: MigrationLoader, app: str, name: str | None) -> Target:
    """Return the key of a migration that is named by its beginning."""
    if name is None or (app, name) in loader.graph.nodes:
        return app, name
    try:
        return app, loader.get_migration_by_prefix(app, name).name
    except (AmbiguityError, KeyError):
        known = sorted(key[1] for key in loader.graph.nodes if key[0] == app)
        raise LookupError(
            f"Not exactly one migration of {app!r} begins with {name!r}. "
            f"There are: {', '.join(known) or 'none'}."
        ) from None
