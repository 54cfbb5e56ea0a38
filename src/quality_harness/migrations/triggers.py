"""Tells what becomes of writes where a change touches functions and triggers that were there."""

from collections.abc import Iterator

from quality_harness.migrations.called_checks import checks_that_call
from quality_harness.migrations.comparing import RUN_SQL
from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.sql import Act, Statement
from quality_harness.migrations.trigger_copies import without_room

ACTS = (Act.FUNCTION, Act.COPY, Act.DROP_TRIGGER, Act.DROP_FUNCTION)
_REQUIRES = {Act.ADD_NOT_NULL, Act.SET_NOT_NULL}


def hindered(context: Context, migration: Migration, statement: Statement) -> Iterator[str]:
    """Give what a statement of a change does to the writes of the running code.

    Args:
        context: what is known of the whole change.
        migration: whose statement.
        statement: makes a function, or a trigger that copies, or drops one of them.
    """
    earlier = context.releases.done_before(migration)
    name = statement.target.partition(" ")[2]
    triggers = [each for each in earlier if each.act is Act.TRIGGER]
    match statement.act:
        case Act.FUNCTION:
            before = [each for each in earlier if _is_of(each, Act.FUNCTION, name)]
            is_new = statement.detail == "refuses" and before and before[-1].detail != "refuses"
            for each in triggers if is_new else ():
                if each.detail == name and "AFTER" not in each.columns:
                    yield f"makes {name}() refuse or swallow writes to table {each.table}"
            for check in checks_that_call(context, migration, statement, earlier):
                yield f"gives {name}() another body, which may refuse more; {check} calls it"
        case Act.COPY:
            yield from without_room(context, migration, statement, earlier)
        case Act.DROP_TRIGGER:
            for each in triggers:
                if each.table == statement.table and each.columns[0] == statement.detail:
                    yield from _left_empty(context, migration, each, earlier)
        case _:
            for model in context.states.models.values():
                for field in model.fields.values():
                    given = field.get("db_default")
                    if isinstance(given, Definition) and given.get("function") == name:
                        yield f"drops {name}(), the default of {model.name}.{field.name}"
            for each in triggers:
                if each.detail == name:
                    yield from _left_empty(context, migration, each, earlier)


def _is_of(statement: Statement, act: Act, name: str) -> bool:
    return statement.act is act and statement.target.partition(" ")[2] == name


def _left_empty(
    context: Context, migration: Migration, trigger: Statement, earlier: list[Statement]
) -> Iterator[str]:
    """Give the required columns that nothing fills when a trigger is gone."""
    again = [
        statement
        for operation in context.operations(migration, *RUN_SQL)
        for statement in operation.statements
        if statement.act is Act.TRIGGER and statement.table == trigger.table
    ]
    model = context.existing(migration, trigger.table)
    if again or model is None:
        return
    filled = [each.columns for each in earlier if _is_of(each, Act.FUNCTION, trigger.detail)]
    for column in filled[-1] if filled else ():
        if column not in model.columns and _is_required(earlier, trigger.table, column):
            yield f"takes away the trigger that fills column {trigger.table}.{column}"


def _is_required(earlier: list[Statement], table: str, column: str) -> bool:
    """Return whether an INSERT has to give a column its value."""
    found = [each for each in earlier if (each.table, each.column) == (table, column)]
    acts = {each.act for each in found}
    is_not_null = any(each.detail == "not null" for each in found if each.act is Act.ADD_COLUMN)
    return bool(acts & _REQUIRES) or (is_not_null and Act.DROP_DEFAULT in acts)
