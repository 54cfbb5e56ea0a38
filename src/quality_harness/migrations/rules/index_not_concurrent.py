"""While an index is built, nobody can write."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import RUN_SQL, Altered, altered, on_old_tables, together
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.sql.statements import Act
from quality_harness.migrations.uniqueness import new_uniques

OPERATIONS = ("AddIndex", "AlterField", "AddField", "AddConstraint", "AlterIndexTogether", *RUN_SQL)

RULE = Rule(
    code="MIG025",
    name="index-not-concurrent",
    summary="An index on an existing table is built without CONCURRENTLY.",
    reason=(
        "Building an index locks its table against every write until all rows are read: minutes on "
        "a large table, and every INSERT and UPDATE waits. How long depends on the table's size, "
        "which the source does not tell, so this is a warning. The index of a new column is built "
        "while ADD COLUMN keeps even the readers out, and so is the one that Django makes again "
        "when an indexed column turns from varchar to text or gets another collation. A unique "
        "index that no row can break is a matter of this rule alone."
    ),
    instead=(
        "AddIndexConcurrently (django.contrib.postgres.operations), or RunSQL with CREATE INDEX "
        "CONCURRENTLY, in a migration of its own with atomic = False."
    ),
    bad="""\
operations = [
    migrations.AddIndex("blog", models.Index(fields=["title"], name="blog_title")),
]
""",
    good="""\
atomic = False
operations = [
    AddIndexConcurrently("blog", models.Index(fields=["title"], name="blog_title")),
]
""",
    severity=Severity.WARNING,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation in _built(migration, context):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.kind} builds an index on the table of {operation.model} while nobody can "
            "write to it.",
            _HINT,
        )
    for operation, statement in on_old_tables(context, migration, Act.ADD_INDEX):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}; nobody can write to it meanwhile.",
            _HINT,
        )


_HINT = (
    "Use AddIndexConcurrently, or CREATE INDEX CONCURRENTLY, in a migration of its own with "
    f"atomic = False. {accept(RULE)}"
)


def _built(migration: Migration, context: Context) -> Iterator[Operation]:
    yield from context.operations(migration, "AddIndex")
    for each in altered(context, migration):
        # A unique index is a matter of new-unique; a plain one does not take it over.
        is_new = not each.new.is_unique and (not each.old.is_indexed or each.old.is_unique)
        is_made_again = each.old.is_indexed and (_changes_pattern(each) or _sorts_anew(each))
        if each.new.is_indexed and (is_new or is_made_again):
            yield each.step.operation
    for step in context.steps(migration, "AddField"):
        if step.field.is_indexed:
            yield step.operation
    for unique in new_uniques(context, migration):
        if unique.enforced:
            yield unique.operation
    for step in context.steps(migration, "AlterIndexTogether"):
        before = step.before.options.get("index_together") if step.before is not None else None
        if set(together(step.operation.given["index_together"])) - set(together(before)):
            yield step.operation


def _sorts_anew(each: Altered) -> bool:
    """Return whether the values of an index get another order."""
    return each.old.get("db_collation") != each.new.get("db_collation")


def _changes_pattern(each: Altered) -> bool:
    """Return whether the index for LIKE has to be made again: for another type of text."""
    old, new = each.old.type, each.new.type
    is_text = old is not None and new is not None and old.family == new.family == "text"
    return is_text and (each.old.kind == "TextField") != (each.new.kind == "TextField")
