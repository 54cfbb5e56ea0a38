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


_OF_OBJECTS = re.compile(
    r"eq|equal\w*|hash\w*|identi\w*|same|compar\w*|order\w*|reflexive|lt|le|gt|ge|singleton|nan"
)


def is_about_equality(test: str) -> bool:
    """Whether a test of this name is about comparing objects: `__eq__`, `__hash__`, an order."""
    return any(_OF_OBJECTS.fullmatch(word) for word in test.lower().split("_"))


def is_trap(node: ast.AST) -> bool:
    """Whether an expression or a function fails the test where it is called: a callback, a mock."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return is_failure(node.body[-1])
    if isinstance(node, ast.Lambda):
        return is_failure(ast.Expr(node.body))
    return isinstance(node, ast.keyword) and node.arg == "side_effect" and _is_error(node.value)


def _is_error(node: ast.expr) -> bool:
    return last_name(node) in _ERRORS


def is_checking_command(node: ast.Call) -> bool:
    """Whether a call runs a command that raises where something is wrong, as `check` does."""
    if last_name(node) != "call_command" or not node.args:
        return False
    words = {each.value for each in node.args if isinstance(each, ast.Constant)}
    names = {each.arg for each in node.keywords}
    return bool(words & {"check", "--check"} or names & {"check", "check_changes"})


def asserts(node: ast.AST) -> bool:
    """Whether a node is an assertion itself: an `assert`, or the call of one, awaited or not."""
    if isinstance(node, ast.Assert):
        return True
    value = node.value if isinstance(node, ast.Expr) else node
    value = value.value if isinstance(value, ast.Await) else value
    return isinstance(value, ast.Call) and is_assertion_name(last_name(value))
