"""Rewrites calls that hand a call on: functools.partial, map and getattr become plain ones.

What was evaluated elsewhere is put into the call under a name of its own, so that it keeps the
scope that it comes from.
"""

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from quality_harness.migrations.evaluator.values import (
    Function,
    Items,
    Literal,
    Partial,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.calls import Arguments
    from quality_harness.migrations.evaluator.scope import Scope


def partial(callee: Value, node: ast.Call, given: "Arguments", unknown: Unknown) -> Value:
    """Return what `functools.partial(callee, ...)` gives.

    Args:
        callee: one alternative of the first argument.
        node: the call of partial.
        given: its arguments, the callee among them.
        unknown: what stands for it where it cannot be told.
    """
    if isinstance(callee, Function):
        bound = (*callee.bound, *given.positional[1:])
        return replace(callee, bound=bound, named={**callee.named, **given.named})
    return Partial(callee, node, unknown.scope)


def completed(given: Partial, node: ast.Call, scope: "Scope") -> tuple[ast.Call, "Scope"]:
    """Return the call that calling a partial makes, and the scope that it sees."""
    names: dict[str, Value] = {}

    def kept(expression: ast.expr) -> ast.expr:
        if isinstance(expression, ast.Starred):
            return ast.Starred(kept(expression.value), ast.Load())
        return _named(given.scope.of(expression), names)

    later = {each.arg for each in node.keywords}
    keywords = [
        ast.keyword(each.arg, kept(each.value))
        for each in given.node.keywords
        if each.arg is None or each.arg not in later
    ]
    args = [kept(each) for each in given.node.args[1:]]
    made = ast.Call(node.func, [*args, *node.args], [*keywords, *node.keywords])
    return _at(made, node), scope.child(names)


def mapped(node: ast.Call, given: "Arguments", scope: "Scope") -> Iterable[Value] | None:
    """Return what `map(function, list, ...)` gives; None where a list is unknown."""
    lists = [each.members for each in given.positional[1:] if isinstance(each, Items)]
    if not lists or len(lists) + 1 != len(given.positional) or not given.complete:
        return None
    rounds: list[Value] = []
    for members in zip(*lists, strict=False):
        names: dict[str, Value] = {}
        args = [_named(member, names) for member in members]
        rounds.append(scope.child(names).of(_at(ast.Call(node.args[0], args, []), node)))
    return rounds


def attribute(node: ast.Call, given: "Arguments", scope: "Scope") -> Value | None:
    """Return what `getattr(owner, "name")` gives; None where the name is unknown."""
    name = given.positional[1] if len(given.positional) > 1 else None
    if not isinstance(name, Literal) or name.text is None or not name.text.isidentifier():
        return None
    made = ast.Attribute(node.args[0], name.text, ast.Load())
    return scope.of(ast.copy_location(made, node))


def _named(value: Value, names: dict[str, Value]) -> ast.expr:
    name = f"given_before_{len(names)}"
    names[name] = value
    return ast.Name(name, ast.Load())


def _at(made: ast.Call, node: ast.Call) -> ast.Call:
    return ast.fix_missing_locations(ast.copy_location(made, node))
