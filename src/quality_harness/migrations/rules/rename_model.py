"""A renamed table is a missing one for the code that still runs."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import keeps_table
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.views import serves_renamed

OPERATIONS = ("RenameModel",)

RULE = Rule(
    code="MIG003",
    name="rename-model",
    summary="RenameModel renames a table.",
    reason=(
        "During the deploy the old code still runs and asks for the table's old name: every "
        "query of the model fails until the last old process is gone, and again after a "
        "rollback of the code."
    ),
    instead=(
        "Rename in the code alone: keep the table's name with db_table in the model's Meta, "
        "and put RenameModel into the state_operations of SeparateDatabaseAndState. Where the "
        "table itself must have a new name, make a new one, write to both, copy, switch the "
        "readers, and drop the old one in a later release. A view that is SELECT * FROM the new "
        "table, made under the old name in the same transaction, serves the old code, unless a "
        "many-to-many relation has a join table."
    ),
    bad="""\
operations = [
    migrations.RenameModel(old_name="Post", new_name="Article"),
]
""",
    good="""\
operations = [
    migrations.SeparateDatabaseAndState(
        state_operations=[
            migrations.RenameModel(old_name="Post", new_name="Article"),
            migrations.AlterModelTable(name="Article", table="blog_post"),
        ],
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for step in context.steps(migration, "RenameModel"):
        operation = step.operation
        old, new = operation.model, operation.arguments["new_name"]
        if keeps_table(step, migration):
            if old.lower() != new.lower() and _has_join_table(step, context):
                yield RULE.finding(
                    migration.location(operation),
                    f"RenameModel renames the column for {old} in the join tables of its "
                    "many-to-many relations, which the running code still asks for.",
                    "Wrap it in SeparateDatabaseAndState(state_operations=[...]), after the "
                    f"relations got a through model that keeps the column. {accept(RULE)}",
                )
            continue
        if serves_renamed(step, migration) and not _has_join_table(step, context):
            continue
        yield RULE.finding(
            migration.location(operation),
            f"RenameModel takes the table of {old} away from the running code; it becomes {new}.",
            f"Keep the table: set db_table in the Meta of {new} and wrap this in "
            f"SeparateDatabaseAndState(state_operations=[...]). {accept(RULE)}",
        )


def _has_join_table(step: Step, context: Context) -> bool:
    """Return whether a many-to-many relation of the model, or to it, has a table of its own."""
    before = step.base or step.before
    if before is None or step.end is None or step.end.key == before.key:
        return False
    names = {before.name.lower(), step.end.name.lower()}
    targets = {f"{before.app}.{name}" for name in names}
    if any(field.has_join_table for field in before.fields.values()):
        return True
    return any(
        field.target in targets or (model.app == before.app and field.target in names)
        for model, field in context.states.joins
    )
