"""Tells what becomes of writes where a change touches functions and triggers that were there."""

from collections.abc import Iterator

from quality_harness.migrations.called_checks import checks_that_call
from quality_harness.migrations.comparing import RUN_SQL
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.releases import Done
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.trigger_columns import dropped, without_column
from quality_harness.migrations.trigger_copies import without_room

ACTS = (Act.FUNCTION, Act.COPY, Act.DROP, Act.DROP_TRIGGER, Act.DROP_FUNCTION)
_REQUIRES = {Act.ADD_NOT_NULL, Act.SET_NOT_NULL}


def hindered(context: Context, migration: Migration, statement: Statement) -> Iterator[str]:
    """Give what a statement of a change does to the writes of the running code.

    Args:
        context: what is known of the whole change.
        migration: whose statement.
        statement: makes a function, or a trigger that copies, or drops one of them or a column.
    """
    earlier = context.releases.done_before(migration)
    name = statement.target.partition(" ")[2]
    match statement.act:
        case Act.FUNCTION:
            before = earlier.functions.get(name)
            is_new = statement.detail == "refuses" and before and before[-1].detail != "refuses"
            for each in earlier.triggers if is_new else ():
                if each.detail == name and "AFTER" not in each.columns:
                    yield f"makes {name}() refuse or swallow writes to table {each.table}"
            for check in checks_that_call(context, migration, statement, earlier):
                yield f"gives {name}() another body, which may refuse more; {check} calls it"
        case Act.COPY:
            yield from without_room(context, migration, statement, earlier.statements)
        case Act.DROP:
            if statement.column:
                yield from without_column(context, migration, statement.table, statement.column)
        case Act.DROP_TRIGGER:
            for each in earlier.triggers:
                if dropped((each.table, each.columns[0]), statement):
                    yield from _left_empty(context, migration, each, earlier)
        case _:
            for model, field in context.states.defaults.get(name, ()):
                yield f"drops {name}(), the default of {model.name}.{field.name}"
            for each in earlier.triggers:
                if each.detail == name:
                    yield from _left_empty(context, migration, each, earlier)


def _left_empty(
    context: Context, migration: Migration, trigger: Statement, earlier: Done
) -> Iterator[str]:
    """Give the required columns that nothing fills when a trigger is gone."""
    made = earlier.functions.get(trigger.detail)
    if made is None or not made[-1].columns:
        return
    again = [
        statement
        for operation in context.operations(migration, *RUN_SQL)
        for statement in operation.statements
        if statement.act is Act.TRIGGER and statement.table == trigger.table
    ]
    model = context.existing(migration, trigger.table)
    if again or model is None:
        return
    for column in made[-1].columns:
        if column not in model.columns and _is_required(earlier.statements, trigger.table, column):
            yield f"takes away the trigger that fills column {trigger.table}.{column}"


def _is_required(earlier: list[Statement], table: str, column: str) -> bool:
    """Return whether an INSERT has to give a column its value."""
    found = [each for each in earlier if (each.table, each.column) == (table, column)]
    acts = {each.act for each in found}
    is_not_null = any(each.detail == "not null" for each in found if each.act is Act.ADD_COLUMN)
    return bool(acts & _REQUIRES) or (is_not_null and Act.DROP_DEFAULT in acts)
