"""Another table behind a relation is an empty one."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import Altered, altered
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

OPERATIONS = ("AlterField", "AddField")

RULE = Rule(
    code="MIG022",
    name="many-to-many-swap",
    summary=(
        "A many-to-many relation gets another table or leads to another model, or replaces a "
        "field."
    ),
    reason=(
        "The rows of a many-to-many relation stand in a table of their own. Django refuses to turn "
        "a column into such a table, or one with `through` into one without; a relation that is "
        "removed and added again begins empty, and the running code still reads the old table."
    ),
    instead=(
        "Keep the table: name it with db_table in the Meta of a `through` model, and change the "
        "field in the state_operations of SeparateDatabaseAndState. Or add the new relation under "
        "a new name, write both, copy, switch the readers, and remove the old one in a later "
        "release."
    ),
    bad="""\
operations = [
    migrations.AlterField(
        "blog", "tags", models.ManyToManyField("blog.Tag", through="blog.Tagging")
    ),
]
""",
    good="""\
operations = [
    migrations.SeparateDatabaseAndState(
        state_operations=[
            migrations.AlterField(
                "blog", "tags", models.ManyToManyField("blog.Tag", through="blog.Tagging")
            ),
        ],
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for each in altered(context, migration):
        change = _change(each, context)
        if change:
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField {change} of {each.name}.",
                _HINT,
            )
    for step in context.steps(migration, "AddField"):
        operation = step.operation
        if not _is_removed(operation.field, migration, context):
            continue
        new = Field(operation.field, operation.given["field"])
        old = None if step.base is None else step.base.field(operation.field)
        if old is not None and (old.is_many_to_many or new.is_many_to_many):
            yield RULE.finding(
                migration.location(operation),
                f"{operation.model}.{operation.field} is removed and added again: the new "
                "relation begins empty.",
                _HINT,
            )


_HINT = (
    "Keep the table: change the field in the state_operations of SeparateDatabaseAndState, with "
    "db_table on the `through` model; or add a relation of another name, copy, switch, and remove "
    f"the old one in a later release. {accept(RULE)}"
)


def _is_removed(field: str, migration: Migration, context: Context) -> bool:
    """Return whether the change removes a field of that name from some model."""
    return any(
        operation.kind == "RemoveField" and operation.field.lower() == field.lower()
        for each in context.of_change(migration)
        for operation in each.operations
    )


def _change(each: Altered, context: Context) -> str:
    """Return what an AlterField does to the relation's table, if it does anything."""
    old, new = each.old, each.new
    if not (old.is_known and new.is_known) or not (old.is_many_to_many or new.is_many_to_many):
        return ""
    if old.is_many_to_many != new.is_many_to_many:
        return "puts a table in place of the column, or the other way round,"
    if old.through != new.through:
        return "changes the `through` model"
    if old.get("db_table") != new.get("db_table"):
        return "renames the table"
    tables = [context.states.table_of(field.target, each.step.app) for field in (old, new)]
    if None not in tables and tables[0] != tables[1]:
        return "changes the target"
    return ""
