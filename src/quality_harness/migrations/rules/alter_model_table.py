"""A new db_table renames the table under the code that still runs."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import keeps_table
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.views import serves_renamed

OPERATIONS = ("AlterModelTable",)

RULE = Rule(
    code="MIG005",
    name="alter-model-table",
    summary="AlterModelTable renames a table.",
    reason=(
        "During the deploy the old code still runs and asks for the table's old name: every "
        "query of the model fails until the last old process is gone, and again after a "
        "rollback of the code."
    ),
    instead=(
        "Leave db_table as it is. Where only the state has to learn a name that the table "
        "already has, put AlterModelTable into the state_operations of "
        "SeparateDatabaseAndState. A view that is SELECT * FROM the new table, made under the old "
        "name in the same transaction, serves the old code, unless join tables of many-to-many "
        "fields are renamed along."
    ),
    bad="""\
operations = [
    migrations.AlterModelTable(name="blog", table="weblog"),
]
""",
    good="""\
operations = [
    migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AlterModelTable(name="blog", table="weblog")],
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for step in context.steps(migration, "AlterModelTable"):
        if keeps_table(step, migration) or _is_served(step, migration):
            continue
        operation = step.operation
        yield RULE.finding(
            migration.location(operation),
            f"AlterModelTable renames the table of {operation.model} under the running code.",
            f"Leave db_table of {operation.model} as it is; if the table has this name already, "
            f"wrap this in SeparateDatabaseAndState(state_operations=[...]). {accept(RULE)}",
        )


def _is_served(step: Step, migration: Migration) -> bool:
    """Return whether a view stands where the only table that gets another name was."""
    # A join table goes by the model's, unless it has a name of its own.
    takes_others_along = step.before is not None and any(
        field.has_join_table and not field.get("db_table") for field in step.before.fields.values()
    )
    return not takes_others_along and serves_renamed(step, migration)
