"""Which statements of a body give a name its value, in order."""

import ast
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple


class How(Enum):
    """How a statement changes what a name stands for."""

    ASSIGN = auto()
    EXTEND = auto()
    APPEND = auto()
    DEFINE = auto()
    IMPORT = auto()
    LOOP = auto()
    UNPACK = auto()
    HANDED_ON = auto()
    OPAQUE = auto()


class Binding(NamedTuple):
    """One statement's effect on one name.

    Attributes:
        name: the name; `Migration.operations` for an attribute of a name.
        how: what happens to it.
        node: the expression, definition, import or loop that gives the value.
        conditional: whether the statement may not run.
        loops: the for statements that it stands in, outermost first.
        target: what takes the value apart, for `a, b = value`.
    """

    name: str
    how: How
    node: ast.AST
    conditional: bool = False
    loops: tuple[ast.For | ast.AsyncFor, ...] = ()
    target: ast.expr | None = None


# insert() puts its second argument into the list.
_LIST_METHODS = {"append": (How.APPEND, 0), "extend": (How.EXTEND, 0), "insert": (How.APPEND, 1)}


def collect(body: Sequence[ast.stmt]) -> dict[str, list[Binding]]:
    """Return the bindings that a module, class or function body makes, by name.

    A star import stands under the name "*".
    """
    found: dict[str, list[Binding]] = {}
    for binding in _statements(body):
        found.setdefault(binding.name, []).append(binding)
    return found


def _statements(body: Sequence[ast.stmt]) -> Iterator[Binding]:
    for statement in body:
        yield from _statement(statement)


def _statement(node: ast.stmt) -> Iterator[Binding]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield Binding(node.name, How.DEFINE, node)
        case ast.Assign():
            for target in node.targets:
                yield from _assign(target, node.value)
        case ast.AnnAssign(value=ast.expr() as value):
            yield from _assign(node.target, value)
        case ast.AugAssign():
            how = How.EXTEND if isinstance(node.op, ast.Add) else How.OPAQUE
            yield from _named(node.target, how, node.value)
        case ast.Expr(value=ast.Call() as call):
            yield from _bare_call(call)
        case ast.Import() | ast.ImportFrom():
            yield from _imports(node)
        case _:
            yield from _compound(node)


def _compound(node: ast.stmt) -> Iterator[Binding]:
    match node:
        case ast.If():
            yield from _conditional([*node.body, *node.orelse])
        case ast.For() | ast.AsyncFor():
            for name in target_names(node.target):
                yield Binding(name, How.LOOP, node)
            for binding in _conditional(node.body):
                yield binding._replace(loops=(node, *binding.loops))
            yield from _conditional(node.orelse)
        case ast.While():
            yield from _conditional([*node.body, *node.orelse])
        case ast.With() | ast.AsyncWith():
            for item in node.items:
                for name in target_names(item.optional_vars):
                    yield Binding(name, How.ASSIGN, item.context_expr)
            yield from _statements(node.body)
        case ast.Try() | ast.TryStar():
            yield from _conditional(node.body) if node.handlers else _statements(node.body)
            for handler in node.handlers:
                yield from _conditional(handler.body)
            yield from _conditional(node.orelse)
            yield from _statements(node.finalbody)
        case ast.Match():
            for case in node.cases:
                yield from _conditional(case.body)


def _conditional(body: Sequence[ast.stmt]) -> Iterator[Binding]:
    for binding in _statements(body):
        yield binding._replace(conditional=True)


def _assign(target: ast.expr, value: ast.expr) -> Iterator[Binding]:
    match target, value:
        case ast.Tuple(elts=targets) | ast.List(elts=targets), ast.Tuple(elts=values) | ast.List(
            elts=values
        ) if len(targets) == len(values):
            for each_target, each_value in zip(targets, values, strict=True):
                yield from _assign(each_target, each_value)
        case ast.Subscript(slice=ast.Slice()), _:
            yield from _named(target.value, How.EXTEND, value)
        case ast.Subscript(), _:
            yield from _named(target.value, How.APPEND, value)
        case ast.Name() | ast.Attribute(), _:
            yield from _named(target, How.ASSIGN, value)
        case _:
            for name in target_names(target):
                yield Binding(name, How.UNPACK, value, target=target)


def _named(target: ast.expr, how: How, value: ast.expr) -> Iterator[Binding]:
    match target:
        case ast.Name(id=name):
            yield Binding(name, how, value)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            yield Binding(f"{owner}.{name}", how, value)


def _bare_call(call: ast.Call) -> Iterator[Binding]:
    match call:
        case ast.Call(
            func=ast.Name(id="setattr"),
            args=[ast.Name(id=owner), ast.Constant(value=str() as name), value],
        ):
            yield Binding(f"{owner}.{name}", How.ASSIGN, value)
            return
    if isinstance(call.func, ast.Attribute) and call.func.attr in _LIST_METHODS:
        how, position = _LIST_METHODS[call.func.attr]
        if len(call.args) == position + 1:
            yield from _named(call.func.value, how, call.args[position])
    else:
        for argument in call.args:
            yield from _named(argument, How.HANDED_ON, call)


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[Binding]:
    for alias in node.names:
        # `import a.b` binds a; `import a.b as c` binds c.
        name = alias.asname or alias.name
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
        yield Binding(name, How.IMPORT, node)


def target_names(target: ast.expr | None) -> Iterator[str]:
    """Give the names that an assignment's target binds."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for each in targets:
                yield from target_names(each)
        case ast.Starred(value=value):
            yield from target_names(value)
