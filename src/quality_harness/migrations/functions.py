"""Reads what a Python function of a migration does to the database, as far as its syntax tells."""

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Function,
    Literal,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.sql import DEMANDS, WRITES, Act, find
from quality_harness.migrations.sql_schema import effects


@dataclass(frozen=True)
class Deed:
    """One call in a function that loses data, renames, or cannot be told.

    Attributes:
        path: the file that the call stands in.
        line: its line.
        column: its column; the first is 1.
        text: the call as it is written.
        does: what that does, as the end of a sentence: "deletes rows".
        resolved: False where the SQL that it runs is known only at run time.
        fields: for an update of every row, the fields that it writes.
        copied: those of them that it fills from other fields.
    """

    path: str
    line: int
    column: int
    text: str
    does: str
    resolved: bool = True
    fields: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()


DELETES_ROWS = "deletes rows"
WRITES_ROWS = "writes rows"
_WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
           "update"}  # fmt: skip
_SCHEMA_EDITOR = {
    "delete_model": "drops a table",
    "remove_field": "drops a column",
    "alter_db_table": "renames a table",
    "alter_field": "alters a column",
    "alter_unique_together": "makes values unique",
    "add_constraint": "adds a constraint",
}
_RUNS_SQL = {"execute", "executemany", "executescript"}
_RUNS_LATER = {"delay", "apply_async"}
# Model.delete() and QuerySet.delete() take no more; cache.delete(key) does.
_OF_DELETE = {"using", "keep_parents"}


def deeds(function: Function) -> tuple[Deed, ...]:
    """Return what a function, and the functions of the tree that it calls, do to the database."""
    unknown = Unknown(function.node, function.scope)
    nothing = calls.Arguments((), {}, complete=False)
    values = calls.parameters(function, nothing, unknown)
    found = _function(function, values, function.scope, frozenset())
    return tuple(dict.fromkeys(found))


def _function(
    function: Function, values: dict[str, Value], caller: Scope, around: frozenset[ast.AST]
) -> Iterator[Deed]:
    node = function.node
    if node in around:
        return
    scope = function.scope.call(values, function.body, caller)
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    for each in calls.own_nodes(body):
        if isinstance(each, ast.Call):
            yield from _direct(each, scope)
            yield from _followed(each, scope, around | {node})


def _direct(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if method in _SCHEMA_EDITOR:
        yield _deed(node, scope, _SCHEMA_EDITOR[method])
    elif method == "_raw_delete" or (method == "delete" and _deletes_rows(node)):
        yield _deed(node, scope, DELETES_ROWS)
    elif method == "database_forwards" and not _is_super(node.func):
        yield _deed(node, scope, "runs an operation that is known only at run time", resolved=False)
    elif method in _RUNS_SQL and node.args:
        yield from _sql(node, scope)
    elif method in _WRITES:
        yield _written(node, scope, method)


def _written(node: ast.Call, scope: Scope, method: str) -> Deed:
    fields = tuple(each.arg for each in node.keywords if each.arg)
    if method != "update" or not fields or not _is_every_row(node.func):
        return Deed(scope.file.path, node.lineno, node.col_offset + 1, method, WRITES_ROWS)
    copied = tuple(
        each.arg for each in node.keywords if each.arg and not isinstance(each.value, ast.Constant)
    )
    return replace(_deed(node, scope, WRITES_ROWS), fields=fields, copied=copied)


def _is_every_row(function: ast.expr) -> bool:
    """Return whether a queryset is that of a manager, or its all()."""
    found = function.value if isinstance(function, ast.Attribute) else function
    while isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute):
        if found.func.attr not in ("all", "using"):
            return False
        found = found.func.value
    return isinstance(found, ast.Attribute) and found.attr in ("objects", "_default_manager")


def _deletes_rows(node: ast.Call) -> bool:
    return not node.args and all(keyword.arg in _OF_DELETE for keyword in node.keywords)


def _is_super(function: ast.expr) -> bool:
    return ast.unparse(function).startswith("super(")


def _sql(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    for option in options(scope.of(node.args[0])):
        text = option.text if isinstance(option, Literal) else None
        if text is None:
            yield _deed(node, scope, "runs SQL that is known only at run time", resolved=False)
            continue
        for statement in find(text):
            yield _deed(node, scope, str(statement), resolved=statement.act is not Act.UNKNOWN)
        for statement in effects(text):
            if statement.act in DEMANDS:
                yield _deed(node, scope, str(statement))
            elif statement.act in WRITES:
                yield _deed(node, scope, WRITES_ROWS)


def _followed(node: ast.Call, scope: Scope, around: frozenset[ast.AST]) -> Iterator[Deed]:
    callee = node.func
    if isinstance(callee, ast.Attribute) and callee.attr in _RUNS_LATER:
        callee = callee.value
    if not _is_name(callee):
        return
    for option in options(scope.of(callee)):
        if isinstance(option, Function):
            given = calls.arguments(node, scope)
            values = calls.parameters(option, given, Unknown(node, scope))
            yield from _function(option, values, scope, around)


def _is_name(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _deed(node: ast.Call, scope: Scope, does: str, *, resolved: bool = True) -> Deed:
    text = textwrap.shorten(ast.unparse(node), 80, placeholder=" …")
    return Deed(scope.file.path, node.lineno, node.col_offset + 1, text, does, resolved)
