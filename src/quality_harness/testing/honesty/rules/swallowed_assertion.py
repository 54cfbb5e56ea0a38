"""A failing assertion raises; who catches that lets the test pass."""

import ast
from collections.abc import Iterator, Sequence

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.claims import claims_of
from quality_harness.testing.honesty.module import Module, own_nodes
from quality_harness.testing.honesty.naming import asserts, is_failure, last_name

RULE = Rule(
    code="HON019",
    name="swallowed-assertion",
    summary="The exception of a failing assertion is caught and dropped.",
    reason=(
        "An assertion fails by raising AssertionError, which is an Exception. A handler for either "
        "that does nothing, or `contextlib.suppress`, turns the failure into a pass."
    ),
    instead="Catch the exception that the code may raise, and keep assertions out of the `try`.",
    bad="try:\n    self.assertEqual(total(), 3)\nexcept Exception:\n    pass",
    good=(
        "try:\n    result = total()\nexcept ValueError:\n    result = 0\n"
        "self.assertEqual(result, 3)"
    ),
)
_CAUGHT = {"AssertionError", "Exception", "BaseException", "failureException"}
_NARROW = {"AssertionError", "failureException"}
_IDLE = (ast.Pass, ast.Continue, ast.Return, ast.Break)
_TALK = {"print", "debug", "info", "warning", "error", "exception", "log", "print_exc", "warn"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each assertion whose failure is dropped."""
    for node in module.nodes:
        if isinstance(node, ast.Try):
            swallowed = _is_idle(node) and not _tries_again(module, node)
            swallowed = swallowed and not _is_left_to_fail(module, node)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            swallowed = any(_suppresses(item.context_expr) for item in node.items)
        else:
            continue
        asserted = _assertion(node.body) if swallowed else None
        if asserted is not None:
            yield module.finding(
                RULE,
                asserted,
                "Where this assertion fails, its exception is caught and dropped.",
                "Take it out of the block, or catch only what the code under test raises.",
            )


def _assertion(body: Sequence[ast.stmt]) -> ast.AST | None:
    return next((node for node in own_nodes(*body) if asserts(node) or _fails(node)), None)


def _fails(node: ast.AST) -> bool:
    # pytest.fail raises what is no Exception.
    is_failing = isinstance(node, ast.stmt) and is_failure(node)
    return is_failing and "pytest" not in ast.unparse(node)


def _is_idle(node: ast.Try) -> bool:
    """Whether a handler for failing assertions does nothing, and no other way fails."""
    if any(map(is_failure, node.orelse)):
        return False
    for handler in node.handlers:
        if _catches(handler.type):
            return all(map(_does_nothing, handler.body))
    return False


def _catches(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Tuple):
        return any(map(_catches, node.elts))
    return node is None or last_name(node) in _CAUGHT


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        value = node.value
        return isinstance(value, ast.Constant) or (
            isinstance(value, ast.Call) and last_name(value) in _TALK
        )
    return isinstance(node, _IDLE) and not getattr(node, "value", None)


def _tries_again(module: Module, node: ast.Try) -> bool:
    """Whether it stands in a loop that waits for the assertion to hold."""
    leaves = any(isinstance(each, (ast.Break, ast.Return)) for each in ast.walk(node))
    return leaves and any(isinstance(each, (ast.For, ast.While)) for each in module.around(node))


def _is_left_to_fail(module: Module, node: ast.Try) -> bool:
    """Whether an assertion of the project's own is called for what it does, which is asserted."""
    inside = set(own_nodes(*node.body))
    if any(claim for each in inside for claim in claims_of(each)):
        return False
    function = module.function_of(node)
    is_narrow = all(
        handler.type and last_name(handler.type) in _NARROW for handler in node.handlers
    )
    return is_narrow and any(
        asserts(each) and each.lineno > node.lineno and each not in inside
        for each in (own_nodes(*function.body) if function else ())
        if isinstance(each, ast.stmt)
    )


def _suppresses(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or last_name(node) != "suppress":
        return False
    return any(map(_catches, node.args))
