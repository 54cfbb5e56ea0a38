"""A thing is always equal to itself."""

import ast
import re
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.claims import Claim, claims
from quality_harness.testing.honesty.module import Function, Module, own_nodes, same, words
from quality_harness.testing.honesty.naming import is_about_equality, last_name
from quality_harness.testing.honesty.truth import constant, is_stable

RULE = Rule(
    code="HON010",
    name="compared-with-itself",
    summary="An assertion compares a thing with itself.",
    reason=(
        "It holds whatever the code does. Most often one side was copied, or the expected value "
        "was taken from the result. A test of `__eq__` itself, or of `__hash__`, says so in its "
        "name and is left alone; so is `x != x`, which tells a NaN."
    ),
    instead="Compare with the value that is expected, written out.",
    bad="self.assertEqual(blog.title, blog.title)",
    good='self.assertEqual(blog.title, "First")',
)
_OPERATORS = {"==", "<=", ">=", "is"}
# Words in the name of a test that is about asking an object twice.
_OF_ATTRIBUTES = re.compile(
    r"cach\w*|consist\w*|determin\w*|idempot\w*|repeat\w*|stable|memo\w*|twice|once"
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such assertion."""
    for claim in claims(module):
        if claim.operator not in _OPERATORS or _is_kept(claim):
            continue
        left, right = (_named(module, claim.node, each) for each in claim.operands)
        if not same(left, right) or not is_stable(left) or constant(left) is not None:
            continue
        test = module.function_of(claim.node)
        if test is None or not _is_the_point(test.name, left):
            first, second = claim.operands
            both = words(first) if same(first, second) else f"{words(first)} and {words(second)}"
            yield module.finding(
                RULE,
                claim.node,
                f"{both}: the two sides of this comparison are the same thing.",
                "Compare it with the value that is expected, written out.",
            )


def _is_kept(claim: Claim) -> bool:
    """Whether an attribute is to be the same object each time, as a cached property is."""
    return claim.operator == "is" and not isinstance(claim.operands[0], ast.Name)


def _is_the_point(name: str, side: ast.expr) -> bool:
    """Whether a test of this name is about comparing such a thing with itself."""
    is_object = isinstance(side, ast.Name) or (
        isinstance(side, ast.Attribute) and last_name(side.value) == "self"
    )
    if is_object:
        return is_about_equality(name)
    return any(_OF_ATTRIBUTES.fullmatch(word) for word in name.lower().split("_"))


def _named(module: Module, node: ast.AST, side: ast.expr) -> ast.expr:
    """Return what a name is another name of, where both are bound once."""
    function = module.function_of(node)
    if not isinstance(side, ast.Name) or function is None:
        return side
    bound = _bound(function)
    values = bound.get(side.id, [])
    if len(values) == 1 and isinstance(values[0], ast.Name):
        original = values[0]
        if len(bound.get(original.id, [])) <= 1:
            return original
    return side


def _bound(function: Function) -> dict[str, list[ast.expr | None]]:
    """Return what each name of a function is bound to; None where that is no assignment."""
    found: dict[str, list[ast.expr | None]] = {}
    values: dict[int, ast.expr] = {}
    for node in own_nodes(*function.body):
        if isinstance(node, ast.Assign):
            values |= {id(target): node.value for target in node.targets}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id, []).append(values.get(id(node)))
    return found
