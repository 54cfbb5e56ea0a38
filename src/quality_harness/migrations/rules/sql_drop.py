"""What SQL drops is gone as surely as what an operation drops."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import RUN_SQL, on_old_tables
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act
from quality_harness.migrations.views import any_before, emptied, narrowed

OPERATIONS = RUN_SQL

RULE = Rule(
    code="MIG006",
    name="sql-drop",
    summary="RunSQL drops a table, a column, a schema or a view.",
    reason=(
        "What is dropped does not come back with a rollback, and the old code that still runs "
        "during the deploy fails wherever it uses it. Django's state does not even know."
    ),
    instead=(
        "Remove in two releases: first take every use out of the code, then drop in a later "
        "release, when no running code knows it and its rows are saved or not needed. A view "
        "that is dropped and made again in the same migration is fine, but not a materialized one "
        "that is made WITH NO DATA. CASCADE takes views along: "
        "where the project makes views by SQL, leave it out."
    ),
    bad="""\
operations = [
    migrations.RunSQL("ALTER TABLE blog_post DROP COLUMN subtitle"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("ALTER TABLE blog_post ALTER COLUMN subtitle DROP NOT NULL"),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation, statement in on_old_tables(context, migration, Act.DROP):
        takes_views = statement.detail == "cascade" and any_before(context, migration)
        if not takes_views and context.has_left(migration, statement.table, statement.column):
            continue
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}.",
            f"Drop it in a later release, when no running code uses it. {accept(RULE)}",
        )
    for operation, statement in emptied(context, migration):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}: until it is refreshed, the running code fails where "
            "it reads it.",
            f"Make it WITH DATA, or refresh it in the same transaction. {accept(RULE)}",
        )
    for operation, view, column in narrowed(context, migration):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} makes view {view} anew without column {column}, which the running "
            "code reads.",
            f"Keep the column until a release that no longer knows it. {accept(RULE)}",
        )
