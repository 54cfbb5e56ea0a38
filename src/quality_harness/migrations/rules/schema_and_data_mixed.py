"""Locks of the schema's change last as long as the data's."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import locks_table
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

OPERATIONS = ("RunPython", "RunSQL", "custom")

RULE = Rule(
    code="MIG028",
    name="schema-and-data-mixed",
    summary="A transaction changes the schema of an existing table and writes rows.",
    reason=(
        "The lock that a change of the schema takes lets nobody read the table, and it is held "
        "until the transaction ends: while rows are written, everybody waits. PostgreSQL also "
        "refuses to alter a table whose deferred constraints have yet to be checked. How long "
        "depends on the number of rows, so this is a warning."
    ),
    instead=(
        "Three migrations: one for the new column, one that fills it (atomic = False and in "
        "batches where the table is large), one for what needs it filled."
    ),
    bad="""\
def fill(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.filter(note=None).update(note="")


class Migration(migrations.Migration):
    operations = [
        migrations.AddField("blog", "note", models.TextField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
""",
    good="""\
def fill(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.filter(note=None).update(note="")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
""",
    severity=Severity.WARNING,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for the first such operation of the migration."""
    if not migration.atomic:
        return
    locked = next(locks_table(context, migration), None)
    for operation in context.operations(migration):
        if operation.writes and locked is not None:
            yield RULE.finding(
                migration.location(operation),
                f"{migration.name} writes rows in the transaction that alters {locked}: nobody "
                "can read the table until the last row is written.",
                f"Write the rows in a migration of its own. {accept(RULE)}",
            )
            return
