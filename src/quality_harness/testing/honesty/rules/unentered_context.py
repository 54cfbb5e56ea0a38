"""An assertion that is a context manager asserts when the context ends."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.naming import last_name

RULE = Rule(
    code="HON026",
    name="unentered-context",
    summary="An assertion that is a context manager is called without `with`.",
    reason=(
        "`self.assertNumQueries(2)` alone makes a context that nobody enters: no query is counted. "
        "The same goes for assertRaises with nothing but the exception, for assertLogs, and for "
        "pytest.raises."
    ),
    instead="Put the code under test into `with self.assertNumQueries(2):`.",
    bad="self.assertNumQueries(2)\nlist(Blog.objects.all())",
    good="with self.assertNumQueries(2):\n    list(Blog.objects.all())",
)
# How many arguments are the assertion's own; with more, what is to be called is among them.
_OWN = {
    "assertNumQueries": 1,
    "assertQueryBudget": 1,
    "assert_query_budget": 2,
    "assertRaises": 1,
    "assertRaisesRegex": 2,
    "assertRaisesMessage": 2,
    "assertWarns": 1,
    "assertWarnsRegex": 2,
    "assertWarnsMessage": 2,
    "assertLogs": 2,
    "assertNoLogs": 2,
    "django_assert_num_queries": 2,
    "django_assert_max_num_queries": 2,
    "raises": 1,
    "warns": 1,
    "deprecated_call": 0,
}
_TEMPLATES = {"assertTemplateUsed", "assertTemplateNotUsed"}
_PYTEST = {"raises", "warns", "deprecated_call"}
_CALLABLES = {"func", "callable", "callable_obj"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each context that is made and dropped."""
    for node in module.nodes:
        if not isinstance(node, (ast.Expr, ast.Assign)):
            continue
        call = node.value
        if (
            isinstance(call, ast.Call)
            and _makes_context(module, call)
            and _is_dropped(module, node)
        ):
            yield module.finding(
                RULE,
                node,
                f"{words(call)} is a context that is never entered, so it asserts nothing.",
                f"Write: with {words(call)}: and put the code under test into it.",
            )


def _makes_context(module: Module, call: ast.Call) -> bool:
    name = last_name(call)
    if any(isinstance(each, ast.Starred) for each in call.args):
        return False
    if any(each.arg is None or each.arg in _CALLABLES for each in call.keywords):
        return False
    if name in _TEMPLATES:
        return len(call.args) == 1 and isinstance(call.args[0], ast.Constant)
    if name in _PYTEST and not _is_of_pytest(module, call):
        return False
    return name in _OWN and len(call.args) <= _OWN[name]


def _is_of_pytest(module: Module, call: ast.Call) -> bool:
    function = ast.unparse(call.func)
    return function.startswith("pytest.") or "pytest" in module.imported.get(function, "")


def _is_dropped(module: Module, node: ast.Expr | ast.Assign) -> bool:
    """Whether a value is bound to nothing, or to a name that is never read."""
    if isinstance(node, ast.Expr):
        return True
    target = node.targets[0]
    if len(node.targets) != 1 or not isinstance(target, ast.Name):
        return False
    around = module.function_of(node) or module.tree
    return not any(
        isinstance(each, ast.Name) and each.id == target.id and isinstance(each.ctx, ast.Load)
        for each in ast.walk(around)
    )
