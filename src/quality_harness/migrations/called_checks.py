"""Tells which checks of the base call a function that a change gives another body."""

import re
from collections.abc import Iterable, Iterator

from quality_harness.migrations.comparing import RUN_SQL, check_of
from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.releases import Done
from quality_harness.migrations.sql.statements import Act, Statement

# A body that lets everything pass refuses nothing.
_ACCEPTS = re.compile(r"(begin )?(select|return)? ?true( ; end)?", re.IGNORECASE)


def checks_that_call(
    context: Context, migration: Migration, function: Statement, earlier: Done
) -> Iterator[str]:
    """Give the checks, each with its table, that a new body may make stricter.

    Args:
        context: what is known of the whole change.
        migration: makes the function.
        function: the statement that does.
        earlier: what SQL did before the change.
    """
    arguments, body = function.body
    name = function.target.partition(" ")[2]
    made = earlier.functions.get(name, ())
    before = [each.body[1] for each in made if each.body[0] == arguments]
    if not before or before[-1] == body or _ACCEPTS.fullmatch(body):
        return
    of_change = [
        statement
        for each in context.of_change(migration)
        for operation in context.operations(each, *RUN_SQL)
        for statement in operation.statements
        if statement.act is not Act.CHECK_CALLS
    ]
    yield from _of_sql([*earlier.statements, *of_change], name)
    yield from _of_models(context, migration, name)


def _of_sql(done: Iterable[Statement], name: str) -> list[str]:
    """Return the checks by SQL that are there in the end."""
    found: dict[tuple[str, str], str] = {}
    for each in done:
        if each.act is Act.CHECK_CALLS and name in each.columns:
            found[each.thing, each.detail] = f"check {each.detail} of {each.target}".replace(
                "  ", " "
            )
        elif each.act is Act.DROP_CONSTRAINT:
            found.pop((each.thing, each.detail), None)
        elif each.act is Act.DROP:
            found = {key: shown for key, shown in found.items() if key[0] != each.thing}
    return list(found.values())


def _of_models(context: Context, migration: Migration, name: str) -> Iterator[str]:
    for model in context.states.before(migration.path):
        base = context.base(migration, 0, model)
        end = context.states.models.get(model.key)
        for constraint, made in base.constraints.items() if base is not None else ():
            if end is not None and constraint in end.constraints and _calls(check_of(made), name):
                yield f"check {constraint} of {model.name}"


def _calls(condition: object, name: str) -> bool:
    """Return whether a condition calls a function of the database by its name."""
    if isinstance(condition, tuple):
        return any(_calls(part, name) for part in condition)
    if not isinstance(condition, Definition):
        return False
    called = condition.named.get("function")
    if isinstance(called, str) and called.rpartition(".")[2].lower() == name:
        return True
    return any(_calls(part, name) for part in (*condition.positional, *condition.named.values()))
