"""What an assertion, and what a failure, looks like in the source."""

import ast
import re

_ASSERTION = re.compile(r"_*(\w+_)?assert(?!ion|ed)\w*|expect", re.IGNORECASE)
_FAILURES = {"fail", "xfail"}
_ERRORS = {"AssertionError", "failureException"}


def last_name(node: ast.AST) -> str:
    """Return "raises" of `pytest.raises`, of `raises(...)` and of `raises`; else nothing."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_assertion_name(name: str) -> bool:
    """Whether a function of this name asserts something: assertEqual, assert_called_with."""
    return _ASSERTION.fullmatch(name) is not None


def is_failure(node: ast.stmt) -> bool:
    """Whether a statement makes its test fail: `fail()`, `raise AssertionError`, `assert False`."""
    if isinstance(node, ast.Raise):
        return node.exc is not None and last_name(node.exc) in _ERRORS
    if isinstance(node, ast.Assert):
        return isinstance(node.test, ast.Constant) and not node.test.value
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    name, arguments = last_name(node.value), node.value.args
    if name in _FAILURES:
        return True
    wanted = {"assertTrue": False, "assertFalse": True}.get(name)
    first = arguments[0] if arguments else None
    return wanted is not None and isinstance(first, ast.Constant) and bool(first.value) is wanted


def asserts(node: ast.AST) -> bool:
    """Whether a node is an assertion itself: an `assert`, or the call of one, awaited or not."""
    if isinstance(node, ast.Assert):
        return True
    value = node.value if isinstance(node, ast.Expr) else node
    value = value.value if isinstance(value, ast.Await) else value
    return isinstance(value, ast.Call) and is_assertion_name(last_name(value))
