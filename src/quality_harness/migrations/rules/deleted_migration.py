"""A migration that is gone leaves databases that ran it with no way on or back."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration

AGAINST_BASE = True

RULE = Rule(
    code="MIG012",
    name="deleted-migration",
    summary="A migration that was there on the base is deleted.",
    reason=(
        "Databases that ran it cannot be migrated back past it, databases that did not run it "
        "never will, and the next migration of the same name is taken for done."
    ),
    instead=(
        "Leave the migration and write a new one that undoes it. To make many into one, use "
        "squashmigrations, and delete the old files while the squashed migration's `replaces` "
        "still names them."
    ),
    bad="""\
git rm blog/migrations/0002_post_subtitle.py
""",
    good="""\
python manage.py squashmigrations blog 0001 0002
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding if the migration is gone."""
    replaced = context.is_replaced(migration) or context.history.was_replaced(migration)
    if migration.deleted and not replaced:
        yield RULE.finding(
            Location(migration.path),
            f"Migration {migration.app}.{migration.name} is deleted; databases may have run it.",
            f"Bring it back with `git checkout <base> -- {migration.path}` and undo what it does "
            "in a new migration; or name it in the `replaces` of a squashed one.",
        )
