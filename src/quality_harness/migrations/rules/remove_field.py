"""A dropped column takes its values along, and the old code still selects it."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

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
    migrations.SeparateDatabaseAndState(
        state_operations=[migrations.RemoveField(model_name="blog", name="subtitle")],
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation in context.operations(migration, "RemoveField"):
        name = f"{operation.model}.{operation.field}"
        yield RULE.finding(
            migration.location(operation),
            f"RemoveField drops the column of {name} and its values.",
            f"Make {name} nullable or give it a db_default, then wrap this in "
            "SeparateDatabaseAndState(state_operations=[...]), and drop the column in a later "
            f"release. {accept(RULE)}",
        )
