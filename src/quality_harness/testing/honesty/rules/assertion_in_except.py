"""An assertion in a handler is asked only where something was raised."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, own_nodes
from quality_harness.testing.honesty.naming import asserts, is_failure

RULE = Rule(
    code="HON028",
    name="assertion-in-except",
    summary="The caught exception is asserted, and nothing fails where none is raised.",
    reason=(
        "The test is about an exception. Where the code stops raising it, the handler is not "
        "entered, nothing is asserted, and the test passes."
    ),
    instead="Use `assertRaises` or `pytest.raises`; or end the `try` with `self.fail(...)`.",
    bad=(
        "try:\n    publish(None)\nexcept ValueError as error:\n"
        '    self.assertEqual(str(error), "no blog")'
    ),
    good=(
        "with self.assertRaises(ValueError) as caught:\n    publish(None)\n"
        'self.assertEqual(str(caught.exception), "no blog")'
    ),
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such handler."""
    for node in module.all(ast.Try):
        test = module.test_of(node)
        if test is None or _asks_otherwise(node) or test.body[-1] is not node:
            continue
        for handler in node.handlers:
            asserted = _about(handler)
            if asserted is not None:
                yield module.finding(
                    RULE,
                    asserted,
                    f"Where nothing is raised, {test.name} does not come here, and passes.",
                    "Use assertRaises or pytest.raises, and assert below the block.",
                )


def _asks_otherwise(node: ast.Try) -> bool:
    """Whether the test says something where nothing is raised."""
    return any(
        asserts(each) or (isinstance(each, ast.stmt) and is_failure(each))
        for block in (node.body, node.orelse, node.finalbody)
        for each in own_nodes(*block)
    )


def _about(handler: ast.ExceptHandler) -> ast.AST | None:
    """Return the first assertion about the caught exception."""
    for node in own_nodes(*handler.body) if handler.name else ():
        if asserts(node) and any(
            isinstance(each, ast.Name) and each.id == handler.name for each in ast.walk(node)
        ):
            return node
    return None
