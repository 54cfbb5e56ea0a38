"""Every attribute of a mock is there, and true."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.claims import Claim, claims
from quality_harness.testing.honesty.mocks import bare_mocks, is_new_mock
from quality_harness.testing.honesty.module import Function, Module, words
from quality_harness.testing.honesty.naming import last_name
from quality_harness.testing.honesty.truth import constant

RULE = Rule(
    code="HON029",
    name="mock-always-true",
    summary="A mock, or an attribute that it makes up, is asserted to be there or true.",
    reason=(
        "A mock without a spec has every attribute that it is asked for, and each is a mock, which "
        "is true and not None. The assertion holds whether the code did anything or not."
    ),
    instead=(
        "Set the attribute to what it must not stay, give the mock a spec, or ask how it was "
        "called."
    ),
    bad="blog = Mock()\npublish(blog)\nself.assertTrue(blog.is_published)",
    good="blog = Mock(is_published=False)\npublish(blog)\nself.assertTrue(blog.is_published)",
)
# What a mock itself says.
_OWN = {"called", "call_count", "call_args", "call_args_list", "mock_calls", "method_calls"}
_OWN |= {"return_value", "side_effect", "await_count", "await_args", "await_args_list"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such assertion."""
    for claim in claims(module):
        test = module.test_of(claim.node)
        asserted = _asserted(claim)
        if test is None or asserted is None:
            continue
        made = is_new_mock(asserted) or _is_made_up(module, test, asserted)
        if made and not _is_misspelled(asserted):
            yield module.finding(
                RULE,
                claim.node,
                f"{words(asserted)} is a mock, and there in any case.",
                "Ask how the mock was called, or set what the code must change.",
            )


def _asserted(claim: Claim) -> ast.expr | None:
    """Return what is said to be true or there."""
    first = claim.operands[0]
    if claim.operator == "true":
        is_question = isinstance(first, ast.Call) and last_name(first) == "hasattr"
        if is_question and isinstance(first, ast.Call) and len(first.args) == 2:
            name = constant(first.args[1])
            return ast.Attribute(first.args[0], str(name[0]), ast.Load()) if name else None
        return first
    is_there = claim.operator == "is not" and constant(claim.operands[-1]) == (None,)
    return first if is_there else None


def _is_made_up(module: Module, test: Function, node: ast.expr) -> bool:
    names = bare_mocks(module, test)
    if isinstance(node, ast.Name):
        return node.id in names
    if not isinstance(node, ast.Attribute) or node.attr in _OWN or node.attr.startswith("_"):
        return False
    base = ast.unparse(node.value)
    return base in names and not _is_set(test, base, node.attr)


def _is_set(test: Function, base: str, attribute: str) -> bool:
    """Whether the test gives the attribute a value of its own, or hands it to the mock."""
    for node in ast.walk(test):
        is_bound = isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        if is_bound and ast.unparse(node) == f"{base}.{attribute}":
            return True
        if isinstance(node, ast.Call):
            names = {each.arg for each in node.keywords}
            if is_new_mock(node) and ({attribute, None} & names):
                return True
            if last_name(node) in {"configure_mock", "setattr"}:
                return True
    return False


def _is_misspelled(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr.startswith(("called_", "assert"))
