"""Tells which model's rows an expression of a migration's function stands for."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from quality_harness.migrations.evaluator import attributes
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Call,
    Choice,
    Class,
    Items,
    Literal,
    Outside,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.functions.rows import Rows, either, filtered, made
from quality_harness.migrations.reader.definition_classes import lineage_of

# So many names and calls are followed back to get_model.
_DEEPEST = 12
_MOST_TRIED = 4
# What gives the same rows in a list, one by one or beside others.
_SAME_ROWS = {"list", "tuple", "sorted", "reversed", "enumerate", "iter", "zip"}
# What makes something else of the rows that it is given.
_MAKE_OTHERS = ("collections", "json", "copy", "operator")
# What gives a number, or nothing.
_NO_ROWS = {"update", "bulk_update", "delete", "save", "count", "exists", "aggregate"}


def rows_of(
    node: ast.expr, scope: Scope, depth: int = 0, through: tuple[ast.expr, ...] = ()
) -> Rows | None:
    """Return the rows that an expression stands for; None where no get_model leads to it.

    Args:
        node: the expression.
        scope: what it sees.
        depth: how many steps were taken to it.
        through: what the names on the way to it were given.
    """
    if depth > _DEEPEST:
        return None
    match node:
        case ast.Name() | ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.List():
            return _named(node, scope, depth, through)
        case ast.Call(func=ast.Attribute(attr="get_model")):
            return _model(node, scope)
        case ast.Call(func=ast.Name(id=name)) if name in _SAME_ROWS:
            return rows_of(node.args[0], scope, depth + 1, through) if node.args else None
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, name, *_]):
            found = rows_of(owner, scope, depth + 1, through)
            return found and _attribute(found, _text(name, scope) or "…")
        case ast.Call(func=ast.Attribute(attr=name)) if name.removeprefix("a") in _NO_ROWS:
            return None
        case ast.Call(func=ast.Attribute(value=owner)):
            found = rows_of(owner, scope, depth + 1, through)
            return filtered(found, node, scope) if found else _handed_on(node, scope, depth)
        case ast.Call(func=callee):
            found = rows_of(callee, scope, depth + 1, through)
            return made(found, node) if found else _handed_on(node, scope, depth)
        case ast.Attribute(value=owner, attr=name):
            found = rows_of(owner, scope, depth + 1, through)
            if found is None:
                is_class = isinstance(owner, ast.Name) and name[:1].isupper()
                return _imported_model(scope.of(node)) if is_class else None
            return _attribute(found, name)
        case ast.Subscript(value=owner) | ast.DictComp(generators=[ast.comprehension(iter=owner)]):
            return rows_of(owner, scope, depth + 1, through)
        case _:
            return None


def model_class(node: ast.expr, scope: Scope) -> Class | None:
    """Return the class of the tree whose rows, not got from a migration's state, these are."""
    found = rows_of(node, scope)
    return None if found is None or found.relation else found.owner


def _attribute(found: Rows, name: str) -> Rows:
    is_manager = name in ("objects", "_default_manager", "_base_manager", "_meta")
    if found.owner is not None and not is_manager:
        own = attributes.of_class(found.owner, name)
        # A field is made by a class of Django's.
        is_field = isinstance(own, Call) and isinstance(own.callee, Outside)
        is_manager = own is not None and not is_field
    return found if is_manager else replace(found, relation=name, owner=None)


def _text(node: ast.expr, scope: Scope) -> str | None:
    """Return a text if it is the only one that an expression can give."""
    value = scope.of(node)
    return value.text if isinstance(value, Literal) else None


def _handed_on(node: ast.Call, scope: Scope, depth: int) -> Rows | None:
    """Return the rows that a function gives: one of the tree, or tqdm() and the like."""
    returned = _returned(node, scope, depth)
    if returned is not None or not node.args or isinstance(node.args[0], ast.Constant):
        return returned
    first = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    module = scope.imported(first.id) if isinstance(first, ast.Name) else None
    if module is None or module.startswith(_MAKE_OTHERS):
        return None
    found = rows_of(node.args[0], scope, depth + 1)
    return found and replace(found, relation="")


