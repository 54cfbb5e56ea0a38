"""Evaluates calls: functions of the tree, methods of texts, a few of the standard library."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as with_default, replace
from functools import partial
from itertools import count
from string import Formatter, Template
from typing import TYPE_CHECKING, Any

from quality_harness.migrations.evaluator import applied, composing, files
from quality_harness.migrations.evaluator.deciding import Decide, decided, reached
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Literal,
    Outside,
    Partial,
    Unknown,
    Value,
    as_text,
    choose,
    handed_on,
    options,
)
from quality_harness.migrations.evaluator.truth import truth
from quality_harness.migrations.hole import HOLE

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.scope import Scope

# A function that calls itself ends here, as an unknown.
DEEPEST = 8
# One that calls itself in several places does so this often: its calls branch like a tree.
MOST_AGAIN = 64
_SAME_ITEMS = {f"builtins.{name}" for name in ("list", "tuple", "set", "sorted", "reversed")}
_TEXT_FUNCTIONS: dict[str, Callable[[str], str]] = {
    "builtins.str": str,
    "textwrap.dedent": textwrap.dedent,
    "inspect.cleandoc": inspect.cleandoc,
    "string.Template": str,
    "psycopg.sql.SQL": str,
    "psycopg2.sql.SQL": str,
}
_TEXT_METHODS = {"strip", "lstrip", "rstrip", "upper", "lower", "replace", "split", "splitlines",
                 "partition", "rpartition", "removeprefix", "removesuffix", "title", "zfill",
                 "capitalize", "rsplit"}  # fmt: skip
# A width that fills the memory.
_WIDE = re.compile(r"\d{5}")
_PERCENT = re.compile(r"%(?:\((?P<key>\w+)\))?[-#0 +]*[\d*]*(?:\.\d+)?(?P<kind>[a-zA-Z%])")


_DEFINITIONS = {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef}
# What is no part of a program's way: signs, names, and how a name is used.
_NO_PARTS = {"ctx", "op", "ops", "id", "attr", "arg", "name", "names", "type_comment", "kind"}
_INNER = (ast.expr, ast.stmt, ast.comprehension, ast.keyword, ast.ExceptHandler, ast.withitem,
          ast.match_case)  # fmt: skip
_LEAVES = {ast.Constant, ast.Name}
_BRANCHES = {
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, _INNER) and kind not in _LEAVES
}
_BODIES = {"body", "orelse", "finalbody"}
# The fields of each kind of node that may hold others, the last one first.
_PARTS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(name for name in reversed(kind._fields) if name not in _NO_PARTS)
    for kind in _BRANCHES - _DEFINITIONS
}


@dataclass(frozen=True)
class Arguments:
    """The evaluated arguments of a call.

    Attributes:
        positional: those without a name.
        named: those with one.
        complete: False where `*x` or `**x` brings more that are unknown.
        left: the named ones that were left unevaluated.
    """

    positional: tuple[Value, ...]
    named: dict[str, Value]
    complete: bool
    left: Mapping[str, ast.expr] = with_default(default_factory=dict)

    def get(self, name: str, position: int) -> Value | None:
        """Return one argument by name or place, or None where the call does not give it."""
        if name in self.named:
            return self.named[name]
        return self.positional[position] if position < len(self.positional) else None


def arguments(node: ast.Call, scope: "Scope", without: Container[str] = ()) -> Arguments:
    """Evaluate a call's arguments, but for those named in `without`."""
    positional: list[Value] = []
    complete = True
    for argument in node.args:
        value = scope.of(argument.value if isinstance(argument, ast.Starred) else argument)
        if not isinstance(argument, ast.Starred):
            positional.append(handed_on(value, argument))
        elif isinstance(value, Items):
            positional.extend(value.members)
        else:
            complete = False
            break
    named: dict[str, Value] = {}
    left: dict[str, ast.expr] = {}
    for each in node.keywords:
        if each.arg and each.arg in without:
            left[each.arg] = each.value
        elif each.arg:
            named[each.arg] = handed_on(scope.of(each.value), each.value)
        else:
            spread = applied.entries(scope.of(each.value))
            complete = complete and spread is not None
            named.update(spread or {})
    is_starred = any(isinstance(each, ast.Starred) for each in node.args)
    if is_starred or not all(each.arg for each in node.keywords):
        # What is spread may have been changed, and give more, or less.
        positional = [handed_on(value, node) for value in positional]
        named = {name: handed_on(value, node) for name, value in named.items()}
    return Arguments(tuple(positional), named, complete, left)


