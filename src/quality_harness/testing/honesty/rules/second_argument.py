"""The second argument of `assertTrue` is a message; nothing is compared with it."""

import ast
import re
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.naming import last_name
from quality_harness.testing.honesty.truth import constant

RULE = Rule(
    code="HON013",
    name="second-argument",
    summary="What was meant as the expected value is taken for the message of a failure.",
    reason=(
        "`assertTrue(total, 3)` and `assert total, 3` ask only whether the total is true; the 3 is "
        "printed where it is not. Every total but 0 passes."
    ),
    instead="Compare: `assertEqual(total, 3)`, `assert total == 3`.",
    bad="self.assertTrue(cart.total, 3)",
    good='self.assertTrue(cart.is_paid, "the cart is not paid")',
)
_CONDITIONS = (ast.Compare, ast.BoolOp, ast.UnaryOp)
_METHODS = {"assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone"}
_EXPECTED = re.compile(r"(expected|wanted|expect|want)(_\w+)?|\w+_(expected|wanted)")
_BOOLEAN = re.compile(r"_*(is|has|can|was|should|are|does|must|did)_\w+|ok|success|valid|active")


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each message that can be none."""
    for node in module.nodes:
        if isinstance(node, ast.Assert) and node.msg is not None:
            first, second = node.test, node.msg
        elif isinstance(node, ast.Call) and last_name(node) in _METHODS and len(node.args) == 2:
            first, second = node.args
        else:
            continue
        if isinstance(first, _CONDITIONS):
            continue  # what follows a comparison is a message, whatever it looks like
        if _is_no_message(second) or _is_value_of(first, second):
            yield module.finding(
                RULE,
                node,
                f"{words(second)} is taken for the message; {words(first)} is compared with "
                "nothing.",
                f"Compare: assertEqual({words(first)}, {words(second)}).",
            )


def _is_no_message(node: ast.expr) -> bool:
    """Whether nobody would write this as a message: a number, True, a list, "expected"."""
    known = constant(node)
    if known is not None:
        return not isinstance(known[0], (str, bytes)) and known[0] is not None
    if isinstance(node, (ast.List, ast.Dict, ast.Set, ast.Tuple, ast.ListComp, ast.DictComp)):
        return True
    name = node.attr if isinstance(node, ast.Attribute) else last_name(node)
    is_name = isinstance(node, (ast.Name, ast.Attribute))
    return is_name and _EXPECTED.fullmatch(name.lower()) is not None


def _is_value_of(first: ast.expr, second: ast.expr) -> bool:
    """Whether the second may be what the first should be: an attribute and a single word."""
    if not isinstance(first, (ast.Attribute, ast.Subscript)):
        return False
    if isinstance(first, ast.Attribute) and isinstance(second, ast.Attribute):
        return first.attr == second.attr
    if isinstance(first, ast.Attribute) and _BOOLEAN.fullmatch(first.attr):
        return False
    known = constant(second)
    return known is not None and isinstance(known[0], str) and known[0].isidentifier()
