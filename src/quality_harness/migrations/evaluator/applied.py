"""Rewrites calls that hand a call on: functools.partial, map and getattr become plain ones.

What was evaluated elsewhere is put into the call under a name of its own, so that it keeps the
scope that it comes from.
"""

import ast
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from quality_harness.migrations.evaluator.values import (
    MOST_ALTERNATIVES,
    Call,
    Choice,
    Class,
    Function,
    Items,
    Literal,
    ModuleValue,
    Outside,
    Partial,
    Unknown,
    Value,
    add,
    choose,
    handed_on,
    options,
)
from quality_harness.migrations.hole import HOLE

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.calls import Arguments
    from quality_harness.migrations.evaluator.scope import Scope


def _partial(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value:
    return choose([_bound(each, node, given, unknown) for each in options(given.positional[0])])


def _bound(callee: Value, node: ast.Call, given: "Arguments", unknown: Unknown) -> Value:
    if isinstance(callee, Function):
        bound = (*callee.bound, *given.positional[1:])
        return replace(callee, bound=bound, named={**callee.named, **given.named})
    is_callable = isinstance(callee, Class | Outside | Partial)
    return Partial(callee, node, unknown.scope) if is_callable else unknown


def completed(given: Partial, node: ast.Call, scope: "Scope") -> tuple[ast.Call, "Scope"]:
    """Return the call that calling a partial makes, and the scope that it sees."""
    names: dict[str, Value] = {}

    def kept(expression: ast.expr) -> ast.expr:
        if isinstance(expression, ast.Starred):
            return ast.Starred(kept(expression.value), ast.Load())
        # The call may give a name another value.
        return _named(handed_on(given.scope.of(expression), node), names)

    later = {each.arg for each in node.keywords}
    keywords = [
        ast.keyword(each.arg, kept(each.value))
        for each in given.node.keywords
        if each.arg is None or each.arg not in later
    ]
    args = [kept(each) for each in given.node.args[1:]]
    made = ast.Call(node.func, [*args, *node.args], [*keywords, *node.keywords])
    return _at(made, node), scope.child(names)


def _mapped(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    lists = [each.members for each in given.positional[1:] if isinstance(each, Items)]
    if not lists or len(lists) + 1 != len(given.positional) or not given.complete:
        return None
    rounds: list[Value] = []
    for members in zip(*lists, strict=False):
        names: dict[str, Value] = {}
        args = [_named(member, names) for member in members]
        made = _at(ast.Call(node.args[0], args, []), node)
        rounds.append(unknown.scope.child(names).of(made))
    return Items(tuple(rounds))


def _zipped(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    lists = [each.members for each in given.positional if isinstance(each, Items)]
    if len(lists) != len(given.positional) or not given.complete:
        return None
    return Items(tuple(Items(members) for members in zip(*lists, strict=False)))


def _enumerated(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    found = given.get("iterable", 0)
    start = given.get("start", 1) or Literal(0)
    if not isinstance(found, Items) or not isinstance(start, Literal):
        return None
    first = start.value if isinstance(start.value, int) else 0
    pairs = enumerate(found.members, first)
    return Items(tuple(Items((Literal(place), member)) for place, member in pairs))


def _multiplied(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    lists = [each.members for each in given.positional if isinstance(each, Items)]
    is_told = len(lists) == len(given.positional) and given.complete and not given.named
    if not is_told or prod(map(len, lists)) > MOST_ALTERNATIVES:
        return None
    return Items(tuple(Items(members) for members in product(*lists)))


def _filtered(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    found = given.get("iterable", 1)
    if not isinstance(found, Items):
        return None
    return Items(tuple(Choice((member,)) for member in found.members))


def _attribute(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    found: list[Value] = []
    for name in options(given.get("name", 1) or unknown):
        if not isinstance(name, Literal) or name.text is None or not name.text.isidentifier():
            return None
        made = ast.Attribute(node.args[0], name.text, ast.Load())
        found.append(unknown.scope.of(ast.copy_location(made, node)))
    return choose(found)


def _imported(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    name = given.get("dotted_path", 0)
    if not isinstance(name, Literal) or name.text is None:
        return None
    module, _, attribute = name.text.rpartition(".")
    if module.startswith("django."):
        return Outside(name.text)
    found = unknown.scope.module(module)
    return found.scope.own(attribute) if isinstance(found, ModuleValue) else None


def _summed(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    """Return the list that sum() puts together from lists."""
    lists, start = given.get("iterable", 0), given.get("start", 1)
    if not isinstance(lists, Items) or not isinstance(start, Items):
        return None
    total: Value = start
    for each in lists.members:
        total = add(total, each, unknown)
    return total


def _starred(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    """Return what starmap() gives: a call with each of the lists of arguments."""
    lists = given.get("iterable", 1)
    if not isinstance(lists, Items) or not all(isinstance(each, Items) for each in lists.members):
        return None
    rounds: list[Value] = []
    for each in lists.members:
        names: dict[str, Value] = {}
        args = [_named(member, names) for member in each.members] if isinstance(each, Items) else []
        made = _at(ast.Call(node.args[0], args, []), node)
        rounds.append(unknown.scope.child(names).of(made))
    return Items(tuple(rounds))


def _module(node: ast.Call, given: "Arguments", unknown: Unknown) -> Value | None:
    name = given.get("name", 0)
    if not isinstance(name, Literal) or name.text is None or len(node.args) > 1:
        return None
    return unknown.scope.module(name.text)


def decorated(function: Function) -> Value:
    """Return what the decorators of a function make of it."""
    value: Value = function
    found = [] if isinstance(function.node, ast.Lambda) else function.node.decorator_list
    for decorator in reversed(found):
        names: dict[str, Value] = {}
        made = ast.Call(decorator, [_named(value, names)], [])
        node = ast.fix_missing_locations(ast.copy_location(made, decorator))
        value = function.scope.child(names).of(node)
    return value


def entries(value: Value) -> dict[str, Value] | None:
    """Return what `**value` brings; None where that cannot be told."""
    pairs: list[tuple[ast.expr | None, ast.expr]]
    match value:
        case Call(callee=Outside("builtins.dict"), node=node, scope=scope) if not node.args:
            pairs = [
                (ast.Constant(each.arg) if each.arg else None, each.value) for each in node.keywords
            ]
        case Unknown(node=ast.Dict(keys=keys, values=values), scope=scope) if keys:
            pairs = list(zip(keys, values, strict=True))
        case Unknown(node=ast.BinOp(op=ast.BitOr(), left=left, right=right), scope=scope):
            pairs = [(None, left), (None, right)]
        case _:
            return None
    found: dict[str, Value] = {}
    for key, expression in pairs:
        each = scope.of(expression)
        name = None if key is None else scope.of(key)
        if isinstance(name, Literal) and name.text is not None and HOLE not in name.text:
            found[name.text] = each
            continue
        # `**more`, whose entries stand here.
        more = entries(each) if key is None else None
        if more is None:
            return None
        found |= more
    return found


def dictionary(given: dict[str, Value], unknown: Unknown) -> Value:
    """Return the dictionary that `**names` of a function's parameters stands for."""
    # Its name is none of Python's: nothing else makes it, and `held` knows it by that.
    names: dict[str, Value] = {}
    keywords = [ast.keyword(name, _named(value, names)) for name, value in given.items()]
    made = ast.Call(ast.Name("**", ast.Load()), [], keywords)
    node = ast.fix_missing_locations(ast.copy_location(made, unknown.node))
    return Call(node, unknown.scope.child(names), Outside("builtins.dict"))


def held(given: Value, node: ast.Call, scope: "Scope") -> Value | None:
    """Return what `names.get(key, default)` gives where `**names` are a function's parameters.

    Args:
        given: what get() is called of.
        node: the call.
        scope: what it sees.

    Returns:
        None for other dictionaries, and where the key is not known.
    """
    match given:
        case Call(node=ast.Call(func=ast.Name(id="**"))):
            found = entries(given)
        case _:
            return None
    key = scope.of(node.args[0]) if node.args else None
    if found is None or not isinstance(key, Literal) or key.text is None or HOLE in key.text:
        return None
    if key.text in found:
        return found[key.text]
    return scope.of(node.args[1]) if len(node.args) > 1 else Literal(None)


# What hands on a call or an attribute; None is given where it cannot be told.
FUNCTIONS: dict[str, Callable[[ast.Call, "Arguments", Unknown], Value | None]] = {
    "functools.partial": _partial,
    "builtins.map": _mapped,
    "builtins.filter": _filtered,
    "builtins.zip": _zipped,
    "builtins.enumerate": _enumerated,
    "itertools.product": _multiplied,
    "itertools.starmap": _starred,
    "builtins.sum": _summed,
    "builtins.getattr": _attribute,
    "importlib.import_module": _module,
    "django.utils.module_loading.import_string": _imported,
}


def _named(value: Value, names: dict[str, Value]) -> ast.expr:
    name = f"given_before_{len(names)}"
    names[name] = value
    return ast.Name(name, ast.Load())


def _at(made: ast.Call, node: ast.Call) -> ast.Call:
    return ast.fix_missing_locations(ast.copy_location(made, node))
