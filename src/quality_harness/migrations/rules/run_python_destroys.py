"""A function hides what it drops or deletes from whoever reads the operations."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.on_new import is_list, is_on_new
from quality_harness.migrations.operations import Migration

OPERATIONS = ("RunPython", "custom")

RULE = Rule(
    code="MIG010",
    name="run-python-destroys",
    summary="A function that the migration runs drops, renames, empties or deletes.",
    reason=(
        "RunPython and operations with a database_forwards of their own may do anything. What "
        "they delete or drop is gone for good, and the old code that still runs fails where "
        "it uses it."
    ),
    instead=(
        "Delete rows in batches by a command, after the release that no longer needs them. "
        "Drop and rename in two releases: first the code, then the database."
    ),
    bad="""\
def forwards(apps, schema_editor):
    Comment = apps.get_model("blog", "Comment")
    Comment.objects.filter(spam=True).delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
""",
    good="""\
def forwards(apps, schema_editor):
    Comment = apps.get_model("blog", "Comment")
    Comment.objects.filter(spam=True).update(hidden=True)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation in context.operations(migration):
        for deed in operation.deeds:
            if is_on_new(context, migration, deed) or is_list(context, deed):
                continue
            location = migration.location(operation)
            if deed.path == migration.path:
                location = Location(deed.path, deed.line, deed.column)
            yield RULE.finding(
                location,
                f"{operation.arguments['function']}() {deed.does}: {deed.text}",
                "Delete rows in batches by a command, after the release that no longer needs "
                f"them; drop and rename in two releases. {accept(RULE)}",
            )
