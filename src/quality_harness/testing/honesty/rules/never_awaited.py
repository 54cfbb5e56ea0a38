"""A coroutine that nobody awaits runs nothing."""

import ast
from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.claims import claims_of
from quality_harness.testing.honesty.module import Module, words

RULE = Rule(
    code="HON027",
    name="never-awaited",
    summary="A coroutine is called and not awaited, or a test is one that nobody awaits.",
    reason=(
        "Calling an `async def` makes a coroutine and runs no line of it. unittest.TestCase calls "
        "an asynchronous test, gets a coroutine, and is content. As a value a coroutine is true."
    ),
    instead=(
        "Await it. Asynchronous tests go into unittest.IsolatedAsyncioTestCase or one of Django's "
        "test cases."
    ),
    bad=(
        "class FeedTests(unittest.TestCase):\n    async def test_feed(self):\n"
        "        self.assertEqual(await feed(), [])"
    ),
    good=(
        "class FeedTests(unittest.IsolatedAsyncioTestCase):\n    async def test_feed(self):\n"
        "        self.assertEqual(await feed(), [])"
    ),
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each test and each call of that kind."""
    for test in module.tests:
        if isinstance(test, ast.AsyncFunctionDef) and _is_of_unittest(module, test):
            yield module.finding(
                RULE,
                test,
                f"{test.name} is asynchronous, and unittest.TestCase never awaits it.",
                "Derive its class from unittest.IsolatedAsyncioTestCase.",
            )
    coroutines = _coroutines(module)
    for node in module.nodes:
        for call in _dropped(node):
            if ast.unparse(call.func) in coroutines and module.test_of(node):
                yield module.finding(
                    RULE,
                    node,
                    f"{words(call)} makes a coroutine that nothing awaits: no line of it runs.",
                    f"Write: await {words(call)}.",
                )


def _is_of_unittest(module: Module, test: ast.AsyncFunctionDef) -> bool:
    """Whether the class has unittest's own TestCase for its only base."""
    owner = module.class_of(test)
    if owner is None or len(owner.bases) != 1 or test.decorator_list or owner.decorator_list:
        return False
    base = ast.unparse(owner.bases[0])
    first, _, rest = base.partition(".")
    return ".".join(filter(None, (module.imported.get(first, first), rest))) in {
        "unittest.TestCase",
        "unittest.case.TestCase",
    }


def _coroutines(module: Module) -> set[str]:
    """Return how the module's own asynchronous functions are called."""
    names = set()
    for node in module.all(ast.AsyncFunctionDef):
        yields = any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in ast.walk(node))
        if yields or node.decorator_list:
            continue
        owner = module.parents[node]
        if isinstance(owner, ast.ClassDef):
            names.add(f"self.{node.name}")
        elif isinstance(owner, ast.Module):
            names.add(node.name)
    plain = {node.name for node in module.all(ast.FunctionDef)}
    return {name for name in names if name.removeprefix("self.") not in plain}


def _dropped(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the call that is a whole statement, or the whole of what is asserted."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield node.value
    for claim in claims_of(node):
        for operand in claim.operands:
            if isinstance(operand, ast.Call):
                yield operand
