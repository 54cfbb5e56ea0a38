"""What a migration makes unique, and whether a row of old or the running code may break it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quality_harness.migrations.comparing import (
    altered,
    is_new_and_empty,
    together,
    unique_sets,
)
from quality_harness.migrations.definitions import UNKNOWN, Definition
from quality_harness.migrations.fields import Field
from quality_harness.migrations.graph import Context, Step
from quality_harness.migrations.operations import Migration, Operation


@dataclass(frozen=True)
class NewUnique:
    """Fields of an old table that become unique.

    Attributes:
        operation: what makes them so.
        names: the fields; none for an expression.
        enforced: whether nothing can break it, so that the index alone is new.
    """

    operation: Operation
    names: Sequence[str]
    enforced: bool


def new_uniques(context: Context, migration: Migration) -> Iterator[NewUnique]:
    """Give what operations make unique; an AddField only where that can be broken."""
    for each in altered(context, migration):
        if each.new.is_unique and not each.old.is_unique:
            yield _judged(each.step, (each.step.operation.field.lower(),))
    for step in context.steps(migration, "AddField"):
        operation = step.operation
        field = step.field
        # One value for all old rows: the second one is refused.
        if field.is_unique and field.null is True and (field.has_default or field.has_db_default):
            yield NewUnique(operation, (operation.field,), enforced=False)
    for step in context.steps(migration, "AlterUniqueTogether"):
        before = step.before.options.get("unique_together") if step.before is not None else None
        for names in together(step.operation.given["unique_together"]):
            if names not in together(before):
                yield _judged(step, names)
    for step in context.steps(migration, "AddConstraint"):
        made = step.operation.given["constraint"]
        if isinstance(made, Definition) and made.name == "UniqueConstraint":
            given = made.get("fields")
            names = tuple(str(name) for name in given) if isinstance(given, tuple) else ()
            yield _judged(step, names, made)


def _judged(step: Step, names: Sequence[str], made: Definition | None = None) -> NewUnique:
    condition = None if made is None else made.get("condition")
    enforced = (
        _is_enforced(step, names)
        or _is_null(step, names, made)
        or any(_is_met_by_none(step, name, value) for name, value in _demands(condition))
    )
    return NewUnique(step.operation, names, enforced)


def _is_enforced(step: Step, names: Sequence[str]) -> bool:
    """Return whether no old row and no old code can hold the values twice."""
    wanted = frozenset(name.lower() for name in names)
    if not wanted or step.base is None:
        return False
    return any(each <= wanted for each in unique_sets(step.base))


def _is_null(step: Step, names: Sequence[str], made: Definition | None) -> bool:
    """Return whether all rows hold NULL in what is compared, and no NULL equals another."""
    if made is not None and made.get("nulls_distinct") is False:
        return False
    expressions = () if made is None else tuple(map(_name_within, made.positional))
    return any(is_new_and_empty(step, name) for name in (*names, *expressions))


def _name_within(expression: object) -> str:
    """Return the field of an expression that is NULL where the field is; else nothing."""
    while isinstance(expression, Definition) and expression.name in _KEEPS_NULL:
        expression = next(iter(expression.positional), None)
    return expression if isinstance(expression, str) else ""


def _demands(condition: object) -> Iterator[tuple[str, object]]:
    """Give the fields that a condition compares with a constant, all of which have to fit."""
    if not isinstance(condition, Definition) or condition.named.get("_connector") == "OR":
        return
    if condition.name == "&":
        for part in condition.positional:
            yield from _demands(part)
    elif condition.name == "Q" and condition.named.get("_negated") is not True:
        for name, value in condition.named.items():
            yield name, value
        for part in condition.positional:
            if isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], str):
                yield part[0], part[1]
            else:
                yield from _demands(part)


def _is_met_by_none(step: Step, lookup: str, value: object) -> bool:
    """Return whether the change adds the field, and no row begins with the value."""
    name = lookup.removesuffix("__exact").removesuffix("__isnull")
    field = step.after.field(name) if step.after is not None else None
    if field is None or step.base is None or step.base.field(name) is not None:
        return False
    return not may_begin_with(field, UNKNOWN if lookup.endswith("__isnull") else value, value)


# Functions of one field, each of them NULL where that is.
_KEEPS_NULL = {"F", "Lower", "Upper", "Trim", "LTrim", "RTrim", "Length", "MD5", "SHA256", "Cast",
               "Collate", "Reverse", "Trunc", "TruncDate", "ExtractYear", "Abs"}  # fmt: skip


def may_begin_with(field: Field, value: object, is_null: object = None) -> bool:
    """Return whether rows of old, or those of the running code, may hold a value in a new field.

    Args:
        field: the field.
        value: the value; UNKNOWN where it is asked for NULL.
        is_null: then, whether for NULL or for anything else.
    """
    first = field.get("db_default", field.get("default"))
    if first is not None and type(first) not in (str, int, bool):
        return True
    if value is UNKNOWN:
        return is_null is not False or first is not None
    return first is not None and (first == value or type(first) is not type(value))
