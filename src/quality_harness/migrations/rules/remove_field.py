"""A dropped column takes its values along, and the old code still selects it."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

OPERATIONS = ("RemoveField", "AlterOrderWithRespectTo")

RULE = Rule(
    code="MIG002",
    name="remove-field",
    summary="RemoveField drops a column.",
    reason=(
        "The values are gone for good: reversing the migration makes an empty column. During "
        "the deploy the old code still runs and names the column in every SELECT and INSERT "
        "of the model, so all of them fail."
    ),
    instead=(
        "Remove in two releases. First take the field out of the code and leave the column: "
        "RemoveField goes into the state_operations of SeparateDatabaseAndState, after the "
        "column was made nullable or got a db_default, so that the new code can insert rows "
        "without it. Drop the column in a later release."
    ),
    bad="""\
operations = [
    migrations.RemoveField(model_name="blog", name="subtitle"),
]
""",
    good="""\
operations = [
    # subtitle takes NULL already: new code can make rows without it.
    migrations.SeparateDatabaseAndState(
        state_operations=[migrations.RemoveField(model_name="blog", name="subtitle")],
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for step in context.steps(migration, "RemoveField"):
        operation = step.operation
        field = step.before.field(operation.field) if step.before is not None else None
        if (field is not None and not field.has_database_part) or _has_left(
            step, context, migration
        ):
            continue
        name = f"{operation.model}.{operation.field}"
        yield RULE.finding(
            migration.location(operation),
            f"RemoveField drops the column of {name} and its values.",
            f"Make {name} nullable or give it a db_default, then wrap this in "
            "SeparateDatabaseAndState(state_operations=[...]), and drop the column in a later "
            f"release. {accept(RULE)}",
        )
    for step in context.steps(migration, "AlterOrderWithRespectTo"):
        is_ordered = step.before is None or step.before.field("_order") is not None
        if is_ordered and step.operation.given["order_with_respect_to"] is None:
            yield RULE.finding(
                migration.location(step.operation),
                f"AlterOrderWithRespectTo drops the column _order of {step.operation.model}.",
                f"Keep the order until no running code asks for it. {accept(RULE)}",
            )


def _has_left(step: Step, context: Context, migration: Migration) -> bool:
    """Return whether it is the second half of a removal in two steps."""
    model, field = step.operation.model.lower(), step.operation.field.lower()
    table = (step.before.table if step.before is not None else None) or f"{step.app}_{model}"
    columns = (field, f"{field}_id")
    return any(context.has_left(migration, table.lower(), column) for column in columns)
