"""A migration as plain data that JSON can hold, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.functions.deeds import Deed
from quality_harness.migrations.functions.given_values import Given
from quality_harness.migrations.operations import Direction, Effect, Migration, Operation
from quality_harness.migrations.sql.statements import Act, Statement

_PLAIN = (str, int, float, bool, type(None))
_DEED = tuple(each.name for each in fields(Deed))
_GIVES = _DEED.index("gives")


class NotPortableError(TypeError):
    """A value has no plain form: the bytes, complex numbers and dots of a Python source."""


def pack(migration: Migration) -> list[Any]:
    """Return a migration's plain form, without its path.

    Raises:
        NotPortableError: something in it has none.
    """
    return [
        migration.dependencies,
        migration.replaces,
        [_packed_operation(each) for each in migration.operations],
        migration.run_before,
        migration.atomic,
        migration.line,
        migration.untold,
        migration.by_setting,
    ]


def unpack(path: str, plain: list[Any]) -> Migration:
    """Return the migration of a plain form."""
    dependencies, replaces, operations, run_before, atomic, line, untold, by_setting = plain
    return Migration(
        path,
        _pairs(dependencies),
        _pairs(replaces),
        tuple(map(_operation, operations)),
        run_before=_pairs(run_before),
        atomic=atomic,
        line=line,
        untold=untold,
        by_setting=by_setting,
    )


def _pairs(plain: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, name) for label, name in plain)


def _packed_operation(operation: Operation) -> list[Any]:
    """Return what nearly every operation has, and by name what few have."""
    given = _packed_values(operation.given)
    rest: dict[str, Any] = {
        "statements": [
            [
                each.act,
                each.target,
                each.detail,
                each.columns,
                each.copied,
                each.computed,
                each.body,
            ]
            for each in operation.statements
        ],
        "deeds": [_packed_deed(each) for each in operation.deeds],
        "overwrites": [_packed_deed(each) for each in operation.overwrites],
        "made": operation.made,
        "left": operation.left,
        "problem": operation.problem,
        "direction": "" if operation.direction is Direction.FORWARD else operation.direction,
        "effect": "" if operation.effect is Effect.BOTH else operation.effect,
        "conditional": operation.conditional,
        "irreversible": not operation.reversible,
        "writes": operation.writes,
        "stays": operation.stays,
        "dropped": operation.dropped,
        "changed": operation.changed,
        "stuck": operation.stuck,
        "elidable": operation.elidable,
        "asked": operation.asked,
        "fills": operation.fills,
        "gives": operation.gives,
    }
    return [
        operation.kind,
        operation.line,
        operation.column,
        operation.model,
        operation.field,
        dict(operation.arguments),
        given,
        {name: value for name, value in rest.items() if value},
    ]


def _operation(plain: list[Any]) -> Operation:
    kind, line, column, model, field, arguments, given, rest = plain
    if given:
        given = {name: _value(each) for name, each in given.items()}
    if not rest:
        return Operation(kind, line, column, model, field, arguments, given)
    return Operation(
        kind,
        line,
        column,
        model,
        field,
        arguments,
        given,
        tuple(map(_statement, rest.get("statements", ()))),
        tuple(map(_deed, rest.get("deeds", ()))),
        tuple(map(_deed, rest.get("overwrites", ()))),
        tuple(rest.get("made", ())),
        tuple(rest.get("left", ())),
        rest.get("problem", ""),
        Direction(rest.get("direction", Direction.FORWARD)),
        Effect(rest.get("effect", Effect.BOTH)),
        rest.get("conditional", False),
        not rest.get("irreversible", False),
        rest.get("writes", False),
        rest.get("stays", False),
        tuple(rest.get("dropped", ())),
        tuple(rest.get("changed", ())),
        tuple(rest.get("stuck", ())),
        rest.get("elidable", False),
        tuple(rest.get("asked", ())),
        rest.get("fills", False),
        tuple(Given(*each) for each in rest.get("gives", ())),
    )


def _statement(plain: list[Any]) -> Statement:
    act, target, detail, columns, copied, computed, body = plain
    named = tuple(columns), tuple(copied)
    return Statement(Act(act), target, detail, *named, computed, tuple(body))


def _packed_deed(deed: Deed) -> list[Any]:
    return [getattr(deed, name) for name in _DEED]


def _deed(plain: list[Any]) -> Deed:
    values: list[Any] = [tuple(each) if isinstance(each, list) else each for each in plain]
    values[_GIVES] = tuple(Given(*each) for each in values[_GIVES])
    return Deed(*values)


# A list is a tuple, or what its first member says.
_TUPLE, _DEFINITION, _NAMED, _UNKNOWN = range(4)


def _packed(value: object) -> Any:
    match value:
        case Definition(kind=kind, positional=positional, named=named, complete=complete):
            return [_DEFINITION, kind, _packed(positional), _packed_values(named), complete]
        case tuple():
            return [_TUPLE, *map(_packed, value)]
        case Named(dotted=dotted):
            return [_NAMED, dotted]
        case dict():
            return _packed_values(value)
    if value is UNKNOWN:
        return [_UNKNOWN]
    if type(value) not in _PLAIN:
        raise NotPortableError(type(value).__name__)
    return value


def _packed_values(values: Mapping[str, object]) -> dict[str, Any]:
    if not all(type(name) is str for name in values):
        raise NotPortableError("a key that is no text")
    return {name: _packed(value) for name, value in values.items()}


def _value(plain: Any) -> Any:
    if type(plain) is list:
        match plain[0]:
            case 0:
                return tuple([_value(each) for each in plain[1:]])
            case 1:
                _, kind, positional, named, complete = plain
                values = {name: _value(each) for name, each in named.items()}
                return Definition(kind, _value(positional), values, complete)
            case 2:
                return Named(plain[1])
            case _:
                return UNKNOWN
    if type(plain) is dict:
        return {name: _value(each) for name, each in plain.items()}
    return plain
