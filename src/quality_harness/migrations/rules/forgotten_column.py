"""New code makes rows without a column that the database does not do without."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Effect, Migration, Operation
from quality_harness.migrations.releases import function_of
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
# What lets an INSERT leave the column out, and what takes that back.
_FREE = {Act.SET_DEFAULT, Act.TAKE_NULL, Act.DROP}
_BOUND = {
    Act.SET_NOT_NULL: Act.TAKE_NULL,
    Act.DROP_DEFAULT: Act.SET_DEFAULT,
    Act.ADD_NOT_NULL: Act.SET_DEFAULT,
}


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for index, operation in enumerate(migration.operations):
        if operation.kind != "RemoveField" or operation.effect is not Effect.STATE_ONLY:
            continue
        change = context.states.changes.get((migration.path, index))
        if change is None or change.before is None or change.after is None:
            continue
        field = change.before.field(operation.field)
        if field is None or not _is_missed(field, change.after, context):
            continue
        if not _is_free(change.before, field, context):
            name = f"{operation.model}.{operation.field}"
            yield RULE.finding(
                migration.location(operation),
                f"RemoveField takes {name} from the state alone, and its column stays NOT NULL "
                "without a default: the new code's INSERTs fail.",
                f"Make {name} nullable or give it a db_default in an AlterField before it. "
                f"{accept(RULE)}",
            )


def _is_missed(field: Field, model: Model, context: Context) -> bool:
    """Return whether rows of the new code lack a value that the column asks for."""
    ends = [each for each in context.states.find(model.table_key) if each.has_table]
    return field.must_be_given and bool(ends) and not any(field.column in e.columns for e in ends)


def _is_free(model: Model, field: Field, context: Context) -> bool:
    """Return whether the database does without a value, which the state does not tell."""
    ways: set[Act] = set()
    filling: dict[str, bool] = {}
    for migration in context.ordered:
        for operation in migration.operations if field.column else ():
            if not operation.changes_database:
                continue
            if operation.arguments.get("app", context.label(migration)) == model.app:
                _follow(operation, model, field, ways)
            for statement in operation.statements:
                if statement.act is Act.FUNCTION:
                    filling[function_of(statement)] = field.column in statement.columns
                elif statement.table == model.table_key:
                    _follow_sql(statement, field, ways, filling)
    return bool(ways)


def _follow(operation: Operation, model: Model, field: Field, ways: set[Act]) -> None:
    if operation.model.lower() != model.name.lower():
        return
    is_of_field = operation.field.lower() == field.name.lower()
    if operation.kind == "AlterField" and is_of_field:
        ways.clear()
        if not Field(field.name, operation.given["field"]).must_be_given:
            ways.add(Act.TAKE_NULL)
    elif operation.kind == "DeleteModel" or (operation.kind == "RemoveField" and is_of_field):
        ways.add(Act.DROP)


def _follow_sql(
    statement: Statement, field: Field, ways: set[Act], filling: dict[str, bool]
) -> None:
    if statement.act is Act.TRIGGER and filling.get(statement.detail, True):
        # A function that is not written here may fill it.
        ways.add(Act.TRIGGER)
    elif statement.act is Act.DROP_TRIGGER:
        ways.discard(Act.TRIGGER)
    elif statement.column not in ("", field.column):
        return
    elif statement.act in _FREE:
        ways.add(statement.act)
    elif statement.act is Act.ADD_COLUMN:
        ways.add(Act.SET_DEFAULT if statement.detail else Act.TAKE_NULL)
    elif statement.act in _BOUND:
        ways.discard(_BOUND[statement.act])
