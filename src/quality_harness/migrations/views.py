"""Tells of views that serve the running code, and of those that serve it no longer."""

from collections.abc import Iterator

from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Direction, Migration, Operation
from quality_harness.migrations.sql.names import plain
from quality_harness.migrations.sql.statements import Act, Statement


def serves(migration: Migration, old: str, new: str, model: Model | None) -> bool:
    """Return whether a migration puts a view of all of a table where the table was.

    PostgreSQL writes through a view that is nothing but `SELECT * FROM` one table, or names of its
    columns in place of `*`, and fills what is left out with the table's defaults.

    Args:
        migration: renames the table, in one transaction with the view.
        old: the table's name before.
        new: its name afterwards.
        model: the table's model before; None where it has none.
    """
    return migration.atomic and any(
        statement.act is Act.CREATE
        and statement.target == f"view {plain(old)}"
        and statement.detail == plain(new)
        and (not statement.columns or (model and _has_all(statement, model)))
        for operation in migration.operations
        if operation.direction is Direction.FORWARD and not operation.conditional
        for statement in operation.statements
    )


def serves_renamed(step: Step, migration: Migration) -> bool:
    """Return whether such a view stands where the table of an operation's model was."""
    if step.before is None or step.after is None:
        return False
    old, new = step.before.table, step.after.table
    return bool(old and new and serves(migration, old, new, step.before))


def _has_all(view: Statement, model: Model) -> bool:
    return {column.lower() for column in model.columns} <= {*view.columns}


def narrowed(context: Context, migration: Migration) -> Iterator[tuple[Operation, str, str]]:
    """Give the views of the base that a migration makes anew without a column of their model.

    Args:
        context: what is known of the whole change.
        migration: makes them anew.

    Yields:
        The operation, the view's name and the column.
    """
    for operation in context.operations(migration, "RunSQL"):
        for statement in operation.statements:
            # A materialized view is held as a table is.
            kind, _, name = statement.target.partition(" ")
            is_told = (
                statement.act is Act.CREATE and kind in ("view", "table") and statement.columns
            )
            model = context.existing(migration, plain(name)) if is_told else None
            for column in model.columns if model else ():
                if column.lower() not in statement.columns:
                    yield operation, plain(name), column


def emptied(context: Context, migration: Migration) -> Iterator[tuple[Operation, Statement]]:
    """Give the materialized views of the base that a migration leaves without rows.

    To read such a view is an error until somebody refreshes it.

    Args:
        context: what is known of the whole change.
        migration: makes them anew WITH NO DATA, or refreshes them so.
    """
    found: dict[str, tuple[Operation, Statement]] = {}
    dropped = {name for operation in migration.operations for name in operation.dropped}
    for operation in context.operations(migration, "RunSQL"):
        for statement in operation.statements:
            name = f"view {statement.table}"
            if statement.act is Act.EMPTY and (statement.detail or name in dropped):
                if context.releases.has_made(name, migration) or context.existing(
                    migration, statement.table
                ):
                    found[name] = operation, statement
            elif statement.act is Act.LOCK and migration.atomic:
                found.pop(name, None)
    yield from found.values()


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
