"""A way back that deletes is a second release that goes wrong."""

from collections.abc import Iterator
import re

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Direction, Effect, Migration, Operation
from quality_harness.migrations.sql import Act, Statement

OPERATIONS = ("RunSQL", "RunPython")

RULE = Rule(
    code="MIG030",
    name="lossy-reversal",
    summary="Migrating back deletes, empties or drops what migrating forward did not make.",
    reason=(
        "A reversal is run in a hurry, when a release has failed. Rows that were written before "
        "it, or since, are gone for good. Whether anybody will ever migrate back is not known, so "
        "this is a warning."
    ),
    instead=(
        "Undo what the migration did and no more: delete the rows that it made, by a condition "
        "that names them; drop only what it created. Where nothing needs to be undone, use noop."
    ),
    bad="""\
operations = [
    migrations.RunSQL("INSERT INTO blog_seen SELECT id FROM blog_post", "DELETE FROM blog_post"),
]
""",
    good="""\
operations = [
    migrations.RunSQL("CREATE TABLE blog_note (id bigint)", "DROP TABLE blog_note"),
]
""",
    severity=Severity.WARNING,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for index, operation in enumerate(migration.operations):
        if operation.direction is Direction.FORWARD or operation.effect is Effect.STATE_ONLY:
            continue
        forward = _forward_of(migration, index)
        for what in (*_in_sql(operation, forward), *_in_function(operation, forward)):
            yield RULE.finding(
                migration.location(operation),
                f"Migrating {migration.name} back {what}.",
                f"Undo what the migration did and no more. {accept(RULE)}",
            )


_LOSSES = (Act.DROP, Act.TRUNCATE, Act.DELETE)
_EVERY_ROW = re.compile(r"\.(objects|_default_manager)(\.using\([^)]*\))?(\.all\(\))?\.delete\(")


def _forward_of(migration: Migration, index: int) -> Operation | None:
    before = migration.operations[index - 1] if index else None
    is_its = before is not None and before.line == migration.operations[index].line
    return before if is_its else None


def _in_sql(operation: Operation, forward: Operation | None) -> Iterator[str]:
    made = forward.made if forward is not None else ()
    for statement in operation.statements:
        if statement.act in _LOSSES and not _undoes(statement, made):
            yield str(statement)


def _undoes(statement: Statement, made: tuple[str, ...]) -> bool:
    if statement.act is Act.DELETE:
        return f"rows of {statement.table}" in made
    name = statement.target.partition(" ")[2].lower().replace('"', "")
    return "…" in name or name in made or name.rpartition(".")[2] in made


def _in_function(operation: Operation, forward: Operation | None) -> Iterator[str]:
    made = forward.made if forward is not None else ()
    for deed in operation.deeds:
        if f"model {'.'.join(deed.model)}" in made:
            continue
        drops = deed.does.startswith(("drops", "empties"))
        if drops or _EVERY_ROW.search(deed.text) is not None or "_raw_delete" in deed.text:
            yield f"{deed.does}: {deed.text}"
