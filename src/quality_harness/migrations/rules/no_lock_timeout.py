"""A change of the schema that waits makes everybody wait."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import RUN_SQL
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.locking import LOCKING, locked_tables, most_locked
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act

OPERATIONS = (*LOCKING, *RUN_SQL)

RULE = Rule(
    code="MIG031",
    name="no-lock-timeout",
    summary="The migration locks an existing table and sets no lock_timeout.",
    reason=(
        "ALTER TABLE waits for every running transaction on the table, and while it waits, every "
        "new query queues behind it: one long report stops the site. CREATE INDEX waits for those "
        "that have written, and every new write queues behind it. With a lock_timeout the "
        "migration gives up and can be tried again. Many projects set it for the role that "
        "migrates, which the source does not tell, so this is information only."
    ),
    instead=(
        "On PostgreSQL, set it for the role or the connection that migrates (OPTIONS, "
        '"-c lock_timeout=2s"), or in the migration: '
        "RunSQL(\"SET LOCAL lock_timeout = '2s'\", RunSQL.noop). Where the role has it, a comment "
        "accepts the finding: # quality-harness: ignore[MIG031]: set for the role"
    ),
    bad="""\
operations = [
    migrations.AddField("blog", "note", models.TextField(null=True)),
]
""",
    good="""\
operations = [
    migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
    migrations.AddField("blog", "note", models.TextField(null=True)),
]
""",
    severity=Severity.INFO,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for the first such operation of the migration."""
    if any(
        statement.act is Act.LOCK_TIMEOUT
        for operation in migration.operations
        for statement in operation.statements
    ):
        return
    locked = most_locked(locked_tables(context, migration))
    if locked is not None:
        what = "all reading" if locked.for_readers else "all writing"
        yield RULE.finding(
            migration.location(locked.operation),
            f"{migration.name} locks {locked.name} against {what} and sets no lock_timeout.",
            "On PostgreSQL, set lock_timeout for the role that migrates, or in the migration with "
            f"RunSQL(\"SET LOCAL lock_timeout = '2s'\", RunSQL.noop). {accept(RULE)}",
        )
