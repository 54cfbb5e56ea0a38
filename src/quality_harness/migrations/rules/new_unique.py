"""Values become unique while the old code still writes them twice."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.comparing import (
    RUN_SQL,
    is_new_column,
    on_old_tables,
    unique_sets,
)
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.uniqueness import may_begin_with, new_uniques

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
        "default hold NULL in every row, and a condition on a field that it adds may fit no row "
        "yet: no finding."
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
    for each in new_uniques(context, migration):
        if each.enforced:
            continue
        operation, fields = each.operation, ", ".join(each.names) or "an expression"
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
        is_empty = is_empty or _is_of_new_rows(context, migration, statement)
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


def _is_of_new_rows(context: Context, migration: Migration, statement: Statement) -> bool:
    """Return whether the index is of rows alone that hold in a new column what none does yet."""
    kind, _, condition = statement.detail.partition(" ")
    column, _, value = condition.partition(" ")
    if kind != "where" or not is_new_column(context, migration, statement.table, column):
        return False
    model = next(iter(context.states.find(statement.table)), None)
    field = None if model is None else model.field_of(column)
    wanted: object = {"true": True, "false": False}.get(value, value)
    return field is not None and not may_begin_with(field, wanted)


def _unique_columns(model: Model) -> Iterator[frozenset[str]]:
    """Give the sets of columns that are unique on the base."""
    for names in unique_sets(model):
        fields = [model.field(name) for name in names]
        yield frozenset(each.column or each.name for each in fields if each is not None)
