"""Conditions that every row keeps to by the types of its columns alone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from operator import ge, gt, le, lt

from quality_harness.migrations.fields import Field
from quality_harness.migrations.model import Model

_LENGTHS = {"length", "char_length", "character_length"}
_COMPARED: dict[str, Callable[[int, int], bool]] = {">=": ge, ">": gt, "<=": le, "<": lt}


def lookups(model: Model) -> Iterator[tuple[str, object]]:
    """Give what the fields of a model see to, each as a lookup of a Q and its value."""
    for field in model.fields.values():
        if field.is_positive:
            yield f"{field.name}__gte", 0
        if field.null is False:
            yield f"{field.name}__isnull", False


def is_kept(check: Sequence[str], model: Model) -> bool:
    """Return whether the types of a model's columns keep to a check by SQL.

    Args:
        check: the words of the constraint, such as ("check", "(", "price", ">=", "0", ")").
        model: whose table it is added to.
    """
    # Nothing is told of several conditions at once.
    match tuple(check):
        case ("check", "(", name, ">=" | ">" as operator, limit, ")", *_):
            field = model.field_of(name)
            return field is not None and field.is_positive and _holds(0, operator, limit)
        case ("check", "(", function, "(", name, ")", "<=" | "<" as operator, limit, ")", *_):
            size = _size(model.field_of(name)) if function in _LENGTHS else None
            return size is not None and _holds(size, operator, limit)
        case ("check", "(", name, "is", "not", "null", ")", *_):
            field = model.field_of(name)
            return field is not None and field.null is False
        case _:
            return False


def _holds(bound: int, operator: str, limit: str) -> bool:
    """Return whether the outermost value that a type lets in keeps to a comparison."""
    with suppress(ValueError):
        return _COMPARED[operator](bound, int(limit))
    return False


def _size(field: Field | None) -> int | None:
    """Return how many characters a column takes."""
    found = None if field is None else field.type
    return found.size if found is not None and found.family == "text" else None
