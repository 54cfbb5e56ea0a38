"""Whether one condition of rows follows from another, as far as their lookups tell."""

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

from quality_harness.migrations.definitions import UNKNOWN, Definition

# For each comparison, from which others it follows, and how the limits have to stand then.
_LIMITS: dict[str, dict[str, Callable[[Any, Any], bool]]] = {
    "gte": {"gte": ge, "gt": ge, "exact": ge},
    "gt": {"gte": gt, "gt": ge, "exact": gt},
    "lte": {"lte": le, "lt": le, "exact": le},
    "lt": {"lte": lt, "lt": le, "exact": lt},
}


def follows(wanted: object, held: object) -> bool:
    """Return whether every row that keeps to one condition keeps to another.

    Args:
        wanted: the condition in question, as a Q of a migration or a part of one.
        held: the one that is known to hold.

    Returns:
        False too where it cannot be told.
    """
    how_held, held_parts = _parts(held)
    how_wanted, wanted_parts = _parts(wanted)
    if how_held == "OR":
        return all(follows(wanted, part) for part in held_parts)
    if how_wanted == "AND":
        return all(follows(part, held) for part in wanted_parts)
    if how_wanted == "OR":
        return any(follows(part, held) for part in wanted_parts)
    if how_held == "AND":
        return any(follows(wanted, part) for part in held_parts)
    return _lookup_follows(wanted, held)


def _parts(condition: object) -> tuple[str, list[object]]:
    """Return how the parts of a condition are joined; "" for a single lookup or what is unknown."""
    if not isinstance(condition, Definition) or condition.name not in ("Q", "&", "|"):
        return "", []
    named = {name: each for name, each in condition.named.items() if name[0] != "_"}
    parts = [*condition.positional, *named.items()]
    if condition.named.get("_negated") or not condition.complete or not parts:
        return "", []
    is_or = condition.name == "|" or condition.named.get("_connector") == "OR"
    return "OR" if is_or else "AND", parts


def _lookup_follows(wanted: object, held: object) -> bool:
    match wanted, held:
        case (str(one), limit), (str(other), known):
            (field, _, kind), (held_field, _, held_kind) = one.partition("__"), other.partition(
                "__"
            )
            kind, held_kind = kind or "exact", held_kind or "exact"
            if field != held_field or UNKNOWN in (limit, known):
                return False
            return _value_follows(kind, limit, held_kind, known)
    return False


def _value_follows(kind: str, limit: Any, held_kind: str, known: Any) -> bool:
    if (kind, limit) == (held_kind, known):
        return True
    if kind == "in" and isinstance(limit, tuple):
        values = (known,) if held_kind == "exact" else known
        is_listed = held_kind in ("in", "exact") and isinstance(values, tuple)
        return is_listed and all(value in limit and value is not UNKNOWN for value in values)
    compare = _LIMITS.get(kind, {}).get(held_kind)
    are_numbers = all(isinstance(each, int | float) for each in (limit, known))
    return compare is not None and are_numbers and compare(known, limit)
