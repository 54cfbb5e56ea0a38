"""TRUNCATE is the quickest way to lose every row."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import RUN_SQL, on_old_tables
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act

OPERATIONS = RUN_SQL

RULE = Rule(
    code="MIG007",
    name="sql-truncate",
    summary="RunSQL empties a table.",
    reason=(
        "Every row is gone for good: TRUNCATE has no condition, and reversing the migration "
        "brings nothing back. It also locks the table against all reading while it waits for "
        "its turn."
    ),
    instead=(
        "Delete what is not needed in batches, outside migrations, after a backup and with a "
        "condition that someone reviewed. Where a cache table may be emptied, accept the "
        "finding with that reason."
    ),
    bad="""\
operations = [
    migrations.RunSQL("TRUNCATE TABLE blog_view"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("ANALYZE blog_view", migrations.RunSQL.noop),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation, statement in on_old_tables(context, migration, Act.TRUNCATE):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}.",
            "Delete what is not needed in batches, outside the migration, after a backup. "
            f"{accept(RULE)}",
        )
