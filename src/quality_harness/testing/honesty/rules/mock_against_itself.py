"""A mock returns what it was told to return."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.claims import Claim, claims
from quality_harness.testing.honesty.mocks import is_patch, mocks_of
from quality_harness.testing.honesty.module import Function, Module, same, words
from quality_harness.testing.honesty.naming import last_name

RULE = Rule(
    code="HON016",
    name="mock-against-itself",
    summary="A mock is called by the test and compared with its own return value.",
    reason=(
        "The test sets what the mock returns, calls it, and finds that it returns it. No line of "
        "the project has run."
    ),
    instead="Call the code that uses the mock, and compare what that code makes of the value.",
    bad=(
        "gateway = Mock()\ngateway.charge.return_value = 5\n"
        "self.assertEqual(gateway.charge(), 5)"
    ),
    good=(
        "gateway = Mock()\ngateway.charge.return_value = 5\n"
        "self.assertEqual(Shop(gateway).pay(), 5)"
    ),
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each comparison with what the test itself has set."""
    for claim in claims(module):
        test = module.test_of(claim.node)
        if test is None or claim.operator not in {"==", "is"}:
            continue
        told = [*_told(module, test), *_patched(module, claim.node)]
        for called, value in _sides(claim, test):
            if any(_is_told(called, value, *each) for each in told):
                yield module.finding(
                    RULE,
                    claim.node,
                    f"{words(called)} is a mock and returns what this test has told it to.",
                    "Call the code that uses the mock, and assert what it makes of the value.",
                )
                break


def _sides(claim: Claim, test: Function) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Yield a side that is a call, or a name for one, with the other side."""
    for side, other in (claim.operands, claim.operands[::-1]):
        value = _value(test, side) if isinstance(side, ast.Name) else side
        value = value.value if isinstance(value, ast.Await) else value
        if isinstance(value, ast.Call):
            yield value, other


def _value(test: Function, name: ast.Name) -> ast.expr:
    """Return what a name is bound to, if that is once."""
    stores = [
        node
        for node in ast.walk(test)
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Store)
    ]
    if len(stores) == 1:
        for node in ast.walk(test):
            if isinstance(node, ast.Assign) and node.targets == stores:
                return node.value
    return name


def _told(module: Module, test: Function) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield each callable of a mock with the value that the test lets it return."""
    mocks = mocks_of(module, test)
    for name, made in mocks.items():
        for keyword in made.keywords if isinstance(made, ast.Call) else ():
            if keyword.arg == "return_value":
                yield ast.parse(name, mode="eval").body, keyword.value
    for node in ast.walk(test):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if not isinstance(target, ast.Attribute) or target.attr != "return_value":
                    continue
                if any(_is_part(target.value, name) for name in mocks):
                    yield target.value, node.value


def _is_part(node: ast.expr, name: str) -> bool:
    text = ast.unparse(node)
    return text == name or text.startswith((f"{name}.", f"{name}("))


def _patched(module: Module, node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what `patch.object(owner, "name", return_value=...)` around an assertion replaces."""
    contexts = [
        item.context_expr
        for each in module.around(node)
        if isinstance(each, ast.With)
        for item in each.items
    ]
    for context in contexts:
        if not isinstance(context, ast.Call) or not is_patch(context):
            continue
        values = [each.value for each in context.keywords if each.arg == "return_value"]
        names = [each for each in context.args if isinstance(each, ast.Constant)]
        if values and names and last_name(context) == "object":
            name = str(names[0].value)
            yield ast.Attribute(context.args[0], name, ast.Load()), values[0]


def _is_told(called: ast.Call, other: ast.expr, function: ast.expr, value: ast.expr) -> bool:
    is_value = same(other, value) or (
        isinstance(other, ast.Attribute)
        and other.attr == "return_value"
        and ast.unparse(other.value) == ast.unparse(called.func)
    )
    return is_value and _is_same_function(called.func, function)


def _is_same_function(called: ast.expr, function: ast.expr) -> bool:
    if ast.unparse(called) == ast.unparse(function):
        return True
    # `blog.words()` where Blog.words is patched.
    return (
        isinstance(called, ast.Attribute)
        and isinstance(function, ast.Attribute)
        and called.attr == function.attr
        and last_name(called.value).lower() == last_name(function.value).lower() != ""
    )
