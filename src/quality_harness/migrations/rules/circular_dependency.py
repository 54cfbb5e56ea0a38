"""Migrations that wait for one another never run."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration

OF_HISTORY = True

RULE = Rule(
    code="MIG055",
    name="circular-dependency",
    summary="Migrations depend on one another in a circle.",
    reason=(
        "There is no order in which they can run: every command that loads migrations ends with "
        "CircularDependencyError."
    ),
    instead=(
        "Split one of them, so that the part that the others need comes first: often a foreign "
        "key, which AddField can bring after both tables are there."
    ),
    bad="""\
# file: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial")]
# file: news/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
""",
    good="""\
# file: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# file: blog/migrations/0002_post_news.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial"), ("news", "0001_initial")]
# file: news/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding if the migration is in the circle, on the first that is checked."""
    history = context.history
    circle = [each for each in history.cycle if each.path in history.judged_paths]
    if circle and migration is min(circle, key=lambda each: each.path):
        names = [f"{history.app(each).label}.{each.name}" for each in history.cycle]
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"Migrations wait for one another: {', '.join(names)}.",
            "Remove one of these dependencies, or split the migration that has it.",
        )
