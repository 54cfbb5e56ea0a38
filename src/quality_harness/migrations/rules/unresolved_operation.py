"""What cannot be told from the source is said, never passed over."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import UNRESOLVED, Migration

RULE = Rule(
    code="MIG011",
    name="unresolved-operation",
    summary="What the migration does is known only at run time.",
    reason=(
        "The check reads the source and runs nothing. SQL from a file, an operation of a "
        "class outside the project or a list that is computed may lose data, and silence "
        "would look like a pass."
    ),
    instead=(
        "Write operations and their SQL out in the migration, from constants if need be: a "
        "migration should do the same on every database and every day. Where that cannot be, "
        "accept the finding and say what it does."
    ),
    bad="""\
operations = [
    migrations.RunSQL(open("changes.sql").read()),
]
""",
    good="""\
operations = [
    migrations.RunSQL("CREATE INDEX blog_post_slug ON blog_post (slug)"),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation in context.operations(migration, UNRESOLVED):
        yield RULE.finding(
            migration.location(operation),
            f"Cannot tell what this does: {operation.problem}.",
            f"Write it out in the migration, from constants if need be. {accept(RULE)}",
        )
