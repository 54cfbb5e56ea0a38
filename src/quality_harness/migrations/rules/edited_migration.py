"""A migration that is merged has run somewhere: an edit of it never will."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

OF_HISTORY = True
AGAINST_BASE = True

RULE = Rule(
    code="MIG051",
    name="edited-migration",
    summary="A migration that is on the base does something else now.",
    reason=(
        "Databases that ran it do not run it again, new ones run the edit, and from then on the "
        "two differ. Compared is what the file says, not how: formatting, comments, docstrings, "
        "annotations, the order of imports and of dependencies, imports that nothing uses, "
        "constants written out, arguments by name or by place, f-strings for `%` and format(), "
        "and texts for people (help_text, verbose_name, error_messages) may change, and so may "
        "what cleaning up after a squash takes. A module beside the migrations is compared "
        "likewise, where a merged one names it: what it said has to be there still. So is a file "
        "of SQL or of data that a merged one reads, without comments and blanks."
    ),
    instead="Leave it as it is and write a new migration that does what is missing.",
    bad="""\
# base: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    operations = [migrations.AddField("post", "slug", models.SlugField())]
# file: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    operations = [migrations.AddField("post", "slug", models.SlugField(max_length=80))]
""",
    good="""\
# base: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    operations = [migrations.AddField('post', 'slug', models.SlugField())]
# file: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    operations = [
        migrations.AddField("post", "slug", models.SlugField(help_text="in the address")),
    ]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding if the migration says something else than on the base."""
    history = context.history
    if migration.path in history.helped:
        yield _of_helper(history.helped[migration.path], migration)
    if migration.deleted or history.before(migration) is None:
        return
    if not history.is_unchanged(migration) and not history.is_renamed(migration):
        name = f"{history.app(migration).label}.{migration.name}"
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"Migration {name} is on the base already and is edited; databases may have run it.",
            f"Bring it back with `git checkout <base> -- {history.origin(migration)}` and write a "
            f"new migration. {accept(RULE)}",
        )


def _of_helper(helper: str, migration: Migration) -> Finding:
    is_module = helper.endswith(".py")
    new = (
        "write a new function" if is_module else "put what is new into a file that they do not read"
    )
    return RULE.finding(
        Location(migration.path, migration.line),
        f"{helper} is not what it was on the base, and migration {migration.name}, which is on the "
        f"base already, {'is made of' if is_module else 'reads'} it; databases may have run it.",
        f"Bring back what {helper} said, and {new} for new migrations. {accept(RULE)}",
    )
