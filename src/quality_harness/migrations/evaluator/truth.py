"""Tells what a condition gives where the values that it compares are known."""

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from quality_harness.migrations.evaluator.deciding import decided
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Literal,
    Outside,
    Value,
)
from quality_harness.migrations.hole import HOLE

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.scope import Scope

_UNKNOWN = object()


def truth(test: ast.expr, scope: "Scope") -> bool | None:
    """Return what a condition gives in a scope; None where that cannot be told."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = truth(operand, scope)
            return None if inner is None else not inner
        case ast.BoolOp(op=joined, values=values):
            # One part decides an `or` that is true, and an `and` that is false.
            found = [truth(each, scope) for each in values]
            ends = isinstance(joined, ast.Or)
            return ends if ends in found else None if None in found else not ends
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            answer = decided(test)
            if isinstance(sign, ast.Is | ast.IsNot) and _has_no_identity(right):
                return answer
            return _compared(scope.of(left), sign, scope.of(right)) if answer is None else answer
        case ast.Call(func=ast.Name(id="isinstance"), args=[made, kinds]):
            return _is_instance(scope.of(made), scope.of(kinds))
        case ast.Call(
            func=ast.Attribute(value=owner, attr="startswith" | "endswith" as name), args=[part]
        ):
            return _begins_or_ends(name, _plain(scope.of(owner)), _plain(scope.of(part)))
        case ast.Name() | ast.Attribute():
            value = scope.of(test)
            is_told = isinstance(value, Literal) and HOLE not in str(value.value)
            answer = bool(value.value) if is_told and isinstance(value, Literal) else decided(test)
            # The whole tree is looked through only where that matters.
            return None if answer is not None and _is_set_by_functions(test, scope) else answer
        case _:
            return decided(test)


def _is_set_by_functions(node: ast.expr, scope: "Scope") -> bool:
    return isinstance(node, ast.Name) and node.id in _set_by_functions(scope.file.tree)


@lru_cache(maxsize=256)
def _set_by_functions(tree: ast.Module) -> frozenset[str]:
    """Return the names of a module to which its functions give another value."""
    found = (node.names for node in ast.walk(tree) if isinstance(node, ast.Global))
    return frozenset(name for names in found for name in names)


def _compared(left: Value, sign: ast.cmpop, right: Value) -> bool | None:
    if isinstance(sign, ast.Is | ast.IsNot) and right == Literal(None):
        is_none = _is_none(left)
        return None if is_none is None else is_none is isinstance(sign, ast.Is)
    # Members of an enumeration are what stands behind them.
    sign = {ast.Is: ast.Eq(), ast.IsNot: ast.NotEq()}.get(type(sign), sign)
    one, other = _plain(left), _plain(right)
    if _UNKNOWN in (one, other):
        return None
    match sign:
        case ast.Eq():
            return one == other
        case ast.NotEq():
            return one != other
        case ast.In() | ast.NotIn() if isinstance(other, tuple) or (
            isinstance(one, str) and isinstance(other, str)
        ):
            return (one in other) is isinstance(sign, ast.In)
        case _:
            return None


def _has_no_identity(node: ast.expr) -> bool:
    """Return whether an expression is a text or a number, which may be there twice."""
    return isinstance(node, ast.Constant) and not isinstance(node.value, bool | None)


def _begins_or_ends(method: str, text: object, part: object) -> bool | None:
    parts = part if isinstance(part, tuple) else (part,)
    if not isinstance(text, str) or not all(isinstance(each, str) for each in parts):
        return None
    return text.startswith(parts) if method == "startswith" else text.endswith(parts)


def _is_none(value: Value) -> bool | None:
    match value:
        case Literal(value=constant):
            return constant is None
        case Items() | Function() | Class() | Call(callee=Class()):
            return False
        case _:
            return None


def _plain(value: Value) -> object:
    """Return a constant, or a tuple of several; what is unknown is equal to nothing."""
    match value:
        case Literal(value=constant) if HOLE not in str(constant):
            return constant
        case Items(members=members):
            found = tuple(map(_plain, members))
            return _UNKNOWN if _UNKNOWN in found else found
        case _:
            return _UNKNOWN


def _is_instance(made: Value, kinds: Value) -> bool | None:
    """Return whether an operation of Django's is of one of some classes of Django's."""
    wanted = kinds.members if isinstance(kinds, Items) else (kinds,)
    if not isinstance(made, Call) or not isinstance(made.callee, Outside):
        return None
    own = made.callee.dotted.rpartition(".")[2]
    names = [each.dotted.rpartition(".")[2] for each in wanted if isinstance(each, Outside)]
    if own in names:
        return True
    # One of the classes that others derive from may be its own.
    is_told = len(names) == len(wanted) and all(name in _FINAL for name in (own, *names))
    return False if is_told else None


# Operations that no other one derives from.
_FINAL = {"CreateModel", "DeleteModel", "RenameModel", "AlterModelTable", "AddField", "RemoveField",
          "AlterField", "RenameField", "AddConstraint", "RemoveConstraint", "AlterModelOptions",
          "AlterModelManagers", "AlterUniqueTogether", "RunSQL", "RunPython", "RenameIndex",
          "AlterOrderWithRespectTo", "SeparateDatabaseAndState"}  # fmt: skip
