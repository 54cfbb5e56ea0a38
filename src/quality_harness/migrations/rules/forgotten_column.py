"""New code makes rows without a column that the database does not do without."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Effect, Migration, Operation
from quality_harness.migrations.sql.statements import Act, Statement

OPERATIONS = ("RemoveField",)

RULE = Rule(
    code="MIG033",
    name="forgotten-column",
    summary="A field leaves the state alone, and its column still asks for a value.",
    reason=(
        "The new code does not know the column and names it in no INSERT. It is NOT NULL and has "
        "no default in the database, so every new row of the model is refused as soon as the new "
        "code runs."
    ),
    instead=(
        "Make the column nullable or give it a db_default first, with an AlterField before the "
        "removal, in the same migration or in an earlier one. The running code goes on filling it."
    ),
    bad="""\
operations = [
    migrations.SeparateDatabaseAndState(
        state_operations=[migrations.RemoveField(model_name="blog", name="title")],
    ),
]
""",
    good="""\
operations = [
    migrations.AlterField("blog", "title", models.CharField(max_length=200, null=True)),
    migrations.SeparateDatabaseAndState(
        state_operations=[migrations.RemoveField(model_name="blog", name="title")],
    ),
]
""",
)
_SETS_FREE = {Act.SET_DEFAULT, Act.TAKE_NULL, Act.DROP, Act.RENAME}


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for index, operation in enumerate(migration.operations):
        if operation.kind != "RemoveField" or operation.effect is not Effect.STATE_ONLY:
            continue
        change = context.states.changes.get((migration.path, index))
        if change is None or change.before is None or change.after is None:
            continue
        field = change.before.field(operation.field)
        end = context.states.models.get(change.after.key)
        if field is None or end is None or not _is_missed(field, end):
            continue
        if not any(_sets_free(each, change.before, field) for each in _all_done(context)):
            name = f"{operation.model}.{operation.field}"
            yield RULE.finding(
                migration.location(operation),
                f"RemoveField takes {name} from the state alone, and its column stays NOT NULL "
                "without a default: the new code's INSERTs fail.",
                f"Make {name} nullable or give it a db_default in an AlterField before it. "
                f"{accept(RULE)}",
            )


def _is_missed(field: Field, end: Model) -> bool:
    """Return whether rows of the new code lack a value that the column asks for."""
    return field.must_be_given and end.has_table and field.column not in end.columns


def _all_done(context: Context) -> Iterator[Operation]:
    return (
        operation
        for migration in context.migrations
        for operation in migration.operations
        if operation.changes_database
    )


def _sets_free(operation: Operation, model: Model, field: Field) -> bool:
    """Return whether an operation sees to it that the column asks for nothing."""
    if operation.effect is Effect.DATABASE_ONLY and operation.model.lower() == model.name.lower():
        return operation.field.lower() in ("", field.name.lower())
    return any(_is_about(each, model, field) for each in operation.statements)


def _is_about(statement: Statement, model: Model, field: Field) -> bool:
    if statement.table != model.table_key:
        return False
    # What a trigger fills in is not looked into.
    is_of_column = statement.act in _SETS_FREE and statement.column in ("", field.column)
    return is_of_column or statement.act in (Act.TRIGGER, Act.COPY)
