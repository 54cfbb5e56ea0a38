"""Reads which fields of rows that are there a function of a migration overwrites."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Function, Items, Literal, options
from quality_harness.migrations.queries import Key, Rows, rows_of


@dataclass(frozen=True)
class Written:
    """A field that a function assigns to.

    Attributes:
        owner: the name of the object.
        field: the field's name.
        guarded: whether an `if` looks at that field first.
        copied: whether the value is made at run time, and not from the field itself.
    """

    owner: str
    field: str
    guarded: bool
    copied: bool


def assigned(function: Function) -> list[Written]:
    """Return what a function assigns to attributes of names, in no order."""
    body = function.node.body
    return list(_assigned(body if isinstance(body, list) else [], ()))


def _assigned(body: list[ast.stmt], tests: tuple[ast.expr, ...]) -> Iterator[Written]:
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
                    yield _written(each, each.value.id, node, tests)
        if isinstance(node, ast.If):
            yield from _assigned(node.body, (*tests, node.test))
            yield from _assigned(node.orelse, tests)
        else:
            for name in ("body", "orelse", "finalbody", "handlers"):
                inner = getattr(node, name, [])
                if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                    yield from _assigned(inner, tests)


def _written(
    target: ast.Attribute, owner: str, node: ast.stmt, tests: tuple[ast.expr, ...]
) -> Written:
    value = getattr(node, "value", None)
    itself = ast.unparse(target)
    copied = value is not None and not isinstance(value, ast.Constant | ast.List | ast.Dict)
    reads_itself = value is not None and itself in ast.unparse(value)
    guarded = any(_asks_for_empty(test, itself) for test in tests)
    is_copied = copied and not reads_itself and not isinstance(node, ast.AugAssign)
    return Written(owner, target.attr, guarded, is_copied)


def _asks_for_empty(test: ast.expr, itself: str) -> bool:
    """Return whether a condition holds only where the field is empty."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ast.unparse(operand) == itself
        case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=v)]):
            return ast.unparse(left) == itself and v in (None, "")
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_asks_for_empty(each, itself) for each in values)
        case _:
            return False


@dataclass(frozen=True)
class Overwritten:
    """What a call overwrites in rows that are there.

    Attributes:
        fields: their names; empty where it makes rows, or writes only what was empty.
        copied: those that it fills from other fields.
        model: the model, where that is known.
        picked: whether a condition picks the rows.
    """

    fields: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    model: Key = ("", "")
    picked: bool = False


def overwritten(node: ast.Call, scope: Scope, written: Sequence[Written]) -> Overwritten:
    """Return what a call of save(), update() or bulk_update() overwrites.

    Args:
        node: the call of a method.
        scope: what it sees.
        written: what the function assigns to attributes.
    """
    assert isinstance(node.func, ast.Attribute)
    rows = rows_of(node.func.value, scope)
    match node.func.attr:
        case "update":
            return _updated(node, rows)
        case "save" if rows is not None and isinstance(node.func.value, ast.Name):
            names = _texts(_keyword(node, "update_fields"), scope)
            owner = node.func.value.id
            own = [each for each in written if each.owner == owner]
            return _assigned_to(rows, [each for each in own if not names or each.field in names])
        case "bulk_update" | "abulk_update" if rows is not None and node.args:
            given = node.args[1] if len(node.args) > 1 else _keyword(node, "fields")
            names = _texts(given, scope)
            own = [each for each in written if each.field in names]
            told = {each.field for each in own}
            own += [Written("", name, False, False) for name in names if name not in told]
            return _assigned_to(rows_of(node.args[0], scope) or rows, own)
        case _:
            return Overwritten()


def _updated(node: ast.Call, rows: Rows | None) -> Overwritten:
    fields = [each for each in node.keywords if each.arg]
    if rows is None and not is_every_row(node.func):
        return Overwritten()
    if rows is not None:
        fields = [] if rows.single or rows.new else fields
        fields = [each for each in fields if each.arg not in rows.only_empty]
    return Overwritten(
        tuple(each.arg or "" for each in fields),
        tuple(each.arg or "" for each in fields if not isinstance(each.value, ast.Constant)),
        ("", "") if rows is None else rows.model,
        rows is not None and rows.picked,
    )


def is_every_row(function: ast.expr) -> bool:
    """Return whether a queryset is that of a manager, or its all()."""
    found = function.value if isinstance(function, ast.Attribute) else function
    while isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute):
        if found.func.attr not in ("all", "using"):
            return False
        found = found.func.value
    return isinstance(found, ast.Attribute) and found.attr in ("objects", "_default_manager")


def _assigned_to(rows: Rows, written: Sequence[Written]) -> Overwritten:
    if rows.new or rows.single:
        return Overwritten()
    lost = [each for each in written if not each.guarded and each.field not in rows.only_empty]
    fields = tuple(dict.fromkeys(each.field for each in lost))
    copied = tuple(dict.fromkeys(each.field for each in lost if each.copied))
    return Overwritten(fields, copied, rows.model, rows.picked)


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in node.keywords if each.arg == name), None)


def _texts(node: ast.expr | None, scope: Scope) -> list[str]:
    """Return the texts of a list."""
    return [
        member.text
        for option in (options(scope.of(node)) if node is not None else ())
        for member in (option.members if isinstance(option, Items) else ())
        if isinstance(member, Literal) and member.text is not None
    ]
