"""A test with a `yield` gives back a generator, and its body never runs."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, own_nodes

RULE = Rule(
    code="HON025",
    name="generator-test",
    summary="A test is a generator.",
    reason=(
        "Calling it makes a generator and runs no line of its body. unittest is content with that; "
        "tests that yield were a way of nose, which is gone."
    ),
    instead="Use `subTest` or `pytest.mark.parametrize`; a fixture needs its decorator.",
    bad="def test_totals(self):\n    for each in (1, 2):\n        yield self.check, each",
    good=(
        "def test_totals(self):\n    for each in (1, 2):\n        with self.subTest(each):\n"
        "            self.check(each)"
    ),
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such test."""
    for test in module.tests:
        if test.decorator_list:
            continue  # gen_test, inlineCallbacks and their like run it
        if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(*test.body)):
            yield module.finding(
                RULE,
                test,
                f"{test.name} yields, so calling it runs nothing of it.",
                "Use subTest or pytest.mark.parametrize.",
            )
