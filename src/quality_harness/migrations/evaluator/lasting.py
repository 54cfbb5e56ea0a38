"""What the methods of an object of the tree do to the lists that it holds."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from quality_harness.migrations.evaluator import attributes, calls
from quality_harness.migrations.evaluator.bindings import collect
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Unknown,
    Value,
    add,
)

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.scope import Scope

# So many methods deep.
_DEEPEST = 4


def after(owner: Call, node: ast.Call, scope: "Scope") -> Call:
    """Return an object as it is after a statement has called a method of it.

    Args:
        owner: the object.
        node: the call.
        scope: what it sees.
    """
    assert isinstance(node.func, ast.Attribute)
    method = attributes.of_object(owner, node.func.attr, Unknown(node, scope))
    if not isinstance(method, Function):
        return owner
    return replace(owner, done=(*owner.done, (method, node, scope)))


def since(owner: Call, name: str, made: Items, unknown: Unknown) -> Value:
    """Return a list of an object with what its methods have put into it.

    Args:
        owner: the object.
        name: the list's name.
        made: the list as __init__ leaves it.
        unknown: what stands for what cannot be told.
    """
    changing = frozenset(_changing(owner, name))
    if not changing:
        return made
    value: Value = made
    for method, node, scope in owner.done:
        value = _run(method, node, scope, name, changing, value, 0)
    done = {method.node for method, _, _ in owner.done}
    unseen = changing - {getattr(node, "name", "") for node in done}
    if unseen & _called_in(owner.scope.file.tree):
        # The object may be another one, or the call stands where nothing follows it.
        return add(value, Items((unknown,)), unknown)
    return value


def _changing(owner: Call, name: str) -> Iterator[str]:
    """Give the methods, but for __init__, that do something to an attribute."""
    lineage = attributes.lineage(owner.callee) if isinstance(owner.callee, Class) else ()
    for each in lineage:
        yield from _methods_on(each.node, name)


@lru_cache(maxsize=256)
def _methods_on(node: ast.ClassDef, name: str) -> frozenset[str]:
    """Return the methods that do something to an attribute, themselves or by another one."""
    methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    found = {
        each.name
        for each in methods
        if each.args.args and f"{each.args.args[0].arg}.{name}" in collect(each.body)
    }
    for _ in range(_DEEPEST):
        found |= {each.name for each in methods if found & set(_own_calls(each))}
    return frozenset(found - {"__init__"})


def _own_calls(method: ast.FunctionDef) -> Iterator[str]:
    for each in calls.own_nodes(method.body):
        if isinstance(each, ast.Call) and _is_of_self(each, method):
            assert isinstance(each.func, ast.Attribute)
            yield each.func.attr


def _is_of_self(node: ast.Call, method: ast.FunctionDef) -> bool:
    match node.func:
        case ast.Attribute(value=ast.Name(id=owner)):
            return bool(method.args.args) and owner == method.args.args[0].arg
        case _:
            return False


def _run(
    method: Function,
    node: ast.Call,
    scope: "Scope",
    name: str,
    changing: frozenset[str],
    value: Value,
    depth: int,
) -> Value:
    """Return a list after a method has run."""
    if not isinstance(method.node, ast.FunctionDef) or method.node.name not in changing:
        return value
    values = calls.parameters(method, calls.arguments(node, scope), Unknown(node, scope))
    inner = method.scope.call(values, method.body, scope)
    first = method.node.args.args[0].arg
    changed = inner.own(f"{first}.{name}", value) or value
    owner = values.get(first)
    for each in calls.own_nodes(method.body) if depth < _DEEPEST else ():
        if isinstance(each, ast.Call) and _is_of_self(each, method.node):
            assert isinstance(each.func, ast.Attribute)
            found = None
            if isinstance(owner, Call) and each.func.attr in changing:
                found = attributes.of_object(owner, each.func.attr, Unknown(each, inner))
            if isinstance(found, Function):
                changed = _run(found, each, inner, name, changing, changed, depth + 1)
    return changed


@lru_cache(maxsize=256)
def _called_in(tree: ast.Module) -> frozenset[str]:
    """Return the methods that a module calls, but for those of `self`."""
    return frozenset(
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "self")
    )
