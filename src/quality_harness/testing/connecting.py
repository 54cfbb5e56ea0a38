"""Finds in source where receivers are connected to signals."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Connecting:
    """A place at which a receiver is to be connected.

    Attributes:
        path: the file.
        line: of the decorator or the call.
        receiver: the function's name.
        on_import: whether importing the file connects it; else a method `ready` does.
    """

    path: str
    line: int
    receiver: str
    on_import: bool


def connecting_places(path: str, source: str) -> list[Connecting]:
    """Return what stands in a file at its top level, in classes, and in methods `ready`.

    Raises:
        SyntaxError: the file is no Python.
    """
    if "receiver" not in source and ".connect" not in source:
        return []
    tree = ast.parse(source)
    signals = set(_signals(tree))
    return [
        Connecting(path, line, name, on_import)
        for node, on_import in _run(tree.body, on_import=True)
        for line, name in _connections(node, signals)
    ]


def _signals(tree: ast.Module) -> Iterator[str]:
    """Return the names that stand for signals in a module, and for modules of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            from_signals = (node.module or "").rpartition(".")[2] == "signals"
            for alias in node.names:
                if from_signals or alias.name == "signals":
                    yield alias.asname or alias.name
        elif isinstance(node, ast.Assign) and _is_signal(node.value):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _is_signal(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and _last_name(value.func) in ("Signal", "ModelSignal")


def _run(body: Iterable[ast.stmt], *, on_import: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Return the statements that run when the module is imported, or when an app is ready."""
    for node in body:
        yield node, on_import
        if isinstance(node, ast.ClassDef):
            yield from _run(node.body, on_import=on_import)
        elif isinstance(node, ast.FunctionDef) and node.name == "ready":
            yield from _run(node.body, on_import=False)


def _connections(node: ast.stmt, signals: set[str]) -> Iterator[tuple[int, str]]:
    """Return line and receiver of what one statement connects."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            is_receiver = isinstance(decorator, ast.Call) and _last_name(called) == "receiver"
            if is_receiver or _is_connect(called, signals):
                yield decorator.lineno, node.name
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        given = [*call.args, *(each.value for each in call.keywords if each.arg == "receiver")]
        if _is_connect(call.func, signals) and given and _last_name(given[0]):
            yield call.lineno, _last_name(given[0])


def _is_connect(called: ast.expr, signals: set[str]) -> bool:
    """Whether an expression is the method `connect` of a signal."""
    if not isinstance(called, ast.Attribute) or called.attr != "connect":
        return False
    owner = called.value
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    return isinstance(owner, ast.Name) and owner.id in signals


def _last_name(node: ast.expr) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")
