"""Which statements of a body give a name its value, in order."""

import ast
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

from quality_harness.migrations.evaluator.deciding import decided


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
    METHOD_RUNS = auto()
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
LIST_METHODS = {"append": (How.APPEND, 0), "extend": (How.EXTEND, 0), "insert": (How.APPEND, 1)}


def collect(body: Sequence[ast.stmt]) -> dict[str, list[Binding]]:
    """Return the bindings that a module, class or function body makes, by name.

    A star import stands under the name "*".
    """
    bindings = _Bindings()
    bindings.of(body)
    return bindings.found


class _Bindings:
    """The bindings of a body, and where in it the next one stands.

    Attributes:
        found: the bindings so far, by name.
        conditional: whether the next one may not run.
        loops: the for statements around it, outermost first.
    """

    def __init__(self) -> None:
        self.found: dict[str, list[Binding]] = {}
        self.conditional = False
        self.loops: tuple[ast.For | ast.AsyncFor, ...] = ()

    def add(self, name: str, how: How, node: ast.AST, target: ast.expr | None = None) -> None:
        """Take in one binding."""
        made = Binding(name, how, node, self.conditional, self.loops, target)
        self.found.setdefault(name, []).append(made)

    def of(self, body: Sequence[ast.AST]) -> None:
        """Take in what some statements bind."""
        for statement in body:
            read = _STATEMENTS.get(type(statement))
            if read is not None:
                read(statement, self)

    def may_be_of(self, body: Sequence[ast.AST]) -> None:
        """Take in what statements bind that may not run."""
        before, self.conditional = self.conditional, True
        self.of(body)
        self.conditional = before


def _definition(node: Any, bindings: _Bindings) -> None:
    bindings.add(node.name, How.DEFINE, node)


def _assignment(node: Any, bindings: _Bindings) -> None:
    _handed_on(node.value, bindings)
    for target in node.targets:
        _assign(target, node.value, bindings)


def _annotated(node: Any, bindings: _Bindings) -> None:
    if node.value is not None:
        _assign(node.target, node.value, bindings)


def _augmented(node: Any, bindings: _Bindings) -> None:
    how = How.EXTEND if isinstance(node.op, ast.Add) else How.OPAQUE
    _named(node.target, how, node.value, bindings)


def _expression(node: Any, bindings: _Bindings) -> None:
    if isinstance(node.value, ast.Call):
        _bare_call(node.value, bindings)


def _import(node: Any, bindings: _Bindings) -> None:
    for alias in node.names:
        # `import a.b` binds a; `import a.b as c` binds c.
        name = alias.asname or alias.name
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
        bindings.add(name, How.IMPORT, node)


def _branches(node: Any, bindings: _Bindings) -> None:
    answer = decided(node.test)
    if answer is not None and isinstance(node, ast.If):
        bindings.of(node.body if answer else node.orelse)
        return
    _handed_on(node.test, bindings)
    for named in _named_in(node.test):
        bindings.add(named.target.id, How.ASSIGN, named.value)
    bindings.may_be_of(node.body)
    bindings.may_be_of(node.orelse)


def _named_in(test: ast.expr) -> Iterator[Any]:
    """Give what a condition names as it asks: `if (row := rows.first()) is not None`."""
    match test:
        case ast.NamedExpr():
            yield test
        case ast.Compare(left=inner) | ast.UnaryOp(operand=inner):
            yield from _named_in(inner)
        case ast.BoolOp(values=values):
            for each in values:
                yield from _named_in(each)


def _loop(node: Any, bindings: _Bindings) -> None:
    for name in target_names(node.target):
        bindings.add(name, How.LOOP, node)
    before, bindings.loops = bindings.loops, (*bindings.loops, node)
    bindings.may_be_of(node.body)
    bindings.loops = before
    bindings.may_be_of(node.orelse)


def _with(node: Any, bindings: _Bindings) -> None:
    for item in node.items:
        for name in target_names(item.optional_vars):
            bindings.add(name, How.ASSIGN, item.context_expr)
    bindings.of(node.body)


def _try(node: Any, bindings: _Bindings) -> None:
    read = bindings.may_be_of if node.handlers else bindings.of
    read(node.body)
    for handler in node.handlers:
        bindings.may_be_of(handler.body)
    bindings.may_be_of(node.orelse)
    bindings.of(node.finalbody)


def _match(node: Any, bindings: _Bindings) -> None:
    for case in node.cases:
        bindings.may_be_of(case.body)


_STATEMENTS: dict[type, Callable[[Any, _Bindings], None]] = {
    ast.FunctionDef: _definition,
    ast.AsyncFunctionDef: _definition,
    ast.ClassDef: _definition,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.If: _branches,
    ast.While: _branches,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
}


def _assign(target: ast.expr, value: ast.expr, bindings: _Bindings) -> None:
    if isinstance(target, ast.Name):
        bindings.add(target.id, How.ASSIGN, value)
        return
    match target, value:
        case ast.Tuple(elts=targets) | ast.List(elts=targets), ast.Tuple(elts=values) | ast.List(
            elts=values
        ) if len(targets) == len(values):
            for each_target, each_value in zip(targets, values, strict=True):
                _assign(each_target, each_value, bindings)
        case ast.Subscript(slice=ast.Slice()), _:
            _named(target.value, How.EXTEND, value, bindings)
        case ast.Subscript(), _:
            _named(target.value, How.APPEND, value, bindings)
        case ast.Attribute(), _:
            _named(target, How.ASSIGN, value, bindings)
        case _:
            for name in target_names(target):
                bindings.add(name, How.UNPACK, value, target)


def _named(target: ast.expr, how: How, value: ast.expr, bindings: _Bindings) -> None:
    if isinstance(target, ast.Name):
        bindings.add(target.id, how, value)
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        bindings.add(f"{target.value.id}.{target.attr}", how, value)
        # All that is done to attributes of the name.
        bindings.add(f"{target.value.id}.", how, value, target)


def _bare_call(call: ast.Call, bindings: _Bindings) -> None:
    match call:
        case ast.Call(
            func=ast.Name(id="setattr"),
            args=[ast.Name() as owner, ast.Constant(value=str() as name), value],
        ):
            _named(ast.Attribute(owner, name, ast.Store()), How.ASSIGN, value, bindings)
            return
    if isinstance(call.func, ast.Attribute) and call.func.attr in LIST_METHODS:
        how, position = LIST_METHODS[call.func.attr]
        if len(call.args) == position + 1:
            _named(call.func.value, how, call.args[position], bindings)
    else:
        match call.func:
            # What a method calls of its own object is followed with the method.
            case ast.Attribute(value=ast.Name(id=named)) if named != "self":
                bindings.add(named, How.METHOD_RUNS, call)
        _handed_on(call, bindings)


def _handed_on(node: ast.expr, bindings: _Bindings) -> None:
    """Take in the names that a call gets, which may change what they stand for."""
    if isinstance(node, ast.Call):
        for argument in (*node.args, *(each.value for each in node.keywords)):
            if isinstance(argument, ast.Name):
                bindings.add(argument.id, How.HANDED_ON, node)


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
