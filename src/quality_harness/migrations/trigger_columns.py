"""Tells which triggers read or fill a column that a migration drops."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field as with_default

from quality_harness.migrations.comparing import RUN_SQL
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.releases import function_of
from quality_harness.migrations.sql.names import plain
from quality_harness.migrations.sql.statements import Act, Statement


def without_column(
    context: Context, migration: Migration, table: str, *columns: str
) -> Iterator[str]:
    """Give what a migration takes from the triggers that are there before and after it.

    Args:
        context: what is known of the whole change.
        migration: drops the column.
        table: whose column it is, in lower case.
        columns: the column, or what it may be called.
    """
    there = _Triggers()
    for each in context.releases.triggers_before(migration):
        there.follow(each)
    if not any(owner == table for owner, _ in there.triggers):
        return
    again: set[str] = set()
    for operation in context.operations(migration, *RUN_SQL):
        for each in operation.statements:
            if each.act is not Act.TRIGGER:
                there.follow(each)
            if each.table == table and each.act in (Act.ADD_COLUMN, Act.RENAME):
                again |= {each.column, plain(each.detail)}
    for (owner, trigger), name in there.triggers.items():
        for column in columns if owner == table else ():
            said = rf'\b(new|old) \. "?{re.escape(column)}\b'
            is_used = re.search(said, there.functions.get(name, ""), re.IGNORECASE)
            if is_used is not None and column not in again:
                yield (
                    f"drops column {table}.{column}, which {name}() uses for the trigger "
                    f"{trigger}: the writes that set it off fail"
                )


@dataclass
class _Triggers:
    """The triggers, by table and name, with their functions, and what functions run."""

    triggers: dict[tuple[str, str], str] = with_default(default_factory=dict)
    functions: dict[str, str] = with_default(default_factory=dict)

    def follow(self, each: Statement) -> None:
        match each.act:
            case Act.FUNCTION:
                self.functions[function_of(each)] = each.body[1]
            case Act.TRIGGER:
                self.triggers[each.table, each.columns[0]] = each.detail
            case Act.DROP_TRIGGER:
                for key in [key for key in self.triggers if dropped(key, each)]:
                    del self.triggers[key]
            case Act.DROP_FUNCTION:
                gone = function_of(each)
                for key in [key for key, name in self.triggers.items() if name == gone]:
                    del self.triggers[key]


def dropped(trigger: tuple[str, str], statement: Statement) -> bool:
    """Return whether a statement drops a trigger, which is told by its table and its name."""
    if statement.table == "…":
        # pgtrigger tells the model alone, and the beginning of the name.
        return trigger[1].startswith(statement.detail)
    return trigger == (statement.table, statement.detail)


def columns_of(step: Step) -> tuple[str, list[str]]:
    """Return the table of a RemoveField, and what the column may be called."""
    name = step.operation.field.lower()
    if step.before is None:
        return f"{step.app}_{step.operation.model.lower()}", [name, f"{name}_id"]
    field = step.before.field(name)
    if field is None:
        return step.before.table_key, [name, f"{name}_id"]
    return step.before.table_key, [field.column] if field.column else []
