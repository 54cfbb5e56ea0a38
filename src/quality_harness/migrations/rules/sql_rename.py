"""A name that SQL changes is a missing one for the code that still runs."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import RUN_SQL, is_new_column, on_old_tables
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act
from quality_harness.migrations.views import serves

OPERATIONS = RUN_SQL

RULE = Rule(
    code="MIG009",
    name="sql-rename",
    summary="RunSQL renames a table or a column, or moves a table to another schema.",
    reason=(
        "During the deploy the old code still runs and asks for the old name: its queries "
        "fail until the last old process is gone, and again after a rollback of the code."
    ),
    instead=(
        "Keep the name in the database and rename in the code, with db_table or db_column. "
        "Where the name itself must change: add the new one, write to both, copy, switch the "
        "readers, and drop the old one in a later release. A view that is SELECT * FROM the new "
        "table, made under the old name in the same transaction, serves the old code. Renaming an "
        "index or a constraint is fine."
    ),
    bad="""\
operations = [
    migrations.RunSQL("ALTER TABLE blog_post RENAME COLUMN title TO headline"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("ALTER INDEX blog_post_title RENAME TO blog_post_headline"),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation, statement in on_old_tables(context, migration, Act.RENAME):
        if is_new_column(context, migration, statement.table, statement.column):
            continue
        model = context.existing(migration, statement.table)
        if not statement.column and serves(migration, statement.table, statement.detail, model):
            continue
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}.",
            "Keep the name with db_table or db_column; or add, copy, switch, and drop the "
            f"old one in a later release. {accept(RULE)}",
        )
