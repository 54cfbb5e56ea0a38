"""Values become unique while the old code still writes them twice."""

from collections.abc import Iterator, Sequence

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import (
    RUN_SQL,
    altered,
    is_new_and_empty,
    is_new_column,
    on_old_tables,
    together,
    unique_sets,
)
from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.sql import Act
from quality_harness.migrations.model import Model

OPERATIONS = ("AlterField", "AddField", "AlterUniqueTogether", "AddConstraint", *RUN_SQL)

RULE = Rule(
    code="MIG018",
    name="new-unique",
    summary="Existing columns may hold each value, or each combination, only once.",
    reason=(
        "Rows that hold a value twice make the migration fail, and during the deploy the old code "
        "still runs and writes such rows: they are refused. While the index is built, nobody can "
        "write."
    ),
    instead=(
        "First release code that writes no value twice and remove the doubles. Then build a unique "
        "index with CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, and take it over "
        "with ADD CONSTRAINT ... UNIQUE USING INDEX. Fields that the same change adds without a "
        "default hold NULL in every row: no finding."
    ),
    bad="""\
operations = [
    migrations.AlterField("blog", "title", models.CharField(max_length=200, unique=True)),
]
""",
    good="""\
operations = [
    migrations.AddField("blog", "code", models.CharField(max_length=9, null=True, unique=True)),
]
""",
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    for operation, names in _new(migration, context):
        fields = ", ".join(names) or "an expression"
        yield RULE.finding(
            migration.location(operation),
            f"{operation.kind} makes {fields} of {operation.model} unique; old rows and the "
            "running code may hold values twice.",
            _HINT,
        )
    for operation, statement in on_old_tables(context, migration, Act.ADD_UNIQUE):
        model = context.existing(migration, statement.table)
        known = set(_unique_columns(model)) if model is not None else set()
        is_enforced = any(each <= frozenset(statement.columns) for each in known)
        is_empty = statement.detail != "default" and any(
            is_new_column(context, migration, statement.table, column)
            for column in statement.columns
        )
        if not is_enforced and not is_empty:
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}; old rows and the running code may hold them "
                "twice.",
                _HINT,
            )


_HINT = (
    "Release code that writes no value twice first, and remove the doubles; then build the index "
    f"with CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own. {accept(RULE)}"
)


def _unique_columns(model: Model) -> Iterator[frozenset[str]]:
    """Give the sets of columns that are unique on the base."""
    for names in unique_sets(model):
        fields = [model.field(name) for name in names]
        yield frozenset(each.column or each.name for each in fields if each is not None)


def _new(migration: Migration, context: Context) -> Iterator[tuple[Operation, Sequence[str]]]:
    for each in altered(context, migration):
        names: Sequence[str] = (each.step.operation.field.lower(),)
        if each.new.is_unique and not each.old.is_unique and not _is_enforced(each.step, names):
            yield each.step.operation, names
    for step in context.steps(migration, "AddField"):
        operation = step.operation
        field = Field(operation.field, operation.given["field"])
        # One value for all old rows: the second one is refused.
        if field.is_unique and field.null is True and (field.has_default or field.has_db_default):
            yield operation, (operation.field,)
    for step in context.steps(migration, "AlterUniqueTogether"):
        for names in together(step.operation.given["unique_together"]):
            if not _is_enforced(step, names):
                yield step.operation, names
    for step in context.steps(migration, "AddConstraint"):
        made = step.operation.given["constraint"]
        if isinstance(made, Definition) and made.name == "UniqueConstraint":
            given = made.get("fields")
            names = tuple(str(name) for name in given) if isinstance(given, tuple) else ()
            if not _is_enforced(step, names):
                yield step.operation, names


def _is_enforced(step: Step, names: Sequence[str]) -> bool:
    """Return whether no old row and no old code can hold the values twice."""
    wanted = frozenset(name.lower() for name in names)
    if not wanted:
        return False
    if step.base is not None and any(each <= wanted for each in unique_sets(step.base)):
        return True
    return any(is_new_and_empty(step, name) for name in wanted)
