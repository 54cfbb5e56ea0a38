"""An assertion without its parentheses does nothing."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.naming import is_assertion_name

RULE = Rule(
    code="HON018",
    name="uncalled-assertion",
    summary="An assertion is named and not called.",
    reason="`gateway.assert_called_once` looks the method up, and throws it away.",
    instead="Add the parentheses.",
    bad="gateway.assert_called_once",
    good="gateway.assert_called_once()",
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each statement that is only an assertion's name."""
    for node in module.all(ast.Expr):
        if isinstance(node.value, ast.Attribute) and is_assertion_name(node.value.attr):
            yield module.finding(
                RULE,
                node,
                f"{words(node)} is not called, so it asserts nothing.",
                f"Call it: {words(node)}(...).",
            )
