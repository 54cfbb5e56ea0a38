"""A mock answers to every name, misspelled assertions among them."""

import ast
import difflib
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.mocks import mocks_of
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.naming import last_name

RULE = Rule(
    code="HON017",
    name="misspelled-mock-assertion",
    summary="A mock is called with what looks like one of its assertions, and is none.",
    reason=(
        "`gateway.called_once_with(3)` is a call of the mock's attribute of that name, and makes a "
        "new mock, which is true. Python refuses some of these names, and not on every version."
    ),
    instead="Write the assertion's whole name: `gateway.assert_called_once_with(3)`.",
    bad="gateway.called_once_with(3)",
    good="gateway.assert_called_once_with(3)",
)
_REAL = (
    "assert_called",
    "assert_called_once",
    "assert_called_with",
    "assert_called_once_with",
    "assert_any_call",
    "assert_has_calls",
    "assert_not_called",
    "assert_awaited",
    "assert_awaited_once",
    "assert_awaited_with",
    "assert_awaited_once_with",
    "assert_any_await",
    "assert_has_awaits",
    "assert_not_awaited",
)
# What is left where "assert_" is forgotten; `called` itself is a mock's own attribute.
_SHORT = {name.removeprefix("assert_"): name for name in _REAL} | {
    "called_once": "assert_called_once",
    "was_called": "assert_called",
    "was_called_with": "assert_called_with",
    "was_called_once": "assert_called_once",
    "was_called_once_with": "assert_called_once_with",
    "was_not_called": "assert_not_called",
    "has_call": "assert_any_call",
}
del _SHORT["called"], _SHORT["awaited"]
_LIKE = 0.88


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such call, and for each of its kind that is asserted."""
    for node in module.nodes:
        attribute, is_statement = _attribute(node)
        meant = _meant(attribute.attr, is_statement) if attribute is not None else ""
        if attribute is not None and meant and (is_statement or _is_mock(module, attribute)):
            yield module.finding(
                RULE,
                node,
                f"{words(attribute)} is no assertion: a mock answers to any name.",
                f"Write {words(attribute.value)}.{meant}(...).",
            )


def _attribute(node: ast.AST) -> tuple[ast.Attribute | None, bool]:
    """Return what is called as a statement, or what is asserted, and whether it is the first."""
    if isinstance(node, ast.Expr):
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            return value.func, True
        return None, True
    asserted: ast.expr | None = None
    if isinstance(node, ast.Assert):
        asserted = node.test
    elif isinstance(node, ast.Call) and last_name(node) == "assertTrue" and node.args:
        asserted = node.args[0]
    asserted = asserted.func if isinstance(asserted, ast.Call) else asserted
    return (asserted if isinstance(asserted, ast.Attribute) else None), False


def _meant(name: str, is_statement: bool) -> str:
    """Return the assertion that a name was to be; empty for any other name."""
    if name in _REAL:
        return ""
    if name in _SHORT:
        return _SHORT[name]
    like = difflib.get_close_matches(name, _REAL, 1, _LIKE) if is_statement else []
    return like[0] if like else ""


def _is_mock(module: Module, attribute: ast.Attribute) -> bool:
    """Whether the thing is a mock for all that the source tells, or is called one."""
    test = module.function_of(attribute)
    names = mocks_of(module, test) if test else {}
    base = ast.unparse(attribute.value)
    return "mock" in base.lower() or any(
        base == name or base.startswith(f"{name}.") for name in names
    )