def call(callee: Value, node: ast.Call, unknown: Unknown) -> Value:
    """Return what a call gives.

    Args:
        callee: what is called.
        node: the call.
        unknown: what stands for it where it cannot be told.
    """
    match callee:
        case Function():
            return _inline(callee, node, unknown)
        case Outside(dotted=dotted):
            return _outside(dotted, node, unknown) or Call(node, unknown.scope, callee)
        case Class():
            return Call(node, unknown.scope, callee)
        case Partial():
            made, scope = applied.completed(callee, node, unknown.scope)
            return call(callee.callee, made, Unknown(made, scope))
        case _:
            return unknown


def _outside(dotted: str, node: ast.Call, unknown: Unknown) -> Value | None:
    if dotted in files.FUNCTIONS and node.args:
        path = files.function(dotted, arguments(node, unknown.scope).positional, unknown)
        if path is not None:
            return path
    if dotted in applied.FUNCTIONS and node.args:
        return applied.FUNCTIONS[dotted](node, arguments(node, unknown.scope), unknown)
    dotted = composing.of_psycopg(dotted)
    if dotted in composing.FUNCTIONS:
        return composing.FUNCTIONS[dotted](arguments(node, unknown.scope)) or unknown
    if dotted.endswith("quote_name"):
        return composing.quoted_by(Outside(dotted), node, unknown.scope)
    if dotted in _SAME_ITEMS:
        return unknown.scope.of(node.args[0]) if node.args else Items(())
    if dotted in _TEXT_FUNCTIONS and len(node.args) == 1:
        found = [_text_function(dotted, value) for value in options(unknown.scope.of(node.args[0]))]
        return choose([value or unknown for value in found])
    if dotted in ("itertools.chain", "itertools.chain.from_iterable"):
        lists: Sequence[Value] = arguments(node, unknown.scope).positional
        if dotted.endswith("from_iterable"):
            lists = list(_flat(lists))
        return Items(tuple(_flat(lists)))
    return None


def _flat(values: Sequence[Value]) -> Iterator[Value]:
    for value in values:
        yield from value.members if isinstance(value, Items) else (value,)


def _text_function(dotted: str, value: Value) -> Value | None:
    if isinstance(value, Literal) and value.text is not None:
        return Literal(_TEXT_FUNCTIONS[dotted](value.text))
    return None


def _inline(function: Function, node: ast.Call, unknown: Unknown) -> Value:
    """Return what a function of the tree gives for these arguments."""
    again = unknown.scope.entered.get(function.node)
    if unknown.scope.depth >= DEEPEST or (again and next(again) >= MOST_AGAIN):
        return unknown
    given = arguments(node, unknown.scope)
    values = parameters(function, given, unknown)
    scope = function.scope.call(values, function.body, unknown.scope)
    if not again:
        scope.entered = {**scope.entered, function.node: count()}
    if isinstance(function.node, ast.Lambda):
        return scope.of(function.node.body)
    returned: list[Value] = []
    yielded: list[Value] = []
    for each in own_nodes(function.body, partial(truth, scope=scope)):
        match each:
            case ast.Return(value=ast.expr() as value):
                returned.append(scope.of(value))
            case ast.Yield(value=ast.expr() as value):
                yielded.append(scope.of(value))
            case ast.YieldFrom(value=value):
                yielded.extend(_flat([scope.of(value)]))
    if yielded:
        return Items(tuple(yielded))
    result = choose(returned) if returned else Literal(None)
    if isinstance(result, Call) and function.bound and result is function.bound[0]:
        # A method that gives its object: the next one in the chain meets what it has done.
        return replace(result, done=(*result.done, (function, node, unknown.scope)))
    return result


def parameters(function: Function, given: Arguments, unknown: Unknown) -> dict[str, Value]:
    """Return the values of a function's parameters in a call."""
    node = function.node
    names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    values: dict[str, Value] = dict.fromkeys(
        [*names, *(each.arg for each in node.args.kwonlyargs)], unknown
    )
    if given.complete:
        defaults = node.args.defaults
        for name, default in zip(names[len(names) - len(defaults) :], defaults, strict=True):
            values[name] = function.scope.of(default)
        for each, keyword in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if keyword is not None:
                values[each.arg] = function.scope.of(keyword)
    positional = (*function.bound, *given.positional)
    values.update(zip(names, positional, strict=False))
    preset = function.named
    if not given.complete:
        # What is not known of the call may give another value to a name of the partial.
        preset = {name: handed_on(value, unknown.node) for name, value in preset.items()}
    by_name = {**preset, **given.named}
    values.update((name, value) for name, value in by_name.items() if name in values)
    if getattr(node, "decorator_list", ()):
        # Decorators may call it with something else.
        values = {name: handed_on(value, node) for name, value in values.items()}
    if node.args.vararg is not None:
        rest = positional[len(names) :]
        values[node.args.vararg.arg] = Items(rest) if given.complete else unknown
    if node.args.kwarg is not None:
        more = {name: value for name, value in by_name.items() if name not in values}
        is_told = given.complete and not _is_changed(function, node.args.kwarg.arg)
        values[node.args.kwarg.arg] = applied.dictionary(more, unknown) if is_told else unknown
    return values


