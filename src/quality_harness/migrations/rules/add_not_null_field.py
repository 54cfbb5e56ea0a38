"""A column that must have a value is one that the old code never gives."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import RUN_SQL, on_old_tables
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.sql.statements import Act

OPERATIONS = ("AddField", "AlterField", "AlterOrderWithRespectTo", *RUN_SQL)

RULE = Rule(
    code="MIG013",
    name="add-not-null-field",
    summary="A column that must not be NULL, and has no default in the database, is added.",
    reason=(
        "During the deploy the old code still runs and does not know the column: each of its "
        "INSERTs leaves it out and fails. A default on the field alone does not help: Django gives "
        "it to the old rows and takes it from the column again."
    ),
    instead=(
        "Give the field a db_default, so that the database fills the column in for whoever leaves "
        "it out; or add it with null=True, fill it, and forbid NULL in a later release."
    ),
    bad="""\
operations = [
    migrations.AddField(
        model_name="blog",
        name="language",
        field=models.CharField(max_length=10, default="en"),
    ),
]
""",
    good="""\
operations = [
    migrations.AddField(
        model_name="blog",
        name="language",
        field=models.CharField(max_length=10, default="en", db_default="en"),
    ),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for step in context.steps(migration, "AddField"):
        operation = step.operation
        if step.field.must_be_given and not _is_given_default(step):
            name = f"{operation.model}.{operation.field}"
            yield RULE.finding(
                migration.location(operation),
                f"AddField makes the column of {name} NOT NULL without a default in the "
                "database: the running code's INSERTs fail.",
                f"Give {name} a db_default; or add it with null=True, fill it, and forbid NULL in "
                f"a later release. {accept(RULE)}",
            )
    for step in context.steps_on_new(migration, "AlterField"):
        operation = step.operation
        was = step.before.field(operation.field) if step.before is not None else None
        now = step.after.field(operation.field) if step.after is not None else None
        # The table is old, the column new: only what the change ends with counts.
        is_of_old = step.base is not None and not _is_given_default(step)
        if is_of_old and was and now and _becomes_required(was, now):
            yield RULE.finding(
                migration.location(operation),
                f"AlterField leaves {operation.model}.{operation.field}, which the same change "
                "adds, NOT NULL without a default in the database: the running code's INSERTs "
                "fail.",
                "Keep its db_default, or forbid NULL in a later release. " + accept(RULE),
            )
    for step in context.steps(migration, "AlterOrderWithRespectTo"):
        operation, before = step.operation, step.before
        is_ordered = before is not None and before.field("_order") is not None
        if operation.given["order_with_respect_to"] is not None and not is_ordered:
            yield RULE.finding(
                migration.location(operation),
                f"AlterOrderWithRespectTo adds the column _order to {operation.model}, NOT NULL "
                "without a default in the database: the running code's INSERTs fail.",
                "Order by a field of your own instead, with a db_default. " + accept(RULE),
            )
    for operation, statement in on_old_tables(context, migration, Act.ADD_NOT_NULL):
        yield RULE.finding(
            migration.location(operation),
            f"{operation.source} {statement}: the running code's INSERTs fail.",
            "Give the column a DEFAULT; or add it without NOT NULL, fill it, and forbid NULL in "
            f"a later release. {accept(RULE)}",
        )


def _is_given_default(step: Step) -> bool:
    """Return whether the same transaction gives the column a default of its own afterwards."""
    found = False
    if step.migration.atomic and step.after is not None:
        column = (step.after.table_key, step.field.column)
        name = _field_of(step.operation)
        for operation in step.migration.operations[step.index + 1 :]:
            is_sure = operation.changes_database and not operation.conditional
            if is_sure and operation.kind == "AddDefaultValue" and _field_of(operation) == name:
                found = operation.given["value"] is not None
            for each in operation.statements if is_sure else ():
                if each.act in (Act.SET_DEFAULT, Act.DROP_DEFAULT):
                    is_its = (each.table, each.column) == column
                    found = each.act is Act.SET_DEFAULT if is_its else found
    return found


def _field_of(operation: Operation) -> tuple[str, str]:
    return operation.model.lower(), operation.field.lower()


def _becomes_required(before: Field, after: Field) -> bool:
    return after.must_be_given and not before.must_be_given
