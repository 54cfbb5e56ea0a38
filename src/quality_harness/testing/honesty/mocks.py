"""Which names of a test are mocks, as far as its source tells."""

import ast
from functools import lru_cache

from quality_harness.testing.honesty.module import Function, Module
from quality_harness.testing.honesty.naming import last_name

_CLASSES = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock"}
_SPECS = {"spec", "spec_set", "wraps"}


def is_new_mock(node: ast.AST | None, *, bare: bool = False) -> bool:
    """Whether an expression makes a mock: `Mock()`, `mocker.Mock()`, `create_autospec(...)`.

    Args:
        node: the expression.
        bare: only one without a spec, which has every attribute.
    """
    if not isinstance(node, ast.Call):
        return False
    if last_name(node) in _CLASSES:
        return not bare or not (node.args or _SPECS & {each.arg or "" for each in node.keywords})
    return not bare and (last_name(node) == "create_autospec" or is_patch(node))


def is_patch(node: ast.AST) -> bool:
    """Whether an expression is `patch(...)`, `mock.patch.object(...)`, `mocker.patch(...)`."""
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node)
    base = node.func.value if isinstance(node.func, ast.Attribute) else None
    is_plain = name == "patch" and (base is None or last_name(base) in {"mock", "mocker"})
    return is_plain or (name == "object" and base is not None and last_name(base) == "patch")


@lru_cache(maxsize=64)
def mocks_of(module: Module, function: Function) -> dict[str, ast.expr | None]:
    """Return the mocks of a test by what they are called there ("gateway", "self.gateway").

    Returns:
        The expression that makes each; None where a decorator hands it in.
    """
    found: dict[str, ast.expr | None] = {}
    owner = module.class_of(function)
    for place in (owner, function):
        for target, value in _bindings(place) if place else ():
            if is_new_mock(value) and (place is function or target.startswith("self.")):
                found[target] = value
    handed = sum(_hands_in(each) for each in [*function.decorator_list, *_class_patches(owner)])
    arguments = [each.arg for each in function.args.args if each.arg != "self"]
    return dict.fromkeys(arguments[:handed]) | found


@lru_cache(maxsize=64)
def _bindings(place: ast.AST) -> tuple[tuple[str, ast.expr], ...]:
    """Return each name or attribute of `self` with what it is bound to."""
    found: list[tuple[str, ast.expr]] = []
    for node in ast.walk(place):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, (ast.Name, ast.Attribute)):
                    found.append((ast.unparse(target), node.value))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if isinstance(item.optional_vars, ast.Name):
                    found.append((item.optional_vars.id, item.context_expr))
    return tuple(found)


def _class_patches(owner: ast.ClassDef | None) -> list[ast.expr]:
    return owner.decorator_list if owner else []


def _hands_in(decorator: ast.expr) -> bool:
    """Whether a decorator is a patch that hands its mock to the test."""
    if not is_patch(decorator) or not isinstance(decorator, ast.Call):
        return False
    most = 1 if last_name(decorator) == "patch" else 2
    given = {each.arg for each in decorator.keywords}
    return len(decorator.args) <= most and "new" not in given


@lru_cache(maxsize=64)
def bare_mocks(module: Module, function: Function) -> set[str]:
    """Return the names of mocks that have every attribute, whatever it is called.

    Those count that are made here without a spec and are bound only once.
    """
    bound = [target for target, _ in _bindings(function)]
    made = mocks_of(module, function)
    return {
        name
        for name, value in made.items()
        if is_new_mock(value, bare=True) and bound.count(name) <= 1
    }
