"""What a test returns, nobody looks at."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, own_nodes, words
from quality_harness.testing.honesty.naming import last_name

RULE = Rule(
    code="HON024",
    name="returned-assertion",
    summary="A test returns the outcome of a comparison.",
    reason=(
        "Runners take no notice of what a test returns: one that returns False passes. pytest and "
        "newer Pythons warn, and go on."
    ),
    instead="Assert it.",
    bad="def test_total():\n    return total() == 3",
    good="def test_total():\n    assert total() == 3",
)
_TELLING = {"isinstance", "issubclass", "all", "any", "bool", "hasattr"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such `return`."""
    for test in module.tests:
        for node in own_nodes(*test.body):
            if isinstance(node, ast.Return) and node.value and _tells(node.value):
                yield module.finding(
                    RULE,
                    node,
                    f"{test.name} returns {words(node.value)}; no runner looks at it.",
                    f"Write: assert {words(node.value)}.",
                )


def _tells(node: ast.expr) -> bool:
    """Whether an expression is the answer to a question."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and last_name(node) in _TELLING
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    is_bool = isinstance(node, ast.BoolOp) and any(map(_tells, node.values))
    is_literal = isinstance(node, ast.Constant) and isinstance(node.value, bool)
    return isinstance(node, ast.Compare) or is_not or is_bool or is_literal
