"""Finds the methods that `getattr(owner, name)()` may call where the name is not known."""

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from quality_harness.migrations.evaluator import attributes
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Literal,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.hole import HOLE


def found_by_name(node: ast.Call, around: ast.AST, scope: Scope) -> Iterator[Function]:
    """Give the methods of a class of the tree that may be meant; none where the name is known.

    Args:
        node: the call of what getattr() gives.
        around: the function that it stands in.
        scope: what it sees.
    """
    match node.func:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, name, *_]):
            patterns = "|".join(_patterns(scope.of(name)))
            begins = tuple(_begins(node, name, around, scope)) if patterns else ()
            for option in options(scope.of(owner)) if patterns else ():
                for method in _methods(option):
                    is_meant = all(method.startswith(each) for each in begins)
                    if is_meant and re.fullmatch(patterns, method):
                        yield from _of(option, method, Unknown(node, scope))


def _patterns(name: Value) -> Iterator[str]:
    """Give what a name that is not known may be, as expressions."""
    for option in options(name):
        text = option.text if isinstance(option, Literal) else HOLE
        if text is not None and HOLE in text:
            yield ".*".join(map(re.escape, text.split(HOLE)))


def _is_set(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _begins(node: ast.Call, name: ast.expr, around: ast.AST, scope: Scope) -> Iterator[str]:
    """Give what the name begins with, as the conditions around the call ask."""
    for each in ast.walk(around):
        match each:
            case ast.If(
                test=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=asked), attr="startswith"), args=[begin]
                ),
                body=body,
            ) if (
                isinstance(name, ast.Name) and asked == name.id
            ):
                inner = [part for statement in body for part in ast.walk(statement)]
                is_same = all(asked != part.id for part in inner if _is_set(part))
                told = scope.of(begin)
                text = told.text if isinstance(told, Literal) else None
                if node in inner and is_same and text is not None and HOLE not in text:
                    yield text


def _methods(owner: Value) -> Iterator[str]:
    """Give the names of the methods of an object of the tree, or of a class."""
    made = owner.callee if isinstance(owner, Call) else owner
    for each in attributes.lineage(made) if isinstance(made, Class) else ():
        for statement in each.node.body:
            if isinstance(statement, ast.FunctionDef) and not statement.name.startswith("__"):
                yield statement.name


def _of(owner: Value, name: str, unknown: Unknown) -> Iterator[Function]:
    if isinstance(owner, Call):
        found = attributes.of_object(owner, name, unknown)
    else:
        found = attributes.of_class(owner, name) if isinstance(owner, Class) else None
    if isinstance(found, Function):
        yield found
