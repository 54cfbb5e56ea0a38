"""Locks of the schema's change last as long as the data's."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.locking import locked_tables, most_locked
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.sql.statements import Act

OPERATIONS = ("RunPython", "RunSQL", "custom")

RULE = Rule(
    code="MIG028",
    name="schema-and-data-mixed",
    summary="A transaction changes the schema of an existing table and writes rows.",
    reason=(
        "The lock that a change of the schema takes lets nobody read the table, that of an index "
        "lets nobody write, and it is held until the transaction ends: while rows are written, "
        "everybody waits. Rows that are written first keep nobody from reading, and still are no "
        "way out: PostgreSQL refuses to alter a table whose deferred constraints, as those of "
        "Django's foreign keys, have yet to be checked, and another transaction that waits for "
        "one of the rows and has written to the table waits for ever with the ALTER that waits "
        "for it: a deadlock. To make or "
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
    mixed = _mixed(migration, context)
    if mixed is not None:
        operation, what = mixed
        yield RULE.finding(
            migration.location(operation),
            f"{migration.name} {what}.",
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


def _mixed(migration: Migration, context: Context) -> tuple[Operation, str] | None:
    """Return an operation that writes rows beside a lock, best after it, and what comes of it."""
    locks = list(locked_tables(context, migration))
    writing = [each for each in context.operations(migration) if each.writes] if locks else []
    places = {id(each): place for place, each in enumerate(migration.operations)}
    for operation in writing:
        end = places[id(operation)]
        held = most_locked(each for each in locks if places.get(id(each.operation), 0) <= end)
        if held is not None:
            return operation, (
                f"writes rows in the transaction that alters {held.name}: nobody can "
                f"{held.kept_from} the table until the last row is written"
            )
    if not writing:
        return None
    return writing[0], (
        f"writes rows before it alters {locks[0].name} in the same transaction: a foreign key of "
        "them that waits to be checked makes PostgreSQL refuse, and who waits for such a row may "
        "hold up the lock for ever"
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
