"""Rows that a migration deletes do not come back with a rollback."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import RUN_SQL, on_old_tables
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act

OPERATIONS = RUN_SQL

RULE = Rule(
    code="MIG008",
    name="sql-delete-rows",
    summary="RunSQL deletes rows.",
    reason=(
        "The rows are gone for good: reversing the migration brings nothing back, and the old "
        "code that still runs may be using them. On a large table the deletion holds its "
        "locks until the whole migration ends."
    ),
    instead=(
        "Delete in batches by a command that can be stopped, looked at and run again, after "
        "the release that no longer needs the rows."
    ),
    bad="""\
operations = [
    migrations.RunSQL("DELETE FROM blog_comment WHERE spam"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("UPDATE blog_comment SET hidden = true WHERE spam"),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation, statement in on_old_tables(context, migration, Act.DELETE):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}.",
            "Delete in batches by a command, after the release that no longer needs the "
            f"rows. {accept(RULE)}",
        )
