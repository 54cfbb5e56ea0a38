"""A dropped table takes its rows along, and the old code still reads it."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

OPERATIONS = ("DeleteModel",)

RULE = Rule(
    code="MIG001",
    name="delete-model",
    summary="DeleteModel drops a table.",
    reason=(
        "The rows are gone for good: reversing the migration makes an empty table. During the "
        "deploy the old code still runs, and every query of the model fails."
    ),
    instead=(
        "Remove in two releases. First take the model out of the code, with a migration whose "
        "DeleteModel stands in the state_operations of SeparateDatabaseAndState: the table "
        "stays. Drop the table in a later release, when no running code knows it and its rows "
        "are saved or not needed."
    ),
    bad="""\
operations = [
    migrations.DeleteModel(name="Comment"),
]
""",
    good="""\
operations = [
    migrations.SeparateDatabaseAndState(
        state_operations=[migrations.DeleteModel(name="Comment")],
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for step in context.steps(migration, "DeleteModel"):
        operation = step.operation
        table = step.before.table if step.before is not None else None
        if context.has_left(migration, (table or f"{step.app}_{operation.model}").lower()):
            continue
        yield RULE.finding(
            migration.location(operation),
            f"DeleteModel drops the table of {operation.model} and all its rows.",
            f"Take {operation.model} out of the code first: wrap this in "
            "SeparateDatabaseAndState(state_operations=[...]), and drop the table in a later "
            f"release. {accept(RULE)}",
        )