def _returned(node: ast.Call, scope: Scope, depth: int) -> Rows | None:
    """Return the rows that a function or method of the tree returns."""
    for option in islice(options(scope.of(node)), _MOST_TRIED):
        if isinstance(option, Unknown) and isinstance(option.node, ast.expr):
            found = None
            if option.node is not node:
                found = rows_of(option.node, option.scope, depth + 1)
            if found is not None:
                return found
    return None


def _imported_model(value: Value) -> Rows | None:
    """Return the rows of a model's own class."""
    if not isinstance(value, Class) or "models" not in value.scope.file.path:
        return None
    return _of_class(value)


@lru_cache(maxsize=64)
def _of_class(value: Class) -> Rows | None:
    roots = [each.dotted for each in lineage_of(value) if isinstance(each, Outside)]
    if not any(map(_is_model, roots)):
        return None
    folders = value.scope.file.path.removesuffix(".py").split("/")
    app = folders[folders.index("models") - 1] if "models" in folders[1:] else ""
    return Rows((app, value.node.name.lower()), owner=value)


def _is_model(dotted: str) -> bool:
    """Return whether a base from outside the tree is that of a model."""
    of_django = dotted.startswith("django.db.models.")
    return dotted.endswith(".Model") if of_django else ".models." in dotted


def meaning(value: Value) -> object:
    """Return what a function can make of a value: of one that is unknown, the rows behind it."""
    match value:
        case Choice(options=values) | Items(members=values):
            return type(value), tuple(map(meaning, values))
        case Unknown(node=ast.expr() as node, scope=scope) if not isinstance(node, ast.Dict):
            return _is_create(node), rows_of(node, scope)
        case Literal(settled=True):
            # A condition may be decided by it.
            return Literal, value
        case _:
            return value


def _is_create(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="create")):
            return True
        case _:
            return False


def _named(node: ast.expr, scope: Scope, depth: int, through: tuple[ast.expr, ...]) -> Rows | None:
    # Each step may have alternatives of its own: deep down the first one is enough.
    most = _MOST_TRIED if depth < _MOST_TRIED else 1
    now = scope.of(node)
    value: Value | None = now
    if through and any(_stands_for(each, through) for each in options(now)):
        # `rows = rows.filter()` is about what the name stood for before.
        value = scope.before(through[-1])
    found: Rows | None = None
    for option in islice(_one_by_one(value), most) if value is not None else ():
        found = either(found, _option(option, node, depth, through))
        if found is not None and not (found.picked or found.new):
            break
    in_list = any(isinstance(each, Items) for each in options(now))
    # A list or dictionary has an update(), a clear() and a remove() of its own.
    return replace(found, relation="", plain=True) if found is not None and in_list else found


def _option(
    option: Value, node: ast.expr, depth: int, through: tuple[ast.expr, ...]
) -> Rows | None:
    """Return the rows that one alternative of a name stands for."""
    if isinstance(option, Class):
        return _imported_model(option)
    match option:
        case Unknown(node=ast.expr() as given) | Call(node=given) if given is not node:
            return rows_of(given, option.scope, depth + 1, (*through, given))
        case _:
            return None


def _one_by_one(value: Value) -> Iterator[Value]:
    """Give the alternatives of a value; of a list all that it may hold."""
    for option in options(value):
        if isinstance(option, Items):
            for member in option.members:
                yield from options(member)
        else:
            yield option


def _stands_for(value: Value, through: tuple[ast.expr, ...]) -> bool:
    return isinstance(value, Unknown) and any(value.node is each for each in through)


def _model(node: ast.Call, scope: Scope) -> Rows | None:
    texts = [
        option.text or ""
        for argument in (*node.args, *(each.value for each in node.keywords))
        for option in islice(options(scope.of(argument)), 1)
        if isinstance(option, Literal)
    ]
    app, _, name = ".".join(texts[:2]).lower().rpartition(".")
    return Rows((app, name)) if app and name else None
