"""Tells of views that serve the running code in the place of a table that got another name."""

from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Direction, Migration
from quality_harness.migrations.sql import Act
from quality_harness.migrations.sql_names import plain


def serves(migration: Migration, old: str, new: str) -> bool:
    """Return whether a migration puts a view of all of a table where the table was.

    PostgreSQL writes through a view that is nothing but `SELECT * FROM` one table, and fills
    what is left out with the table's defaults.

    Args:
        migration: renames the table, in one transaction with the view.
        old: the table's name before.
        new: its name afterwards.
    """
    return migration.atomic and any(
        statement.act is Act.CREATE
        and statement.target == f"view {plain(old)}"
        and statement.detail == plain(new)
        for operation in migration.operations
        if operation.direction is Direction.FORWARD and not operation.conditional
        for statement in operation.statements
    )


def any_before(context: Context, migration: Migration) -> bool:
    """Return whether SQL of another migration of the tree makes a view."""
    return any(
        statement.act is Act.CREATE and statement.target.startswith("view ")
        for each in context.migrations
        if each.path != migration.path
        for operation in each.operations
        if operation.direction is Direction.FORWARD
        for statement in operation.statements
    )
