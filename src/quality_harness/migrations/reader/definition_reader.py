"""Reads what an operation is given: fields, indexes, constraints and options.

A class of Django is read from its syntax, without looking for the files behind its imports. One of
the project is what it derives from, made with what its own __init__ passes on; of one of another
package nothing is guessed.
"""

import ast
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Items,
    Literal,
    Outside,
    Value,
    options,
)
from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.reader.definition_classes import django_definition

# What changes nothing in the database, and is most of a migration's text.
_FOR_PEOPLE = frozenset(
    {"verbose_name", "verbose_name_plural", "help_text", "choices", "validators", "related_name",
     "related_query_name", "blank", "editable", "error_messages", "serialize", "upload_to",
     "storage", "limit_choices_to", "on_delete", "ordering", "permissions", "get_latest_by",
     "default_permissions", "default_related_name", "default_manager_name", "base_manager_name",
     "auto_created", "db_comment", "db_table_comment", "managers", "encoder", "decoder",
     "violation_error_message", "violation_error_code", "block_types", "features"}
)  # fmt: skip


class Names(Protocol):
    """The names that a definition sees: those of a scope, or only what a module imports."""

    def imported(self, name: str) -> str | None:
        """Return the dotted name behind one that only imports bind."""

    def of(self, node: ast.expr) -> Value:
        """Return what an expression is."""


class _Unresolved:
    """The names of a scope, for what is known by its name alone: no class is looked for.

    Args:
        scope: whose names.
    """

    def __init__(self, scope: Names) -> None:
        self.imported = scope.imported
        self.of = scope.of


def read(node: ast.expr, scope: Names) -> object:
    """Return what an expression gives, seen from `scope`."""
    reader = _READERS.get(type(node))
    return plain(scope.of(node)) if reader is None else reader(node, scope)


def read_all(node: ast.expr, scope: Names) -> list[object]:
    """Return every alternative of what an expression gives."""
    reader = _READERS.get(type(node))
    if reader is not None and reader is not _name:
        return [reader(node, scope)]
    return [plain(option) for option in options(scope.of(node))]


def plain(value: Value) -> object:
    """Return an evaluated value as a plain one."""
    match value:
        case Literal(value=str() as text) if HOLE in text:
            return UNKNOWN
        case Literal(value=constant):
            return constant
        case Items(members=members):
            return tuple(plain(member) for member in members)
        case Call(node=node, scope=scope, callee=Outside("builtins.dict")) if not node.args:
            keys: list[ast.expr | None] = [
                ast.Constant(each.arg) if each.arg else None for each in node.keywords
            ]
            return _dictionary(ast.Dict(keys, [each.value for each in node.keywords]), scope)
        case Call(node=node, scope=scope, callee=Outside(dotted=dotted)):
            return _definition(dotted, node, scope) if _is_class(dotted) else UNKNOWN
        case Call(node=node, scope=scope, callee=Class(node=made) as callee):
            return _of_project(_definition(f"{scope.file.path}.{made.name}", node, scope), callee)
        case Outside(dotted=dotted):
            return Named(dotted)
        case Class(node=ast.ClassDef(name=name)) | Function(node=ast.FunctionDef(name=name)):
            return Named(name)
        case Function():
            return Named("lambda")
        case _:
            return _by_syntax(value)


def _by_syntax(value: Value) -> object:
    """Read what the evaluator leaves alone: dictionaries, conditions, negative numbers."""
    node: Any = getattr(value, "node", None)
    scope: Any = getattr(value, "scope", None)
    joins = isinstance(node, ast.BinOp) and type(node.op) in _SIGNS
    if joins or isinstance(node, ast.Dict | ast.UnaryOp):
        return read(node, scope)
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Field"):
        # Of a field whose class is chosen at run time the arguments are known still.
        return _definition("", node, scope)
    return UNKNOWN


def _constant(node: Any, scope: Names) -> object:
    return node.value


def _tuple(node: Any, scope: Names) -> object:
    if ast.Starred in map(type, node.elts):
        return plain(scope.of(node))
    return tuple([_member(each, scope) for each in node.elts])


def _member(node: Any, scope: Names) -> object:
    """Read what is a constant in most places, without a detour."""
    return node.value if type(node) is ast.Constant else read(node, scope)


