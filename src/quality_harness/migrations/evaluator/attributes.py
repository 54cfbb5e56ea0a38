"""What a class of the tree, or an object that it makes, has under a name."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from quality_harness.migrations.evaluator import calls, generated, lasting
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Literal,
    Outside,
    Unknown,
    Value,
    options,
)

# So many calls deep an object's own attributes are followed.
_DEEPEST = 6


def of_class(owner: Class, name: str) -> Value | None:
    """Return an attribute or method of a class or its bases; None where it has none."""
    found = inherited(owner, name)
    if isinstance(found, Function) and _is_decorated(found, "classmethod"):
        return replace(found, bound=(owner,))
    return found


def of_object(owner: Call, name: str, unknown: Unknown) -> Value | None:
    """Return an attribute or method of an object of a class of the tree.

    Args:
        owner: the call that makes the object.
        name: the attribute's name.
        unknown: what stands for it where it cannot be told.
    """
    if not isinstance(owner.callee, Class):
        return None
    has_init = isinstance(inherited(owner.callee, "__init__"), Function)
    found = (_set_by_init if has_init else generated.set_by_fields)(owner, name, unknown)
    if isinstance(found, Items):
        return lasting.since(owner, name, found, unknown)
    if found is None:
        found = inherited(owner.callee, name)
        if isinstance(found, Items):
            return lasting.since(owner, name, found, unknown, shared=True)
    if isinstance(found, Literal) and lasting.is_changed(owner, name):
        return unknown
    if not isinstance(found, Function) or _is_decorated(found, "staticmethod"):
        return found
    if _is_decorated(found, "classmethod"):
        return replace(found, bound=(owner.callee,))
    is_read = any("property" in each for each in found.decorators)
    return None if is_read else replace(found, bound=(owner, *found.bound))


def overridden(owner: Call, name: str) -> list[Function]:
    """Return the methods of an object's bases that the nearest one stands before."""
    bases = lineage(owner.callee) if isinstance(owner.callee, Class) else ()
    found = [method for each in bases if isinstance(method := each.own(name), Function)]
    return [replace(each, bound=(owner,)) for each in found[1:]]


def read_of(owner: Call, name: str) -> Function | None:
    """Return the method that reading a property of an object runs; None where it is none."""
    found = inherited(owner.callee, name) if isinstance(owner.callee, Class) else None
    is_read = isinstance(found, Function) and any("property" in each for each in found.decorators)
    return replace(found, bound=(owner,)) if is_read and isinstance(found, Function) else None


def set_by_base(owner: Class, name: str) -> Value | None:
    """Return what a base's __init_subclass__ gives to an attribute of a class."""
    for base in lineage(owner):
        found = base.own("__init_subclass__") if base is not owner else None
        if isinstance(found, Function) and not isinstance(found.node, ast.Lambda):
            given = {
                each.arg: owner.scope.of(each.value) for each in owner.node.keywords if each.arg
            }
            arguments = calls.Arguments((), given, len(given) == len(owner.node.keywords))
            unknown = Unknown(owner.node, owner.scope)
            values = calls.parameters(replace(found, bound=(owner,)), arguments, unknown)
            first = found.node.args.args[0].arg if found.node.args.args else ""
            scope = found.scope.call(values, found.body, owner.scope)
            return scope.own(f"{first}.{name}") or unknown
    return None


def enumerated(owner: Class) -> tuple[Value, ...]:
    """Return the members of an enumeration; none of any other class."""
    bases = (option for base in owner.node.bases for option in options(owner.scope.of(base)))
    if not any(isinstance(base, Outside) and base.dotted.startswith("enum.") for base in bases):
        return ()
    names = (
        target.id
        for statement in owner.node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    )
    return tuple(found for name in names if (found := owner.own(name)) is not None)


def called(value: Value) -> Value | None:
    """Return what calling an object of a class of the tree runs; None for all others."""
    if not isinstance(value, Call):
        return None
    return of_object(value, "__call__", Unknown(value.node, value.scope))


def inherited(owner: Class, name: str) -> Value | None:
    """Return what a class or the nearest of its bases defines under a name."""
    for each in lineage(owner):
        found = each.own(name)
        if found is not None and not isinstance(found, Function):
            # Statements beside the class may have given it another value, or more.
            return each.scope.own(f"{each.node.name}.{name}", found)
        if found is not None:
            return found
    return None


def lineage(owner: Class, depth: int = 0) -> Iterator[Class]:
    """Give a class and its bases of the tree, the nearest ones first."""
    yield owner
    for base in owner.node.bases if depth < _DEEPEST else ():
        for option in options(owner.scope.of(base)):
            if isinstance(option, Class):
                yield from lineage(option, depth + 1)


def _set_by_init(owner: Call, name: str, unknown: Unknown) -> Value | None:
    """Return what __init__ assigns to an attribute of the object."""
    assert isinstance(owner.callee, Class)
    init = inherited(owner.callee, "__init__")
    if not isinstance(init, Function) or isinstance(init.node, ast.Lambda):
        return None
    names = init.node.args.posonlyargs + init.node.args.args
    if not names or unknown.scope.depth >= _DEEPEST:
        return None
    given = calls.arguments(owner.node, owner.scope)
    bound = replace(init, bound=(owner,))
    scope = init.scope.call(calls.parameters(bound, given, unknown), init.body, unknown.scope)
    return scope.own(f"{names[0].arg}.{name}")


def _is_decorated(function: Function, name: str) -> bool:
    return name in function.decorators
