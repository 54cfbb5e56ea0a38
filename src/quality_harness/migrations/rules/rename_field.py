"""A renamed column is a missing one for the code that still runs."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import keeps_column
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration

OPERATIONS = ("RenameField",)

RULE = Rule(
    code="MIG004",
    name="rename-field",
    summary="RenameField renames a column.",
    reason=(
        "During the deploy the old code still runs and names the old column in every SELECT "
        "and INSERT of the model: all of them fail until the last old process is gone, and "
        "again after a rollback of the code."
    ),
    instead=(
        "Rename in the code alone: keep the column with db_column on the field, and put "
        "RenameField into the state_operations of SeparateDatabaseAndState. Where the column "
        "itself must have a new name: add the new one, write to both, copy, switch the "
        "readers, and drop the old one in a later release."
    ),
    bad="""\
operations = [
    migrations.RenameField(model_name="blog", old_name="title", new_name="headline"),
]
""",
    good="""\
operations = [
    migrations.AddField(
        model_name="blog",
        name="headline",
        field=models.CharField(max_length=200, null=True),
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for step in context.steps(migration, "RenameField"):
        if keeps_column(step, migration):
            continue
        operation = step.operation
        old, new = operation.field, operation.arguments["new_name"]
        yield RULE.finding(
            migration.location(operation),
            f"RenameField takes the column of {operation.model}.{old} away from the running "
            f"code; it becomes {new}.",
            f'Keep the column: set db_column="{old}" on {new} and wrap this in '
            "SeparateDatabaseAndState(state_operations=[...]); or add the new column, copy, "
            f"switch, and drop the old one in a later release. {accept(RULE)}",
        )
