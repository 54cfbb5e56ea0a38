"""Two migrations that are both the last of their app: Django refuses to migrate."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration

OF_HISTORY = True

RULE = Rule(
    code="MIG050",
    name="conflicting-leaf-nodes",
    summary="Two migrations of one app are both its last.",
    reason=(
        "Two branches each added a migration after the same one. Each was green alone; together "
        "`migrate` stops with a CommandError before it runs anything, and so do the tests."
    ),
    instead=(
        "Let the later one depend on the other and number it anew, if it has not been released. "
        "If both were, join them: python manage.py makemigrations --merge."
    ),
    bad="""\
# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# both: blog/migrations/0002_post.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
# file: blog/migrations/0002_tag.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
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
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for the app, on the last of its migrations that are checked."""
    if not context.history.speaks_for(migration):
        return
    app = context.history.app(migration)
    leaves = app.leaves()
    if len(leaves) > 1:
        names = " and ".join(each.name for each in leaves)
        others = [each.name for each in leaves if each.name != migration.name]
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"App {app.label} has {len(leaves)} last migrations: {names}.",
            f'Let one of them depend on the other: ("{app.label}", "{others[0]}"); or, if all '
            f"are released, run `python manage.py makemigrations --merge {app.label}`.",
        )
