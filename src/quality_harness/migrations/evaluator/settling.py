"""Tells whether a name stands for one constant, wherever it is read and however often."""

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache

from quality_harness.migrations.evaluator.bindings import Binding, How
from quality_harness.migrations.evaluator.values import Literal, Value, handed_on

# What these do to a name is nothing to a constant.
_LEAVE_CONSTANTS = (How.HANDED_ON, How.METHOD_RUNS)


def settled(
    name: str,
    value: Literal,
    bindings: Mapping[str, Sequence[Binding]],
    tree: ast.Module,
    given: bool,
    at_top: bool,
) -> Literal:
    """Return a constant as settled where nothing but its one statement, or call, gives it.

    Args:
        name: what stands for it.
        value: the constant.
        bindings: of the scope that has the name, by name.
        tree: the module that this is in.
        given: whether a call gives it, as an argument.
        at_top: whether the scope is that of the module.
    """
    found = [each for each in bindings.get(name, ()) if each.how not in _LEAVE_CONSTANTS]
    is_settled = False
    match found:
        case []:
            is_settled = value.settled and given
        case [Binding(how=How.IMPORT)]:
            is_settled = value.settled
        case [Binding(how=How.ASSIGN, node=node, conditional=False)] if at_top:
            made = handed_on(value, node)
            is_settled = isinstance(made, Literal) and made.settled
    if not is_settled or "*" in bindings:
        return value if value.through is None else Literal(value.value)
    return Literal(value.value, (*(value.through or ()), (tree, name)))


def is_constant(value: Value | None) -> bool:
    """Return whether a value is one constant for good: nothing else binds a name on its way."""
    through = value.through if isinstance(value, Literal) else None
    return through is not None and not any(name in _bound_otherwise(tree) for tree, name in through)


@lru_cache(maxsize=256)
def _bound_otherwise(tree: ast.Module) -> frozenset[str]:
    """Return the names that something in a module binds or unbinds beside `collect`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.NamedExpr(target=ast.Name(id=name)) | ast.Name(id=name, ctx=ast.Del()):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
    return frozenset(found)
