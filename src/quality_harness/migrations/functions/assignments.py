"""Reads which attributes of objects a function assigns to, empties or takes parts from."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

from quality_harness.migrations.evaluator.deciding import reached
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Function, Literal, options

# The name of a field that is known only at run time.
UNTOLD = "…"
# Methods that change a dictionary or list in its place, and that no manager of rows has.
_CHANGES = {"pop", "popitem", "update", "reverse", "sort"}

_TO_SEVERAL = (ast.Assign, ast.Delete)
_TO_ONE = (ast.AugAssign, ast.AnnAssign)
_WITH_VALUE = (ast.Expr, ast.Assign, ast.Return)
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
# So many helpers deep.
_DEEPEST = 4
# Where statements hold others.
_BODIES = ("body", "orelse", "finalbody", "handlers")


@dataclass(frozen=True)
class Written:
    """A field that a function assigns to.

    Attributes:
        owner: the name of the object.
        field: the field's name; UNTOLD where that is known only at run time.
        guarded: whether an `if` looks at that field first.
        copied: whether the value is made at run time, and not from the field itself.
        value: the value, where it is written out.
    """

    owner: str
    field: str
    guarded: bool
    copied: bool
    value: ast.expr | None = None


Tests = tuple[ast.expr, ...]


def assigned(function: Function, scope: Scope) -> list[Written]:
    """Return what a function assigns to attributes of names, in no order.

    Args:
        function: the function.
        scope: what its body sees.
    """
    body = function.node.body
    return list(_assigned(body if isinstance(body, list) else [], (), scope))


def _assigned(body: list[ast.stmt], tests: Tests, scope: Scope) -> Iterator[Written]:
    for node in reached(body):
        targets = node.targets if isinstance(node, _TO_SEVERAL) else []
        if isinstance(node, _TO_ONE):
            targets = [node.target]
        for target in targets:
            for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                yield from _target(each, node, tests)
        if isinstance(node, _WITH_VALUE):
            yield from _called(node.value, tests, scope)
        if isinstance(node, ast.If):
            yield from _assigned(node.body, (*tests, node.test), scope)
            yield from _assigned(node.orelse, tests, scope)
        elif not isinstance(node, _DEFINITIONS):
            for name in _BODIES:
                inner = getattr(node, name, None)
                if inner:
                    yield from _assigned(inner, tests, scope)


def _target(target: ast.expr, node: ast.stmt, tests: Tests) -> Iterator[Written]:
    match target:
        case ast.Attribute(value=owner) if not isinstance(node, ast.Delete):
            yield _written(target, name_of(owner), node, tests)
            if _is_of_part(target):
                yield from _in_place(target, tests)
        case ast.Subscript(value=ast.Attribute() | ast.Subscript() | ast.Call()):
            yield from _in_place(target, tests)


def name_of(owner: ast.expr) -> str:
    """Return how an object is called in the source."""
    return owner.id if isinstance(owner, ast.Name) else ast.unparse(owner)


def _called(node: ast.expr | None, tests: Tests, scope: Scope) -> Iterator[Written]:
    """Give what setattr() and the methods of dictionaries and lists write."""
    match node:
        case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), name, value]):
            for option in options(scope.of(name)):
                told = option.text if isinstance(option, Literal) else None
                copied = not isinstance(value, ast.Constant)
                yield Written(owner, told or UNTOLD, False, copied)
        case ast.Call(func=ast.Attribute(value=changed, attr=method)) if method in _CHANGES:
            yield from _in_place(changed, tests)
        case ast.Call(func=ast.Name() | ast.Attribute() as callee, args=[ast.Name(), *_]):
            yield from _by_helper(node, callee, scope)


def _by_helper(node: ast.Call, callee: ast.expr, scope: Scope) -> Iterator[Written]:
    """Give what a function of the tree assigns to an object that it is given."""
    first = callee.value if isinstance(callee, ast.Attribute) else callee
    if not isinstance(first, ast.Name) or scope.depth > _DEEPEST:
        return
    for option in options(scope.of(callee)):
        if isinstance(option, Function):
            names = [each.arg for each in option.node.args.args][len(option.bound) :]
            inner = option.scope.call({}, option.body, scope)
            owners = {
                name: given.id
                for name, given in zip(names, node.args, strict=False)
                if isinstance(given, ast.Name)
            }
            for each in assigned(option, inner):
                if each.owner in owners:
                    yield replace(each, owner=owners[each.owner])


def _in_place(changed: ast.expr, tests: Tests) -> Iterator[Written]:
    """Give the field whose document or list is changed in its place."""
    while isinstance(changed, ast.Subscript) or _is_of_part(changed):
        changed = changed.value
    match changed:
        case ast.Call(func=ast.Name(id="vars"), args=[ast.Name(id=owner)]) | (
            ast.Attribute(value=ast.Name(id=owner), attr="__dict__")
        ):
            yield Written(owner, UNTOLD, False, False)
        case ast.Attribute(value=ast.Name(id=owner), attr=field):
            itself = ast.unparse(changed)
            guarded = any(_asks_for_empty(test, itself) for test in tests)
            guarded = guarded or any(_asks_for_missing(test, itself) for test in tests)
            yield Written(owner, field, guarded, False)


def _is_of_part(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """Return whether it is an attribute of a part, as in `row.blocks[0].value`."""
    owner = node
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    return isinstance(node, ast.Attribute) and isinstance(owner, ast.Subscript)


def _written(target: ast.Attribute, owner: str, node: ast.stmt, tests: Tests) -> Written:
    value = getattr(node, "value", None)
    itself = f"{owner}.{target.attr}"
    copied = (
        value is not None
        and not isinstance(value, ast.Constant | ast.List | ast.Dict)
        and not isinstance(node, ast.AugAssign)
        and itself not in ast.unparse(value)
    )
    guarded = any(_asks_for_empty(test, itself) for test in tests)
    whole = None if isinstance(node, ast.AugAssign) else value
    return Written(owner, target.attr, guarded, copied, whole)


def _asks_for_empty(test: ast.expr, itself: str) -> bool:
    """Return whether a condition holds only where the field is empty."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ast.unparse(operand) == itself
        case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=v)]):
            return ast.unparse(left) == itself and v in (None, "")
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_asks_for_empty(each, itself) for each in values)
        case _:
            return False


def _asks_for_missing(test: ast.expr, itself: str) -> bool:
    """Return whether a condition holds only where a key is not there yet."""
    match test:
        case ast.Compare(ops=[ast.NotIn()], comparators=[holder]):
            return ast.unparse(holder) == itself
        case _:
            return False
