"""Decides the branches of a function by the constants that the call which leads to it gives."""

import ast
from collections.abc import Mapping
from functools import lru_cache, partial

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.deciding import Decide, decided
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.settling import is_constant
from quality_harness.migrations.evaluator.truth import truth
from quality_harness.migrations.evaluator.values import Literal, Value

Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_COMPARED = (ast.Compare, ast.Name, ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Load,
             ast.Eq, ast.NotEq, ast.In, ast.NotIn)  # fmt: skip


def by_constants(node: Node, scope: Scope) -> Decide | None:
    """Return what decides the conditions of a function in one call.

    Args:
        node: the function.
        scope: what its body sees in that call.

    Returns:
        None where the call, and those around it, give no constant, or no condition asks for one.
    """
    given = scope.given_constants()
    if not given or given.isdisjoint(_asked(node)):
        return None
    seen = {name: scope.lookup(name) for name in _asked(node)}
    known = settled({name: value for name, value in seen.items() if is_constant(value)})
    # Nothing else is known: a name of the body may be given something else before the condition.
    inner = Scope(scope.file, values=dict(known))
    return partial(_answer, scope=inner) if known else None


def settled(values: Mapping[str, Value | None]) -> frozenset[tuple[str, Literal]]:
    """Return the names of those values that are constants for good, with them."""
    return frozenset(
        (name, value)
        for name, value in values.items()
        if isinstance(value, Literal) and value.settled
    )


@lru_cache(maxsize=256)
def _asked(node: Node) -> frozenset[str]:
    """Return the names in the conditions of a function."""
    body = node.body if isinstance(node.body, list) else []
    tests = [each.test for each in calls.own_nodes(body) if isinstance(each, ast.If)]
    parts = [part for test in tests for part in ast.walk(test)]
    return frozenset(part.id for part in parts if isinstance(part, ast.Name))


def _answer(test: ast.expr, scope: Scope) -> bool | None:
    """Return what a condition gives for good; None where that may differ."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _answer(operand, scope)
            return None if inner is None else not inner
        case ast.BoolOp(op=joined, values=values):
            found = [_answer(each, scope) for each in values]
            ends = isinstance(joined, ast.Or)
            return ends if ends in found else None if None in found else not ends
        case ast.Name(id=name):
            value = scope.own(name)
            return bool(value.value) if isinstance(value, Literal) else decided(test)
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            is_told = isinstance(test.left, ast.Name)
        case _:
            is_told = all(isinstance(each, _COMPARED) for each in ast.walk(test))
    return truth(test, scope) if is_told else decided(test)
