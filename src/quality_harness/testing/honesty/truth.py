"""What an expression is, whatever the code under test does."""

import ast

from quality_harness.testing.honesty.naming import last_name

_DISPLAYS = (ast.List, ast.Tuple, ast.Set)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension)
_YIELDS = (ast.Await, ast.Yield, ast.YieldFrom)
_UNSTABLE = (*_COMPREHENSIONS, *_YIELDS, ast.Lambda, ast.NamedExpr, ast.Starred)
# Builtins whose result depends on nothing but their arguments.
_PURE = {"len", "list", "tuple", "set", "frozenset", "dict", "sorted", "int"}
_PURE |= {"float", "bool", "sum", "min", "max", "abs", "type"}
# An iterator is true even where it gives nothing.
ITERATORS = {"map", "filter", "zip", "iter", "reversed", "enumerate"}


def constant(node: ast.expr) -> tuple[object] | None:
    """Return the value of a literal, in a tuple of its own; None where it is no literal."""
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def is_stable(node: ast.AST) -> bool:
    """Whether evaluating an expression twice gives the same: names, attributes, literals."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            if not isinstance(each.func, ast.Name) or each.func.id not in _PURE:
                return False
        elif isinstance(each, _UNSTABLE):
            return False
    return True


def always(node: ast.expr) -> bool | None:
    """Return the truth that an expression has in any case; None where that depends."""
    known = constant(node)
    if known is not None:
        return bool(known[0])
    if isinstance(node, (ast.Lambda, ast.GeneratorExp)):
        return True
    if isinstance(node, (*_DISPLAYS, ast.Dict)):
        return _of_display(node)
    if isinstance(node, ast.JoinedStr):
        return True if any(_is_text(value) for value in node.values) else None
    if isinstance(node, ast.BoolOp):
        return _of_bool(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = always(node.operand)
        return None if inner is None else not inner
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        return True if node.func.id in ITERATORS else None
    return None


def _of_display(node: ast.List | ast.Tuple | ast.Set | ast.Dict) -> bool | None:
    """A display is true where something stands in it that is not spread."""
    if isinstance(node, ast.Dict):
        return True if any(key is not None for key in node.keys) else None
    return True if any(not isinstance(each, ast.Starred) for each in node.elts) else None


def _of_bool(node: ast.BoolOp) -> bool | None:
    values = [always(value) for value in node.values]
    decides = isinstance(node.op, ast.Or)
    if decides in values:
        return decides
    return not decides if all(value is (not decides) for value in values) else None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def is_empty(node: ast.expr) -> bool:
    """Whether going over an expression goes over nothing: `[]`, `range(0)`, `objects.none()`."""
    if isinstance(node, ast.Call):
        name = last_name(node)
        if isinstance(node.func, ast.Attribute):
            is_view = name in {"items", "keys", "values"} and is_empty(node.func.value)
            return not node.args and (is_view or name == "none")
        if name == "range":
            return len(node.args) == 1 and constant(node.args[0]) in [(0,), (-1,)]
        if name in {"enumerate", "reversed", "sorted"} and node.args:
            return is_empty(node.args[0])
        return name in {"list", "tuple", "set", "dict", "frozenset"} and not _arguments(node)
    known = constant(node)
    return known is not None and known[0] in ([], (), {}, set(), "", b"")


def _arguments(node: ast.Call) -> list[ast.AST]:
    return [*node.args, *node.keywords]
