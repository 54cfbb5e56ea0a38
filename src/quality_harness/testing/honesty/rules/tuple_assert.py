"""A tuple is true as soon as something is in it."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.naming import last_name

RULE = Rule(
    code="HON014",
    name="tuple-assert",
    summary="A tuple is asserted.",
    reason=(
        '`assert (total == 3, "wrong total")` asks whether a tuple of two is empty. The '
        "parentheses that were to make room for the message made a tuple."
    ),
    instead="Leave the parentheses out, or put them around the condition alone.",
    bad='assert (total == 3, "wrong total")',
    good='assert total == 3, "wrong total"',
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such assertion."""
    for node in module.nodes:
        if isinstance(node, ast.Assert):
            asserted = node.test
        elif isinstance(node, ast.Call) and last_name(node) == "assertTrue" and node.args:
            asserted = node.args[0]
        else:
            continue
        if isinstance(asserted, ast.Tuple) and asserted.elts:
            first = words(asserted.elts[0])
            yield module.finding(
                RULE,
                node,
                f"{words(asserted)} is a tuple, which is always true; {first} is not looked at.",
                f"Remove the parentheses: assert {first}, ...",
            )
