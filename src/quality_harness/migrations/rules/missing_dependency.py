"""A dependency that is not there stops every command that loads migrations."""

from collections.abc import Iterator
from dataclasses import replace

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.migrations.graph import Context
from quality_harness.migrations.history.beside import PACKAGE
from quality_harness.migrations.history.undeclared import undeclared
from quality_harness.migrations.operations import Migration

OF_HISTORY = True

RULE = Rule(
    code="MIG053",
    name="missing-dependency",
    summary="A migration depends on one that does not exist, or not on one that it needs.",
    reason=(
        "Django loads all migrations before it runs any: with a dependency that is not there "
        "`migrate`, `makemigrations` and the tests end with NodeNotFoundError. Apps that are not "
        "in this tree are not looked for. A function that asks for a model of another app, and a "
        "relation that leads to one, need a migration that has made it: without a dependency, "
        "a new database may not have it yet. Of a file in the app's folder, beside its migrations, "
        "you are informed: Django never loads it."
    ),
    instead="Name the migration that is there, or bring the missing one along.",
    bad="""\
# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# file: news/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0002_post")]
""",
    good="""\
# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# file: news/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial"), ("taggit", "0003_taggeditem")]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each dependency that is not there."""
    history = context.history
    if migration.path in history.beside:
        found = RULE.finding(
            Location(migration.path, migration.line),
            f"{migration.path} lies beside the folder {PACKAGE}: Django never loads it.",
            f"Move it into {PACKAGE}, or remove it.",
        )
        yield replace(found, severity=Severity.INFO)
        return
    for label, name in history.missing(migration):
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"{history.app(migration).label}.{migration.name} depends on {label}.{name}, which "
            "does not exist.",
            "Correct the name in `dependencies` or `run_before`, or bring that migration along.",
        )
    for (label, model), maker in undeclared(migration, history):
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"{history.app(migration).label}.{migration.name} needs {label}.{model}, and depends "
            "on no migration that makes it: a new database need not have it yet.",
            f'Add ("{label}", "{maker}") to `dependencies`.',
        )
