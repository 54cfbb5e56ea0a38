"""What runs concurrently does not run in a transaction."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import RUN_SQL
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act

OPERATIONS = ("AddIndexConcurrently", "RemoveIndexConcurrently", *RUN_SQL)

RULE = Rule(
    code="MIG024",
    name="concurrent-in-transaction",
    summary="An operation that cannot run in a transaction stands in an atomic migration.",
    reason=(
        "CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY and VACUUM refuse to run in a "
        "transaction, and Django wraps a migration in one: the migration fails on PostgreSQL."
    ),
    instead=(
        "Set atomic = False on the Migration, and give the operation a migration of its own: what "
        "fails half-way is not undone."
    ),
    bad="""\
operations = [
    AddIndexConcurrently("blog", models.Index(fields=["title"], name="blog_title")),
]
""",
    good="""\
atomic = False
operations = [
    AddIndexConcurrently("blog", models.Index(fields=["title"], name="blog_title")),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    if not migration.atomic:
        return
    for operation in context.operations(migration, *_KINDS, *RUN_SQL):
        words = [str(each) for each in operation.statements if each.act is Act.CONCURRENTLY]
        if operation.kind in _KINDS:
            words = [f"cannot run in a transaction: {operation.kind} on {operation.model}"]
        for what in words:
            yield RULE.finding(
                migration.location(operation),
                f"This {what}, and the migration is atomic.",
                f"Set atomic = False on {migration.name} and leave nothing else in it. "
                f"{accept(RULE)}",
            )


_KINDS = ("AddIndexConcurrently", "RemoveIndexConcurrently")
