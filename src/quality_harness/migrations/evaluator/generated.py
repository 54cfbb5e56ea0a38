"""What the __init__ that Python writes for a class gives to its fields."""

import ast

from quality_harness.migrations.evaluator import attributes, calls
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Outside,
    Unknown,
    Value,
    options,
)

_DATACLASS, _FIELD = Outside("dataclasses.dataclass"), Outside("dataclasses.field")
_NAMED_TUPLE = Outside("typing.NamedTuple")
_EMPTY = (Outside("builtins.list"), Outside("builtins.tuple"))


def set_by_fields(owner: Call, name: str, unknown: Unknown) -> Value | None:
    """Return what an object has in a field that its class annotates; None where it has none.

    Args:
        owner: the call that makes the object; its class has no __init__ of its own.
        name: of the field.
        unknown: what stands for it where it cannot be told.
    """
    assert isinstance(owner.callee, Class)
    fields = _fields(owner.callee)
    if name not in fields:
        # A class of another package may take whatever it is given by name.
        is_given = any(each.arg in (name, None) for each in owner.node.keywords)
        return unknown if is_given else None
    given = calls.arguments(owner.node, owner.scope)
    if not _is_generated(owner.callee) or _is_set_later(owner.callee, name):
        # Another package's class may do anything with what it is given.
        return unknown if owner.node.args or owner.node.keywords else None
    found = given.get(name, list(fields).index(name))
    if found is not None:
        return found
    return _default(fields[name], unknown) if given.complete else unknown


def members(owner: Call) -> tuple[Value, ...] | None:
    """Return what a named tuple holds, in order; None for all other objects."""
    if not isinstance(owner.callee, Class) or _bases(owner.callee) != [_NAMED_TUPLE]:
        return None
    unknown = Unknown(owner.node, owner.scope)
    found = [set_by_fields(owner, name, unknown) for name in _fields(owner.callee)]
    return tuple(each or unknown for each in found)


def _fields(owner: Class) -> dict[str, tuple[Class, ast.AnnAssign]]:
    """Return the annotated names of a class and its bases, as their order is in a call."""
    found: dict[str, tuple[Class, ast.AnnAssign]] = {}
    for each in reversed(list(attributes.lineage(owner))):
        for statement in each.node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                    if "ClassVar" not in ast.unparse(annotation):
                        found[name] = each, statement
    return found


def _is_generated(owner: Class) -> bool:
    for each in attributes.lineage(owner):
        for decorator in each.node.decorator_list:
            maker = decorator.func if isinstance(decorator, ast.Call) else decorator
            if each.scope.of(maker) == _DATACLASS:
                told = decorator.keywords if isinstance(decorator, ast.Call) else []
                return all(keyword.arg not in ("kw_only", "init") for keyword in told)
        if _NAMED_TUPLE in _bases(each):
            return True
    return False


def _bases(owner: Class) -> list[Value]:
    return [option for base in owner.node.bases for option in options(owner.scope.of(base))]


def _is_set_later(owner: Class, name: str) -> bool:
    """Return whether __post_init__ or __new__ may give a field another value."""
    for method in ("__post_init__", "__new__"):
        found = attributes.inherited(owner, method)
        if isinstance(found, Function) and name in ast.unparse(found.node):
            return True
    return False


def _default(field: tuple[Class, ast.AnnAssign], unknown: Unknown) -> Value:
    owner, statement = field
    if statement.value is None:
        return unknown
    value = owner.scope.body(owner.node).of(statement.value)
    if isinstance(value, Call) and value.callee == _FIELD:
        given = calls.arguments(value.node, value.scope)
        if given.named.get("default_factory") in _EMPTY:
            return Items(())
        return given.named.get("default", unknown)
    return value
