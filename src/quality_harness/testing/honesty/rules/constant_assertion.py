"""A comparison of literals has one outcome."""

import ast
import operator
from collections.abc import Callable, Iterator
from typing import Any

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.claims import Claim, claims
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.naming import is_failure, last_name
from quality_harness.testing.honesty.truth import constant

RULE = Rule(
    code="HON011",
    name="constant-assertion",
    summary="An assertion is about literals alone.",
    reason=(
        "`assert True` and `assertEqual(1, 1)` hold before the code has run. Often they were put "
        "in so that a test has an assertion, or to be replaced later."
    ),
    instead=(
        "Assert something that the code has made. Where reaching the line is the point, let the "
        "other way fail: `else: self.fail(...)`."
    ),
    bad="publish(blog)\nself.assertTrue(True)",
    good="publish(blog)\nself.assertTrue(blog.is_published)",
)
_HOLDS: dict[str, Callable[..., Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
    "true": bool,
    "false": operator.not_,
}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each assertion about literals that holds."""
    for claim in claims(module):
        if _holds(claim) and not _is_spoken_for(module, claim.node):
            yield module.finding(
                RULE,
                claim.node,
                f"{words(claim.node)} holds whatever the code does.",
                "Assert something that the code under test has made.",
            )


def _holds(claim: Claim) -> bool:
    """Whether a claim is about literals, and true."""
    values = [constant(operand) for operand in claim.operands]
    # A tuple that is asserted is a slip of its own.
    if isinstance(claim.operands[0], ast.Tuple) and claim.operator == "true":
        return False
    # assertHTMLEqual and its like read their texts; who gives two literals tries the reading.
    if last_name(claim.node).endswith(("HTMLEqual", "XMLEqual", "JSONEqual", "URLEqual")):
        return False
    known = [value[0] for value in values if value is not None]
    if len(known) < len(values) or claim.operator not in _HOLDS:
        return False
    try:
        return bool(_HOLDS[claim.operator](*known))
    except TypeError:
        return False


def _is_spoken_for(module: Module, node: ast.AST) -> bool:
    """Whether it marks the good way of a branch whose other way fails, or is a sample of a test."""
    if len(list(module.functions_of(node))) > 1:
        return True
    for each in module.around(node):
        if isinstance(each, ast.If) and _any_fails([*each.body, *each.orelse]):
            return True
        if isinstance(each, ast.Try):
            handlers = [one for handler in each.handlers for one in handler.body]
            if _any_fails([*each.body, *each.orelse, *handlers]):
                return True
    return False


def _any_fails(body: list[ast.stmt]) -> bool:
    return any(map(is_failure, body))
