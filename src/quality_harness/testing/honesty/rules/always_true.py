"""Some expressions are true, or not None, whatever the code does."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.claims import Claim, claims
from quality_harness.testing.honesty.module import FUNCTIONS, Module, words
from quality_harness.testing.honesty.naming import is_about_equality, last_name
from quality_harness.testing.honesty.truth import always, constant

RULE = Rule(
    code="HON012",
    name="always-true",
    summary="An assertion is about something that is always true.",
    reason=(
        "A function that is not called, a generator, a non-empty display, an f-string with text in "
        "it and `x or True` are true. A new object is not None, a length is not below nothing, "
        "the empty text is in every text, and everything equals `mock.ANY`. `sort()` gives None on "
        "both sides."
    ),
    instead="Call the function, look at what the iterator gives, compare with what is expected.",
    bad="self.assertTrue(form.is_valid)",
    good="self.assertTrue(form.is_valid())",
)
# Methods of forms, querysets, files and models that are nothing unless they are called.
_METHODS = {
    "is_valid",
    "exists",
    "full_clean",
    "has_changed",
    "refresh_from_db",
    "get_absolute_url",
}
_TEXTS = {"str", "decode", "content", "text", "body", "html", "output", "message", "getvalue"}
_ANYTHING = "everything equals ANY"
_NONE_MAKING = {"sort", "reverse"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such assertion."""
    functions = _functions(module)
    for claim in claims(module):
        why = _why(claim, functions)
        test = module.function_of(claim.node)
        if why == _ANYTHING and test is not None and is_about_equality(test.name):
            continue
        if why:
            yield module.finding(
                RULE,
                claim.node,
                f"{words(claim.node)} always holds: {why}.",
                "Assert what the code under test has made of it.",
            )


def _why(claim: Claim, functions: set[str]) -> str:
    if claim.operator == "true":
        return _why_true(claim.operands[0], functions)
    if claim.operator == "false":
        false = claim.operands[0]
        never = constant(false) is None and always(false) is False
        return f"{words(false)} is never true" if never else ""
    left, right = claim.operands[0], claim.operands[-1]
    if claim.operator == "is not" and constant(right) == (None,) and _is_object(left):
        return f"{words(left)} is never None"
    if claim.operator in {"in", "=="} and "ANY" in {last_name(left), last_name(right)}:
        return _ANYTHING
    if claim.operator == "in" and constant(left) in [("",), (b"",)] and _is_text(right):
        return "the empty text is in every text"
    if claim.operator in {">=", ">", "!="} and _is_count(left):
        limit = constant(right)
        least = 0 if claim.operator == ">=" else -1
        if limit is not None and isinstance(limit[0], int) and limit[0] <= least:
            return "nothing is counted below zero"
    if claim.operator == "==" and _gives_none(left) and _gives_none(right):
        return "both sides are None"
    if claim.operator == "isinstance" and last_name(right) == "object":
        return "everything is an object"
    return ""


def _why_true(node: ast.expr, functions: set[str]) -> str:
    if isinstance(node, ast.Tuple) or constant(node) is not None:
        return ""  # rules of their own
    if isinstance(node, ast.Attribute) and node.attr in _METHODS:
        return f"{words(node)} is a method that is not called"
    if isinstance(node, ast.Name) and node.id in functions:
        return f"{node.id} is a function that is not called"
    if always(node):
        return f"{words(node)} is true"
    return ""


def _functions(module: Module) -> set[str]:
    """Return the functions of the module that no other statement binds again."""
    here = {node.name for node in module.tree.body if isinstance(node, FUNCTIONS)}
    bound = {each.id for each in module.all(ast.Name) if isinstance(each.ctx, ast.Store)}
    arguments = {each.arg for each in module.all(ast.arg)}
    return here - bound - arguments


def _is_object(node: ast.expr) -> bool:
    """Whether an expression makes a new object: a display, or the call of a class."""
    if isinstance(node, (ast.List, ast.Dict, ast.Set, ast.Tuple, ast.JoinedStr, ast.Lambda)):
        return True
    if constant(node) is not None:
        return False
    name = last_name(node) if isinstance(node, ast.Call) else ""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and name[:1].isupper()


def _is_text(node: ast.expr) -> bool:
    is_named = (last_name(node) or "") in _TEXTS
    return is_named or isinstance(node, ast.JoinedStr)


def _is_count(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    is_len = isinstance(node.func, ast.Name) and node.func.id == "len"
    return is_len or (isinstance(node.func, ast.Attribute) and node.func.attr == "count")


def _gives_none(node: ast.expr) -> bool:
    is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return is_method and last_name(node) in _NONE_MAKING
