"""Locks of the schema's change last as long as the data's."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import locks_table
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.sql import Act

OPERATIONS = ("RunPython", "RunSQL", "custom")

RULE = Rule(
    code="MIG028",
    name="schema-and-data-mixed",
    summary="A transaction changes the schema of an existing table and writes rows.",
    reason=(
        "The lock that a change of the schema takes lets nobody read the table, and it is held "
        "until the transaction ends: while rows are written, everybody waits. PostgreSQL also "
        "refuses to alter a table whose deferred constraints have yet to be checked. To make or "
        "drop a trigger, a rule or a policy holds up all who write, so rows come before it. How "
        "long depends on the number of rows, so this is a warning."
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
    for operation, held in _written_while_held(migration, context):
        yield RULE.finding(
            migration.location(operation),
            f"{migration.name} writes rows after it has made or dropped a trigger, a rule or a "
            f"policy of {held}: nobody can write to the table until the last row is written.",
            f"Write the rows in a migration of its own. {accept(RULE)}",
        )


def _written_while_held(migration: Migration, context: Context) -> Iterator[tuple[Operation, str]]:
    """Give the first operation that writes rows while a table is held, and that table."""
    held = ""
    for operation in context.operations(migration):
        if held and operation.writes:
            yield operation, held
            return
        for statement in operation.statements:
            if statement.act is Act.HOLD and not context.is_own_table(migration, statement.table):
                held = held or statement.table
            elif held and statement.act in (Act.UPDATE, Act.WRITE):
                yield operation, held
                return
