"""Two migrations of one number run well, and are mixed up by people."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration

OF_HISTORY = True

RULE = Rule(
    code="MIG056",
    name="duplicate-number",
    summary="Two migrations of one app have the same number.",
    reason=(
        "Django goes by dependencies and runs both; `migrate blog 0004` is ambiguous then, and "
        "the order cannot be read off the names. This is for information and never fails."
    ),
    instead="Number the new one on, while it has not been released.",
    bad="""\
# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# both: blog/migrations/0002_post.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
# file: blog/migrations/0002_tag.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0002_post")]
""",
    good="""\
# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# both: blog/migrations/0002_post.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
# file: blog/migrations/0003_tag.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0002_post")]
""",
    severity=Severity.INFO,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding if another migration of the app has the number and comes before by name."""
    number = migration.name[:4]
    if migration.deleted or migration.replaces or not number.isdecimal():
        return
    app = context.history.app(migration)
    judged = context.history.judged_paths
    # Of two that are both checked, the later one is told.
    same = [
        each.name
        for each in app.by_number[number]
        if each.path not in judged or each.name < migration.name
        if each.name != migration.name
    ]
    if same and migration.name not in app.replaced:
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"{app.label}.{migration.name} has the number of {same[0]}.",
            "Number the new one on, if it has not been released.",
        )
