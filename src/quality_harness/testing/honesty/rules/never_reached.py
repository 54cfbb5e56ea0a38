"""An assertion that no run reaches."""

import ast
from collections.abc import Iterator, Sequence

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import FUNCTIONS, Function, Module, words
from quality_harness.testing.honesty.naming import asserts, last_name
from quality_harness.testing.honesty.truth import always, is_empty

RULE = Rule(
    code="HON015",
    name="never-reached",
    summary="An assertion stands where no run comes.",
    reason=(
        "After a `return` or a skip, under `if False`, in a loop over an empty list, in an inner "
        "function that nothing calls, or in a test with an empty list of parameters: it is read "
        "in a review, and never asked."
    ),
    instead="Let the loop go over what the code has made; remove what cuts the test short.",
    bad="for blog in []:\n    self.assertTrue(blog.is_published)",
    good="for blog in published:\n    self.assertTrue(blog.is_published)",
)
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_SKIPS = {"skipTest", "skip", "fail", "xfail"}


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each place with assertions that is never reached."""
    for test in module.tests:
        for node, why in (*_in_body(test), *_in_inner(test), *_without_parameters(test)):
            yield module.finding(
                RULE,
                node,
                f"This assertion of {test.name} is never reached: {why}.",
                "Remove what keeps it from being reached, or the assertion.",
            )


def _in_body(test: Function) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(test):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield from _after_the_end(block)
        if isinstance(node, (ast.If, ast.While)):
            if always(node.test) is False:
                yield from _first(node.body, f"{words(node.test)} is never true")
            elif isinstance(node, ast.If) and always(node.test) is True:
                yield from _first(node.orelse, f"{words(node.test)} is always true")
        elif isinstance(node, (ast.For, ast.AsyncFor)) and _is_empty(test, node.iter):
            yield from _first(node.body, f"the loop goes over {words(node.iter)}, which is empty")


def _after_the_end(block: Sequence[ast.stmt]) -> Iterator[tuple[ast.AST, str]]:
    for place, node in enumerate(block[:-1]):
        if _ends(node):
            yield from _first(block[place + 1 :], f"line {node.lineno} ends what precedes it")
            return


def _ends(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        function = node.value.func
        owner = last_name(function.value) if isinstance(function, ast.Attribute) else ""
        return last_name(function) in _SKIPS and owner in {"self", "pytest"}
    return isinstance(node, _ENDS)


def _first(block: Sequence[ast.stmt], why: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield the first assertion of some statements."""
    for statement in block:
        for node in ast.walk(statement):
            if asserts(node):
                yield node, why
                return


def _is_empty(test: Function, node: ast.expr) -> bool:
    """Whether a loop goes over nothing: a literal, or a name that is only ever bound to one."""
    if not isinstance(node, ast.Name):
        return is_empty(node)
    uses = [each for each in ast.walk(test) if isinstance(each, ast.Name) and each.id == node.id]
    bound = [
        each.value
        for each in ast.walk(test)
        if isinstance(each, ast.Assign)
        and len(each.targets) == 1
        and isinstance(each.targets[0], ast.Name)
        and each.targets[0].id == node.id
    ]
    loops = [each for each in ast.walk(test) if isinstance(each, ast.For) and each.iter in uses]
    # Any other use might put something in.
    return len(bound) == 1 and is_empty(bound[0]) and len(uses) == 1 + len(loops)


def _in_inner(test: Function) -> Iterator[tuple[ast.AST, str]]:
    """Yield assertions of inner functions whose name is used nowhere."""
    used = {each.id for each in ast.walk(test) if isinstance(each, ast.Name)}
    for node in ast.walk(test):
        if isinstance(node, FUNCTIONS) and node is not test and not node.decorator_list:
            is_method = any(
                isinstance(each, ast.ClassDef) and node in each.body for each in ast.walk(test)
            )
            if node.name not in used and not is_method:
                yield from _first(node.body, f"nothing calls {node.name}")


def _without_parameters(test: Function) -> Iterator[tuple[ast.AST, str]]:
    for decorator in test.decorator_list:
        if not isinstance(decorator, ast.Call) or last_name(decorator) != "parametrize":
            continue
        if len(decorator.args) > 1 and is_empty(decorator.args[1]):
            yield from _first(test.body, "the list of its parameters is empty")
