"""What a condition can come to for rows that old code writes: true, false or NULL.

A check refuses a row only where its condition is false: NULL lets it pass.
"""

from collections.abc import Callable
from itertools import product
from operator import eq, ge, gt, le, lt
from typing import Any

from quality_harness.migrations.comparing import names_in
from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Step
from quality_harness.migrations.model import Model

Outcome = bool | None
_ANY: frozenset[Outcome] = frozenset({True, False, None})
# Also what a value that is known only at run time comes to: whoever gives a new field a default
# and a check minds that they fit.
_PASSES: frozenset[Outcome] = frozenset({None})
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "": eq,
    "exact": eq,
    "gt": gt,
    "gte": ge,
    "lt": lt,
    "lte": le,
}
_NULL = (None,)


def held_in_new(step: Step, name: str) -> tuple[object, ...] | None:
    """Return what rows hold in a field that the change itself adds.

    Args:
        step: the operation, and its model.
        name: the field, or the column of a relation.

    Returns:
        The values of the rows that were there and of those that old code writes; UNKNOWN for one
        that is known only at run time. None where the field is no new one, or is not known.
    """
    field = None if step.after is None else _field(step.after, name)
    if step.base is None or field is None or _field(step.base, name) is not None:
        return None
    if field.has_db_default:
        return (_plain(field.get("db_default")),)
    # Django gives a default to the rows that are there, and takes it from the column again.
    given = (_plain(field.get("default")),) if field.has_default else ()
    return (*given, *_NULL) if field.null is True else given or _NULL


def is_null_in_all(step: Step, name: str) -> bool:
    """Return whether the change itself adds a field, and all rows hold NULL in it."""
    return held_in_new(step, name) == _NULL


def _field(model: Model, name: str) -> Field | None:
    return model.field(name) or model.field_of(name)


def _plain(value: object) -> object:
    """Return a constant as it is; UNKNOWN for what is computed."""
    if isinstance(value, Definition) and value.name == "Value":
        value = value.get("value", 0)
    return UNKNOWN if isinstance(value, Definition | Named | tuple | dict) else value


def outcomes(condition: object, step: Step) -> frozenset[Outcome]:
    """Return what a condition can come to, as far as new fields tell.

    Args:
        condition: a Q of a migration, or a part of one.
        step: the operation that adds it, and its model.
    """
    if isinstance(condition, tuple) and len(condition) == 2 and isinstance(condition[0], str):
        return _lookup(condition[0], condition[1], step)
    if not isinstance(condition, Definition) or not condition.complete:
        return _ANY
    if condition.name not in ("Q", "&", "|", "~"):
        return _PASSES if _is_about_new(condition, step) else _ANY
    named = {name: each for name, each in condition.named.items() if name[0] != "_"}
    parts = [outcomes(each, step) for each in (*condition.positional, *named.items())]
    connector = condition.named.get("_connector", "OR" if condition.name == "|" else "AND")
    if not parts or connector not in ("AND", "OR"):
        return _ANY
    join = _any if connector == "OR" else _all
    found = frozenset(map(join, product(*parts)))
    is_negated = condition.name == "~" or condition.named.get("_negated") is True
    return frozenset(None if each is None else not each for each in found) if is_negated else found


def _is_about_new(condition: Definition, step: Step) -> bool:
    """Return whether an expression is about fields alone that the change adds."""
    names = {name.partition("__")[0] for name in names_in(condition)}
    return bool(names) and all(held_in_new(step, name) is not None for name in names)


def _all(parts: tuple[Outcome, ...]) -> Outcome:
    if False in parts:
        return False
    return None if None in parts else True


def _any(parts: tuple[Outcome, ...]) -> Outcome:
    if True in parts:
        return True
    return None if None in parts else False


def _lookup(lookup: str, wanted: object, step: Step) -> frozenset[Outcome]:
    name, _, kind = lookup.partition("__")
    held = held_in_new(step, name)
    if isinstance(wanted, Definition) and wanted.name == "F" and wanted.positional:
        other = held_in_new(step, str(wanted.positional[0]))
        # What is compared with NULL is NULL, whatever it is.
        if _NULL in (held, other) or None not in (held, other):
            return _PASSES
        return _ANY
    if held is None or (held != _NULL and names_in(wanted)):
        return _ANY
    return frozenset().union(*(_of_value(kind, each, wanted) for each in held))


def _of_value(kind: str, held: object, wanted: object) -> frozenset[Outcome]:
    """Return what the lookup of one value comes to."""
    if kind == "isnull" and isinstance(wanted, bool):
        return frozenset({(held is None) is wanted})
    if kind.endswith("isnull"):
        return _ANY
    compare = _COMPARED.get(kind)
    if compare is not None and _are_alike(held, wanted):
        return frozenset({compare(held, wanted)})
    if kind == "in" and isinstance(wanted, tuple) and all(_are_alike(held, e) for e in wanted):
        return frozenset({held in wanted})
    return _PASSES


def _are_alike(held: object, wanted: object) -> bool:
    are_numbers = all(isinstance(each, int | float) for each in (held, wanted))
    return are_numbers or (isinstance(held, str) and isinstance(wanted, str))
