"""What cannot be migrated back leaves a failed release no way out."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Effect, Migration

OPERATIONS = ("RunSQL", "RunPython", "custom")

RULE = Rule(
    code="MIG029",
    name="irreversible",
    summary="An operation cannot be reversed, or leaves behind what it made.",
    reason=(
        "Migrating back past it raises IrreversibleError. Where a release fails, the code can be "
        "rolled back and the schema cannot. Most migrations are never reversed, and the old code "
        "may well run on the new schema, so this is a warning."
    ),
    instead=(
        "Give reverse_sql or reverse_code. Where nothing needs to be undone, say so with "
        "RunSQL.noop or RunPython.noop; a table or column that SQL makes has to be dropped, or the "
        "migration cannot be applied again. A class of operations of your own needs a "
        "database_backwards."
    ),
    bad="""\
operations = [
    migrations.RunSQL("CREATE EXTENSION pg_trgm"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("CREATE EXTENSION pg_trgm", migrations.RunSQL.noop),
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
        if operation.left and operation.effect is not Effect.STATE_ONLY:
            yield RULE.finding(
                migration.location(operation),
                f"Migrating {migration.name} back leaves {', '.join(operation.left)} behind: it "
                "cannot be applied again.",
                f"Drop it in reverse_sql. {accept(RULE)}",
            )
