"""What cannot be migrated back leaves a failed release no way out."""

from collections.abc import Iterator
from itertools import takewhile

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import added_columns
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Direction, Effect, Migration, Operation

OPERATIONS = ("RunSQL", "RunPython", "custom")

RULE = Rule(
    code="MIG029",
    name="irreversible",
    summary="An operation cannot be reversed, leaves behind what it made, or goes back half.",
    reason=(
        "Migrating back past it raises IrreversibleError. Where a release fails, the code can be "
        "rolled back and the schema cannot. Most migrations are never reversed, and the old code "
        "may well run on the new schema, so this is a warning."
    ),
    instead=(
        "Give reverse_sql or reverse_code. Where nothing needs to be undone, say so with "
        "RunSQL.noop or RunPython.noop; a table, a column, a trigger or a function that SQL makes "
        "has to be dropped, what needs others before them, or the migration cannot be applied "
        "again; what SQL makes anew has to be made as an earlier migration made it. What "
        "state_operations say has to come back in the database as well: a NOT NULL, an index. A "
        "class of operations of your own needs a database_backwards."
    ),
    bad="""\
operations = [
    migrations.RunSQL("CREATE EXTENSION pg_trgm"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
]
""",
    severity=Severity.WARNING,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation in context.operations(migration, "RunSQL", "RunPython", "custom"):
        if not operation.reversible and operation.kind == "custom":
            yield RULE.finding(
                migration.location(operation),
                f"The operation has no way back: {migration.name} cannot be migrated back.",
                f"Give its class a database_backwards that does not raise. {accept(RULE)}",
            )
        elif not operation.reversible:
            argument = "reverse_sql" if operation.kind == "RunSQL" else "reverse_code"
            yield RULE.finding(
                migration.location(operation),
                f"{operation.kind} has no {argument}, or one that raises: {migration.name} "
                "cannot be migrated back.",
                f"Give {argument}; where nothing needs to be undone, {operation.kind}.noop. "
                f"{accept(RULE)}",
            )
    for operation in migration.operations:
        is_told = operation.left or operation.changed or operation.stuck
        if is_told and operation.effect is not Effect.STATE_ONLY:
            yield from _of_sql(migration, context, operation)
    for index, operation in enumerate(migration.operations):
        for what in _of_the_state_alone(migration, context, index) if operation.stays else ():
            yield RULE.finding(
                migration.location(operation),
                f"Migrating {migration.name} back takes back the state alone: {what}.",
                f"Undo it in reverse_sql, too. {accept(RULE)}",
            )


def _of_sql(migration: Migration, context: Context, operation: Operation) -> Iterator[Finding]:
    """Give what the SQL of a way back leaves, and where it stops."""
    undone = {name for each in migration.operations for name in each.dropped}
    left = [
        each
        for each in operation.left
        if each.partition(" of ")[0] not in undone and not _goes_with(migration, context, each)
    ]
    if left:
        yield RULE.finding(
            migration.location(operation),
            f"Migrating {migration.name} back leaves {', '.join(left)} behind: it cannot be "
            "applied again.",
            f"Drop it in reverse_sql. {accept(RULE)}",
        )
    again = {
        name
        for each in migration.operations
        for name in each.made
        if each.direction is Direction.REVERSE
    }
    changed = [
        each
        for each in operation.changed
        if each not in again and context.releases.has_made(each, migration)
    ]
    if changed:
        yield RULE.finding(
            migration.location(operation),
            f"Migrating {migration.name} back does not bring back {', '.join(changed)} as it was "
            "before.",
            f"Make it again in reverse_sql, as the earlier migration does. {accept(RULE)}",
        )
    if operation.stuck:
        first, other = operation.stuck
        yield RULE.finding(
            migration.location(operation),
            f"Migrating {migration.name} back fails: it drops {first} while {other} needs it.",
            f"Drop {other} first in reverse_sql. {accept(RULE)}",
        )


def _goes_with(migration: Migration, context: Context, left: str) -> bool:
    """Return whether what SQL leaves goes with a table or column that the migration adds."""
    table, _, columns = left.partition(" of ")[2].partition(" (")
    added = {column for owner, column in added_columns(context, migration) if owner == table}
    is_of_added = bool(added.intersection(columns.rstrip(")").split(", ")))
    return context.is_own_table(migration, table) or is_of_added


def _of_the_state_alone(migration: Migration, context: Context, index: int) -> Iterator[str]:
    """Give what an operation's SQL leaves otherwise than the state will be after the way back."""
    rest = enumerate(migration.operations[index + 1 :], index + 1)
    with_it = takewhile(lambda each: _belongs(each[1]), rest)
    for place, operation in with_it:
        change = context.states.changes.get((migration.path, place))
        if change is None or change.before is None or change.after is None:
            continue
        if operation.kind in ("RemoveIndex", "RemoveConstraint"):
            yield f"{operation.arguments.get('name', 'what is removed')} stays away"
        if operation.kind == "AlterField":
            old, new = change.before.field(operation.field), change.after.field(operation.field)
            yield from _altered(operation.field, old, new)


def _belongs(operation: Operation) -> bool:
    return operation.effect is Effect.STATE_ONLY or operation.direction is Direction.REVERSE


def _altered(name: str, old: Field | None, new: Field | None) -> Iterator[str]:
    if old is None or new is None:
        return
    if old.null is False and new.null is True:
        yield f"{name} may be NULL"
    if old.is_indexed and new.is_known and not new.is_indexed:
        yield f"{name} has no index"
