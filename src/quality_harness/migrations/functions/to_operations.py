"""Makes operations of what a function of a migration does."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from quality_harness.migrations.evaluator.values import Function
from quality_harness.migrations.functions.assignments import UNTOLD
from quality_harness.migrations.functions.bodies import deeds
from quality_harness.migrations.functions.deeds import (
    ASKS,
    DELETES_ROWS,
    MAKES_COLUMN,
    MAKES_TABLE,
    PUTS_IN_ROWS,
    WRITES_ROWS,
    Deed,
)
from quality_harness.migrations.functions.edits import edited
from quality_harness.migrations.functions.given_values import Given
from quality_harness.migrations.operations import UNRESOLVED, Direction, Effect, Operation
from quality_harness.migrations.reader.around import Around
from quality_harness.migrations.sql.schema import made_by

_MAKES = (MAKES_TABLE, MAKES_COLUMN)
_WRITES = (WRITES_ROWS, PUTS_IN_ROWS, DELETES_ROWS)
_NO_LOSS = (WRITES_ROWS, PUTS_IN_ROWS, *_MAKES, ASKS, "")


def of_function(
    function: Function,
    kind: str,
    around: Around,
    direction: Direction,
    stated: Sequence[Operation] = (),
) -> Iterator[Operation]:
    """Give the operations that a function of a migration comes to.

    Args:
        function: the function.
        kind: "RunPython", or "custom" for what an operation's class runs.
        around: where it stands.
        direction: which way it runs.
        stated: what the class tells the state, where it does.
    """
    found = deeds(function)
    if direction is Direction.FORWARD and around.effect is not Effect.STATE_ONLY:
        yield from _edited(found, around, stated)
    told = tuple(deed for deed in found if deed.resolved and deed.does not in _NO_LOSS)
    models = (f"model {'.'.join(deed.model)}" for deed in found if deed.does in _MAKES)
    statements = tuple(deed.statement for deed in found if deed.statement is not None)
    yield around.operation(
        kind,
        deeds=told,
        overwrites=tuple(deed for deed in found if deed.fields),
        direction=direction,
        arguments={"function": getattr(function.node, "name", "lambda")},
        made=(*models, *made_by(statements)),
        writes=any(deed.does in _WRITES for deed in found),
        fills=any(deed.does == PUTS_IN_ROWS for deed in found),
        statements=statements,
        gives=tuple(given for deed in found for given in _given(deed)),
        asked=tuple(".".join(deed.model) for deed in found if deed.does == ASKS),
    )
    for deed in found:
        if not deed.resolved:
            here = around
            if deed.path == around.path:
                here = replace(around, line=deed.line, column=deed.column)
            problem = f"`{deed.text}` {deed.does}"
            yield here.operation(UNRESOLVED, problem=problem, direction=direction)


def _given(deed: Deed) -> Iterable[Given]:
    """Give what a deed gives to fields; where that is not told, it may be anything."""
    if deed.does != WRITES_ROWS:
        return ()
    return deed.gives or [Given(name) for name in deed.fields] or [Given(UNTOLD)]


def _edited(
    found: Iterable[Deed], around: Around, stated: Sequence[Operation]
) -> Iterator[Operation]:
    for deed, told in edited(found, stated):
        here = replace(around, effect=Effect.DATABASE_ONLY)
        if deed.path == around.path:
            here = replace(here, line=deed.line, column=deed.column)
        yield here.operation(**told)