def _is_changed(function: Function, name: str) -> bool:
    """Whether a method of a name, but for get(), may change what it stands for."""
    return any(
        isinstance(each.value, ast.Name) and each.value.id == name and each.attr != "get"
        for each in own_nodes(function.body)
        if isinstance(each, ast.Attribute)
    )


def own_nodes(body: Sequence[ast.AST], decide: Decide = decided) -> list[ast.AST]:
    """Return every node of a body in order, without those of functions and classes inside it.

    Names, constants and signs are left out, and statements that never run.

    Args:
        body: statements, or an expression.
        decide: what a condition gives; None where that may differ.
    """
    nodes: list[ast.AST] = []
    waiting = list(reversed(reached(body, decide)))
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        for name in _PARTS.get(type(node), ()):
            part: Any = getattr(node, name)
            if type(part) in _BRANCHES:
                waiting.append(part)
            elif type(part) is list:
                part = reached(part, decide) if name in _BODIES else part
                waiting += [each for each in reversed(part) if type(each) in _BRANCHES]
    return nodes


def text_method(value: Value, method: str, given: Arguments, unknown: Unknown) -> Value:
    """Return what a method of a text gives."""
    text = value.text if isinstance(value, Literal) else None
    if text is None:
        return unknown
    if method == "format":
        return _format(text, given, unknown)
    if method == "format_map" and len(given.positional) == 1:
        named = applied.entries(given.positional[0]) or {}
        return _format(text, Arguments((), named, True), unknown)
    if method in ("substitute", "safe_substitute"):
        return _substituted(text, given, unknown)
    if method in ("decode", "as_string"):
        return value
    if method == "join" and len(given.positional) == 1:
        texts = {text.join(_joined(each)): None for each in options(given.positional[0])}
        return choose([Literal(each) for each in texts])
    plain = [value.value for value in given.positional if isinstance(value, Literal)]
    if method not in _TEXT_METHODS or len(plain) != len(given.positional) or given.named:
        return unknown
    try:
        result = getattr(text, method)(*plain)
    except (TypeError, ValueError):
        return unknown
    if isinstance(result, list | tuple):
        return Items(tuple(Literal(part) for part in result))
    return Literal(result)


def _joined(value: Value) -> list[str]:
    members = value.members if isinstance(value, Items) else (value,)
    return [as_text(option) for member in members for option in options(member)]


def _format(text: str, given: Arguments, unknown: Unknown) -> Value:
    parts: list[str] = []
    try:
        fields = list(Formatter().parse(text))
    except ValueError:
        return unknown
    automatic = iter(range(len(fields)))
    for literal, field, spec, conversion in fields:
        parts.append(literal)
        if field is not None:
            name = field or str(next(automatic))
            position = int(name) if name.isdecimal() else len(given.positional)
            value = given.get(name, position) or unknown
            parts.append(as_text(formatted(value, spec or "", conversion or "", unknown)))
    return Literal("".join(parts))


def formatted(value: Value, spec: str, conversion: str, unknown: Unknown) -> Value:
    """Return what a replacement field such as `{value!r:>4}` gives."""
    if not (spec or conversion):
        return value
    if not isinstance(value, Literal) or HOLE in f"{value.value}{spec}" or _WIDE.search(spec):
        return unknown
    try:
        return Literal(format(_CONVERSIONS[conversion](value.value), spec))
    except (KeyError, TypeError, ValueError):
        return unknown


_CONVERSIONS: dict[str, Callable[[object], object]] = {
    "": lambda value: value,
    "s": str,
    "r": repr,
    "a": ascii,
}


def _substituted(text: str, given: Arguments, unknown: Unknown) -> Value:
    """Return what string.Template makes of its text."""
    named = dict(given.named)
    for each in given.positional:
        named = {**(applied.entries(each) or {}), **named}

    def put(match: re.Match[str]) -> str:
        name = match["named"] or match["braced"]
        return "$" if name is None else as_text(named.get(name, unknown))

    return Literal(Template.pattern.sub(put, text))


def percent(value: Value, right: Value, unknown: Unknown) -> Value:
    """Return what `text % right` gives."""
    text = value.text if isinstance(value, Literal) else None
    if text is None:
        return unknown
    rest = iter(right.members if isinstance(right, Items) else (right,))
    named = applied.entries(right) or {}

    def put(match: re.Match[str]) -> str:
        if match["kind"] == "%":
            return "%"
        if match["key"]:
            return as_text(named.get(match["key"], unknown))
        return as_text(next(rest, unknown))

    return Literal(_PERCENT.sub(put, text))