def _dictionary(node: Any, scope: Names) -> object:
    found: dict[object, object] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            more = read(value, scope)
            if not isinstance(more, dict):
                return UNKNOWN
            found.update(more)
            continue
        name = read(key, scope)
        if name is UNKNOWN:
            return UNKNOWN
        if isinstance(name, str) and name not in _FOR_PEOPLE:
            found[name] = read(value, scope)
    return found


def _name(node: Any, scope: Names) -> object:
    dotted = _dotted(node, scope)
    return plain(scope.of(node)) if dotted is None else Named(dotted)


def _call(node: Any, scope: Names) -> object:
    dotted = _dotted(node.func, scope)
    if dotted is None or not _is_class(dotted):
        return plain(scope.of(node))
    made = _definition(dotted, node, scope)
    if dotted.startswith("django.") or isinstance(scope, _Unresolved):
        return made
    return _of_project(made, scope.of(node.func))


def _of_project(made: Definition, owner: Value) -> Definition:
    """Return what a class of the tree makes as Django's class; else what was read of it."""
    found = django_definition(owner, made, read) if isinstance(owner, Class) else None
    return found or made


@lru_cache(maxsize=256)
def _is_class(dotted: str) -> bool:
    """Return whether a name is that of a class; a function may give anything."""
    return dotted.rpartition(".")[2][:1].isupper()


def _definition(kind: str, node: ast.Call, scope: Names) -> Definition:
    complete = True
    of_django = kind.startswith("django.")
    # What a list gives a class of the project, such as the blocks of a stream, has no column.
    in_lists = scope if of_django else _Unresolved(scope)
    named: dict[str, object] = {}
    for keyword in node.keywords:
        name = keyword.arg
        if name is None:
            complete = _spread(keyword.value, scope, named) and complete
        elif name not in _FOR_PEOPLE:
            is_list = type(keyword.value) in _LISTS
            named[name] = _member(keyword.value, in_lists if is_list else scope)
        elif name == "on_delete" and not of_django:
            # It tells a foreign key of another package from its other relations.
            named[name] = Named("on_delete")
    positional: list[object] = []
    for argument in node.args:
        if type(argument) is ast.Starred:
            spread = plain(scope.of(argument.value))
            if not isinstance(spread, tuple):
                complete = False
                break
            positional += spread
            continue
        positional.append(_member(argument, in_lists if type(argument) in _LISTS else scope))
    return Definition(kind, tuple(positional), named, complete)


def _spread(node: ast.expr, scope: Names, named: dict[str, object]) -> bool:
    """Add what `**node` brings; return whether that is known."""
    given = read(node, scope)
    if isinstance(given, dict):
        named.update(given)
    return isinstance(given, dict)


def _operator(node: Any, scope: Names) -> object:
    sign = _SIGNS.get(type(node.op))
    found = plain(scope.of(node)) if sign is None else None
    if found is not None and found is not UNKNOWN:
        return found
    left, right = read(node.left, scope), read(node.right, scope)
    if sign is None:
        # Of an expression it is enough to know what is in it.
        parts = tuple(each for each in (left, right) if isinstance(each, Definition))
        return Definition("+", (left, right)) if parts else UNKNOWN
    if isinstance(left, dict) and isinstance(right, dict):
        return left | right
    return Definition(sign, (left, right))


def _unary(node: Any, scope: Names) -> object:
    operand = read(node.operand, scope)
    if isinstance(node.op, ast.Invert):
        return Definition("~", (operand,))
    if isinstance(node.op, ast.Not) and isinstance(operand, bool):
        return not operand
    if isinstance(node.op, ast.USub) and isinstance(operand, int | float):
        return -operand
    return UNKNOWN


def _dotted(node: Any, scope: Names) -> str | None:
    if type(node) is ast.Name:
        return scope.imported(node.id)
    if type(node) is ast.Attribute:
        owner = _dotted(node.value, scope)
        return None if owner is None else f"{owner}.{node.attr}"
    return None


_LISTS = {ast.List, ast.Tuple}
_SIGNS: dict[type, str] = {ast.BitOr: "|", ast.BitAnd: "&"}
_READERS: dict[type, Callable[[Any, Names], object]] = {
    ast.Constant: _constant,
    ast.List: _tuple,
    ast.Tuple: _tuple,
    ast.Set: _tuple,
    ast.Dict: _dictionary,
    ast.Name: _name,
    ast.Attribute: _name,
    ast.Call: _call,
    ast.BinOp: _operator,
    ast.UnaryOp: _unary,
}
