"""What follows the raising statement in its block does not run."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, own_nodes
from quality_harness.testing.honesty.naming import asserts, last_name
from quality_harness.testing.honesty.raising import RaisingBlock, raising_blocks

RULE = Rule(
    code="HON022",
    name="assertion-after-raise",
    summary="The last statement of a block that expects an exception is an assertion.",
    reason=(
        "The block ends where the exception is raised. What follows is never run, so an assertion "
        "there is never asked: it was to stand below the block."
    ),
    instead="Move it out of the block.",
    bad=(
        "with self.assertRaises(NotAllowed):\n    blog.publish()\n"
        "    self.assertFalse(blog.is_published)"
    ),
    good=(
        "with self.assertRaises(NotAllowed):\n    blog.publish()\n"
        "self.assertFalse(blog.is_published)"
    ),
)
# An assertion may be what raises these.
_OF_ASSERTIONS = {"AssertionError", "Exception", "BaseException", "failureException", "Failed", ""}
# These raise nothing of their own.
_PURE = {"len", "str", "list", "sorted", "set", "isinstance", "bool", "int", "count", "exists"}
_PURE |= {"all", "filter", "exclude", "first", "last", "values_list"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each assertion that follows what raises."""
    for block in raising_blocks(module):
        last = block.node.body[-1]
        follows = len(block.node.body) > 1 and asserts(last)
        if follows and not block.exceptions & _OF_ASSERTIONS and not _may_raise(last, block):
            yield module.finding(
                RULE,
                last,
                f"This is never run: line {block.node.lineno} expects an exception before it.",
                "Move it below the block.",
            )


def _may_raise(last: ast.stmt, block: RaisingBlock) -> bool:
    """Whether the assertion itself may be what raises, by what it calls or reads."""
    value = last.value if isinstance(last, ast.Expr) else last
    nodes = list(own_nodes(last))
    if block.name and any(isinstance(each, ast.Name) and each.id == block.name for each in nodes):
        return False  # the exception that was caught is not there yet
    if any(
        isinstance(each, ast.Call) and each is not value and last_name(each) not in _PURE
        for each in nodes
    ):
        return True
    acts = any(_is_call(each) for each in block.node.body[:-1])
    return not acts and any(_is_reading(each, value) for each in nodes)


def _is_call(node: ast.stmt) -> bool:
    """Whether a statement calls something for what that does, and not to prepare."""
    return isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Await))


def _is_reading(node: ast.AST, value: ast.AST) -> bool:
    """Whether a node reads something other than the assertion's own name."""
    if isinstance(value, ast.Call) and node is value.func:
        return False
    return isinstance(node, (ast.Attribute, ast.Subscript))
