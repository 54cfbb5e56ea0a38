"""What refuses or swallows writes hits the code that still makes them."""

from collections.abc import Iterator
from dataclasses import replace

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import RUN_SQL, on_old_tables
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act
from quality_harness.migrations.trigger_columns import columns_of, without_column
from quality_harness.migrations.triggers import ACTS, hindered

OPERATIONS = ("RemoveField", *RUN_SQL)

RULE = Rule(
    code="MIG032",
    name="hindered-writes",
    summary="SQL makes the database refuse, swallow or hold up what the running code writes.",
    reason=(
        "A trigger that raises, a rule that does something else instead and row security hit the "
        "old code that still runs: its writes fail, or vanish without an error. A published table "
        "whose replica identity is NOTHING refuses every UPDATE and DELETE. A key that is "
        "GENERATED ALWAYS refuses rows that bring their own, as those of a fixture do; a sequence "
        "that begins again gives keys that rows have already; a generated column without its "
        "expression stays empty in what old code inserts. A trigger that copies a value to a "
        "column without room for it fails, and the write with it, and so does one that refers to "
        "the row which is deleted. A trigger or a function that is dropped "
        "may be what gave a required column its value, and one that a check calls may let less "
        "pass with another body. A trigger that uses a column which is dropped fails from then on, "
        "and every write that sets it off. LOCK TABLE and REFRESH MATERIALIZED "
        "VIEW keep everybody out until the migration ends; how long that is the source does not "
        "tell, so it is a warning."
    ),
    instead=(
        "Release code that no longer makes such writes first. A trigger that only fills in or "
        "copies is no finding; leave locks to the statements that need them, and refresh a view "
        "CONCURRENTLY."
    ),
    bad="""\
operations = [
    migrations.RunSQL("CREATE RULE frozen AS ON INSERT TO blog_post DO INSTEAD NOTHING"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("CREATE RULE noted AS ON INSERT TO blog_post DO ALSO NOTIFY posts"),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation, statement in on_old_tables(
        context, migration, Act.REFUSE, Act.RESTART, Act.DROP_EXPRESSION, Act.LOCK
    ):
        found = RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}, which the running code uses.",
            f"Release code that no longer makes such writes first. {accept(RULE)}",
        )
        is_lock = statement.act is Act.LOCK
        yield replace(found, severity=Severity.WARNING) if is_lock else found
    published = {each.table for _, each in on_old_tables(context, migration, Act.PUBLISH_NEW)}
    for operation, statement in on_old_tables(context, migration, Act.NO_IDENTITY):
        if statement.table not in published:
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}: once it is published, UPDATE and DELETE fail.",
                f"Leave the replica identity as it is, or set it to FULL. {accept(RULE)}",
            )
    for step in context.steps(migration, "RemoveField"):
        table, columns = columns_of(step)
        for what in without_column(context, migration, table, *columns):
            yield RULE.finding(
                migration.location(step.operation),
                f"RemoveField {what}.",
                f"Drop the trigger first, or give it a function without it. {accept(RULE)}",
            )
    for operation, statement in on_old_tables(context, migration, *ACTS):
        for what in hindered(context, migration, statement):
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {what}.",
                f"Release code that does without it first. {accept(RULE)}",
            )
