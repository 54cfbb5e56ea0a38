"""A comparison whose outcome nobody takes."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import FUNCTIONS, Module, words
from quality_harness.testing.honesty.naming import last_name

RULE = Rule(
    code="HON023",
    name="comparison-without-assert",
    summary="A comparison stands alone, and nothing asserts it.",
    reason="`total == 3` is computed and thrown away; the word `assert` was forgotten.",
    instead="Write `assert` before it, or assertEqual.",
    bad="result == 3",
    good="assert result == 3",
)
# Contexts that expect no exception of what is in them.
_HARMLESS = {"subTest", "patch", "open"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each statement that only compares."""
    for node in module.all(ast.Expr):
        if not _compares(node.value) or _is_tried(module, node):
            continue
        if module.test_of(node) is not None:
            yield module.finding(
                RULE,
                node,
                f"{words(node)} is compared, and nothing asks for the outcome.",
                f"Write: assert {words(node)}.",
            )


def _compares(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.BoolOp):
        return any(map(_compares, node.values))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id == "isinstance"
    return isinstance(node, ast.Compare)


def _is_tried(module: Module, node: ast.AST) -> bool:
    """Whether comparing is itself what is tried: in a `with`, a `try` or an inner function."""
    for each in module.around(node):
        contexts = each.items if isinstance(each, (ast.With, ast.AsyncWith)) else []
        if not {last_name(item.context_expr) for item in contexts} <= _HARMLESS:
            return True
        if isinstance(each, ast.Try) or (isinstance(each, FUNCTIONS) and each not in module.tests):
            return True
    return False
