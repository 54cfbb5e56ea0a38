"""Finds operations that a migration makes and that stand in no list that was followed.

Whatever way they take, they are told: they may run.
"""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Outside
from quality_harness.migrations.reader.classes import django_kind

_AROUND = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Starred, ast.IfExp, ast.BinOp, ast.BoolOp,
           ast.Subscript, ast.keyword)  # fmt: skip
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Its two lists are what counts.
_HOLDER = "SeparateDatabaseAndState"


def unaccounted(module: Scope, known: Collection[tuple[int, int]]) -> Iterator[ast.Call]:
    """Give the calls that make operations of Django's which are not known.

    Left out is what the evaluator follows, whether it comes to something or not: what a name is
    given, what comprehensions and other operations are made of, what functions return, and
    the methods of classes.

    Args:
        module: the file's names.
        known: line and column, from 1, of the operations that were found.
    """
    tree = module.file.tree
    around = {inner: outer for outer in ast.walk(tree) for inner in ast.iter_child_nodes(outer)}
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}

    def is_told(node: ast.Call) -> bool:
        """Whether an operation stands where the evaluator meets it, or in one that does."""
        if _place(node) in known or _kind(node, module) is None:
            return _place(node) in known
        outer = _holder(node, around)
        return is_told(outer) if isinstance(outer, ast.Call) else _is_followed(outer, around)

    for node in _calls(tree.body, named):
        if _kind(node, module) not in (None, _HOLDER) and not is_told(node):
            yield node


def _place(node: ast.Call) -> tuple[int, int]:
    return node.lineno, node.col_offset + 1


def _calls(body: Sequence[ast.stmt], named: Collection[str]) -> Iterator[ast.Call]:
    """Give every call that may run, those in functions that somebody names or decorates too."""
    for node in calls.own_nodes(body):
        if isinstance(node, ast.Call):
            yield node
        elif isinstance(node, ast.ClassDef):
            # Methods run by the objects that were followed.
            yield from _calls([each for each in node.body if not isinstance(each, _FUNCTIONS)], ())
        elif isinstance(node, _FUNCTIONS) and (node.decorator_list or node.name in named):
            yield from _calls(node.body, named)


def _kind(node: ast.Call, module: Scope) -> str | None:
    """Return the kind of Django's operation that a call makes; None where it makes none."""
    first = node.func
    while isinstance(first, ast.Attribute):
        first = first.value
    made = module.of(node.func) if isinstance(first, ast.Name) else None
    is_operation = isinstance(made, Outside) and not made.dotted.endswith("Error")
    return django_kind(made.dotted) if isinstance(made, Outside) and is_operation else None


def _holder(node: ast.AST, around: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """Return what a node is a part of, beyond the lists and expressions around it."""
    outer = around[node]
    while isinstance(outer, _AROUND):
        outer = around[outer]
    return outer


def _is_followed(outer: ast.AST, around: Mapping[ast.AST, ast.AST]) -> bool:
    match outer:
        case ast.Assign(targets=targets):
            return all(isinstance(each, ast.Name | ast.Tuple | ast.List) for each in targets)
        case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
            return isinstance(target, ast.Name)
        case ast.Return() | ast.Yield() | ast.YieldFrom():
            return not _is_decorated(outer, around)
        case _:
            return isinstance(outer, (*_COMPREHENSIONS, ast.For, ast.Lambda))


def _is_decorated(node: ast.AST, around: Mapping[ast.AST, ast.AST]) -> bool:
    """Return whether the function that a statement stands in is given to a decorator."""
    while not isinstance(node, (*_FUNCTIONS, ast.Module)):
        node = around[node]
    return bool(getattr(node, "decorator_list", []))
