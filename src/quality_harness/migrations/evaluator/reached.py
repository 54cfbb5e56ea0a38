"""Takes out of a method what an object of its class never comes to."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Function,
    Literal,
    Unknown,
    Value,
    as_text,
)
from quality_harness.migrations.hole import HOLE

_ENDS = (ast.Return, ast.Raise)


def reached(method: Function) -> Function:
    """Return a method without the branches that are not taken, and what is behind a return.

    Args:
        method: bound to the object, so that conditions see what `__init__` has set.

    Returns:
        The same where each condition is known only at run time.
    """
    node = method.node
    if isinstance(node, ast.Lambda) or not any(isinstance(each, ast.If) for each in node.body):
        return method
    unknown = Unknown(node, method.scope)
    values = calls.parameters(method, calls.Arguments((), {}, complete=False), unknown)
    body = _body(node.body, method.scope.call(values, node.body, method.scope))
    if body == node.body:
        return method
    parts = {name: getattr(node, name) for name in node._fields} | {"body": body}
    return replace(method, node=ast.copy_location(type(node)(**parts), node))


def _body(statements: Sequence[ast.stmt], scope: Scope) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for each in statements:
        taken = [each]
        if isinstance(each, ast.If):
            is_true = _truth(each.test, scope)
            taken = (
                [each] if is_true is None else _body(each.body if is_true else each.orelse, scope)
            )
        found += taken
        if taken and isinstance(taken[-1], _ENDS):
            break
    return found


def _truth(test: ast.expr, scope: Scope) -> bool | None:
    """Return whether a condition holds; None where that is known only at run time."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _not(_truth(operand, scope))
        case ast.BoolOp(op=operator, values=parts):
            # One part decides an `or` that is true, and an `and` that is false.
            deciding = isinstance(operator, ast.Or)
            told = [_truth(part, scope) for part in parts]
            return deciding if deciding in told else None if None in told else not deciding
        case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[right]):
            return _equal(scope.of(left), scope.of(right))
        case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq()], comparators=[right]):
            return _not(_equal(scope.of(left), scope.of(right)))
        case _:
            found = _told(scope.of(test))
            return None if found is None else bool(found.value)


def _not(found: bool | None) -> bool | None:
    return None if found is None else not found


def _equal(left: Value, right: Value) -> bool | None:
    one, other = _told(left), _told(right)
    return None if one is None or other is None else one == other


def _told(value: Value) -> Literal | None:
    return value if isinstance(value, Literal) and HOLE not in as_text(value) else None
