"""A migration under a new name is a new migration to every database."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

OF_HISTORY = True
AGAINST_BASE = True

RULE = Rule(
    code="MIG052",
    name="renamed-migration",
    summary="A migration that is on the base has another name now.",
    reason=(
        "Databases remember migrations by app and name. Those that ran the old one run the new "
        "one again, and it fails on what is there already; the old name stays in their history."
    ),
    instead=(
        "Keep the name. If it has to go, say so: replaces = [(app, old name)] in the migration."
    ),
    bad="""\
# base: blog/migrations/0002_auto.py
class Migration(migrations.Migration):
    operations = [migrations.AddField("post", "slug", models.SlugField())]
# file: blog/migrations/0002_post_slug.py
# was: blog/migrations/0002_auto.py
class Migration(migrations.Migration):
    operations = [migrations.AddField("post", "slug", models.SlugField())]
""",
    good="""\
# base: blog/migrations/0002_auto.py
class Migration(migrations.Migration):
    operations = [migrations.AddField("post", "slug", models.SlugField())]
# file: blog/migrations/0002_post_slug.py
# was: blog/migrations/0002_auto.py
class Migration(migrations.Migration):
    replaces = [("blog", "0002_auto")]
    operations = [migrations.AddField("post", "slug", models.SlugField())]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding if the migration had another name on the base, and nothing says so."""
    history = context.history
    origin = history.origin(migration)
    if origin is None or not history.is_renamed(migration):
        return
    old = Migration(origin)
    label = history.app(old).label
    if old.name not in history.app(old).replaced:
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"Migration {label}.{old.name} of the base is called "
            f"{history.app(migration).label}.{migration.name} now; databases that ran it will "
            "run it again.",
            f'Give it its name back, or add `replaces = [("{label}", "{old.name}")]`. '
            f"{accept(RULE)}",
        )
