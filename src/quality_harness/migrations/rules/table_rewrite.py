"""While a table is written again, nobody can read it."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.migrations.comparing import (
    RUN_SQL,
    Conversion,
    altered,
    conversion,
    on_old_tables,
    rewrites,
    show,
    type_of,
)
from quality_harness.migrations.graph import Context
from quality_harness.migrations.hints import accept
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.types import type_in_sql
from quality_harness.migrations.sql.volatility import computed_anew

OPERATIONS = ("AlterField", "AddField", *RUN_SQL)

RULE = Rule(
    code="MIG027",
    name="table-rewrite",
    summary="Every row of a table is written again.",
    reason=(
        "PostgreSQL copies the whole table under a lock that lets nobody read or write: for a "
        "change of type that needs other bytes, for a new column whose default differs from row to "
        "row, for a stored generated column. How long depends on the table's size, so this is a "
        "warning."
    ),
    instead=(
        "Add a new column that may be NULL, fill it in batches, switch, and drop the old one in a "
        "later release. A constant default, or Now(), costs nothing."
    ),
    bad="""\
operations = [
    migrations.AlterField("blog", "views", models.BigIntegerField(default=0)),
]
""",
    good="""\
operations = [
    migrations.AddField("blog", "visits", models.BigIntegerField(null=True)),
]
""",
    severity=Severity.WARNING,
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each such operation of the migration."""
    yield from _of_altered(migration, context)
    yield from _of_added(migration, context)
    for operation, statement in on_old_tables(context, migration, Act.REWRITE, Act.CHANGE_TYPE):
        if _rewrites(context, migration, statement):
            yield RULE.finding(
                migration.location(operation),
                f"{operation.source} {statement}: every row is written again.",
                _HINT,
            )


def _of_altered(migration: Migration, context: Context) -> Iterator[Finding]:
    for each in altered(context, migration):
        old, new = each.types
        if old is None or new is None or conversion(old, new) is not Conversion.WIDER:
            continue
        if rewrites(old, new):
            yield RULE.finding(
                migration.location(each.step.operation),
                f"AlterField makes {each.name} {show(new)} instead of {show(old)}: every row is "
                "written again.",
                _HINT,
            )


def _of_added(migration: Migration, context: Context) -> Iterator[Finding]:
    for step in context.steps(migration, "AddField"):
        operation, field = step.operation, step.field
        is_stored = field.kind == "GeneratedField" and field.get("db_persist") is not False
        function = computed_anew(field.get("db_default"))
        is_computed = bool(function) and not _is_settled(context, function)
        if is_stored or field.kind in _SELF_FILLED or is_computed:
            yield RULE.finding(
                migration.location(operation),
                f"AddField gives each row a value of its own for {operation.model}."
                f"{operation.field}: every row is written again.",
                _HINT,
            )


def _rewrites(context: Context, migration: Migration, statement: Statement) -> bool:
    if statement.act is not Act.CHANGE_TYPE:
        return not (statement.detail and _is_settled(context, statement.detail))
    model = context.existing(migration, statement.table)
    field = None if model is None else model.field_of(statement.column)
    old = None if field is None else type_of(context, field, "")
    new = type_in_sql(statement.detail)
    if old is None or new is None or conversion(old, new) not in _KEEPING:
        return False
    return statement.computed or rewrites(old, new)


# Another rule tells of the other conversions.
_KEEPING = (Conversion.SAME, Conversion.WIDER)
_SELF_FILLED = {"AutoField", "BigAutoField", "SmallAutoField"}
_HINT = (
    "Add a column that may be NULL, fill it in batches, switch, and drop the old one in a later "
    f"release. {accept(RULE)}"
)


def _is_settled(context: Context, function: str) -> bool:
    """Return whether the tree makes a function, and says that it gives all rows the same."""
    found = [
        statement
        for each in context.migrations
        for operation in each.operations
        for statement in operation.statements
        if statement.act is Act.FUNCTION and statement.target == f"function {function}"
    ]
    return bool(found) and not any(each.computed for each in found)
