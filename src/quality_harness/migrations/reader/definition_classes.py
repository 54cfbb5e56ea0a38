"""Tells which of Django's classes a class of the project is, and what it is made with.

A field of the project's own has the column of the Django field that it derives from, made with what
its __init__ passes on: a length that is preset, a NULL that is forced. What its methods say of the
column's type goes before that. Where any of it lies outside the tree, nothing is told.
"""

import ast
from collections.abc import Iterator
from typing import Any

from quality_harness.migrations.definitions import UNKNOWN, Definition
from quality_harness.migrations.evaluator.calls import own_nodes
from quality_harness.migrations.evaluator.values import (
    Class,
    Function,
    Literal,
    Outside,
    Value,
    options,
)
from quality_harness.migrations.reader.preset_arguments import Init, Read
from quality_harness.migrations.sql.volatility import VOLATILE

# What a field's class says of its column by methods.
_OF_COLUMN = {
    "db_type": "db_type",
    "db_parameters": "db_type",
    "get_attname": "db_column",
    "get_attname_column": "db_column",
}
_DEEPEST = 8
_RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def django_definition(owner: Class, given: Definition, read: Read) -> Definition | None:
    """Return what a class of the tree makes, as the class of Django that it derives from.

    Args:
        owner: the class.
        given: what a call gives it.
        read: what an expression is, seen from a scope.

    Returns:
        None where the class derives from another package, or does what cannot be told.
    """
    lineage = [each for each in lineage_of(owner) if each != Outside("builtins.object")]
    roots = [each.dotted for each in lineage if isinstance(each, Outside)]
    classes = [each for each in lineage if isinstance(each, Class)]
    is_told = len(roots) == 1 and len(classes) + 1 == len(lineage)
    if not is_told or not roots[0].startswith("django."):
        return None
    made: Definition | None = given
    for place, each in enumerate(classes):
        init = each.own("__init__")
        if made is not None and isinstance(init, Function):
            made = Init(init, classes[place:], made, read).passed_on()
    return made and _with_methods(classes, roots[0], made, read)


def lineage_of(value: Value, depth: int = 0) -> Iterator[Value]:
    """Give a class and its bases, the nearest first; of a base that comes twice the last.

    Args:
        value: the class, or what stands in a class statement's place.
        depth: how many classes derive from it.
    """
    yield value
    if not isinstance(value, Class) or depth > _DEEPEST:
        return
    found: list[Value] = []
    for base in value.node.bases:
        for option in options(value.scope.of(base)):
            found += lineage_of(option, depth + 1)
    names = [_identity(each) for each in found]
    for place, each in enumerate(found):
        if names[place] not in names[place + 1 :]:
            yield each


def _identity(value: Value) -> object:
    return value.node if isinstance(value, Class) else value


def _with_methods(
    classes: list[Class], dotted: str, made: Definition, read: Read
) -> Definition | None:
    named = dict(made.named)
    for method, argument in _OF_COLUMN.items():
        found = _method(classes, method)
        if found is not None:
            named.setdefault(argument, _returned(found, read) if method == "db_type" else UNKNOWN)
    if not dotted.endswith(("Field", "Key")):
        _add_function(classes, named)
    internal = _method(classes, "get_internal_type")
    if internal is not None:
        name = _returned(internal, read)
        if not isinstance(name, str):
            return None
        if dotted.rpartition(".")[2] not in _RELATIONS:
            dotted = f"django.db.models.{name}"
    return Definition(dotted, made.positional, named, made.complete)


def _add_function(classes: list[Class], named: dict[str, object]) -> None:
    """Add what the class of an expression says of the function that it calls."""
    for name in ("function", "template"):
        found = next((told for each in classes if (told := each.own(name)) is not None), None)
        if isinstance(found, Literal):
            named.setdefault(name, found.value)
    for name in ("as_postgresql", "as_sql"):
        method = _method(classes, name)
        if method is not None:
            texts = [each.value for each in ast.walk(method.node) if isinstance(each, ast.Constant)]
            named["template"] = " ".join(each for each in texts if isinstance(each, str))
            for text in texts:
                if isinstance(text, str) and text.lower() in VOLATILE:
                    named["function"] = text
            return


def _method(classes: list[Class], name: str) -> Function | None:
    found = (each.own(name) for each in classes)
    return next((each for each in found if isinstance(each, Function)), None)


def _returned(function: Function, read: Read) -> object:
    """Return what a method gives, on PostgreSQL; UNKNOWN where it may give several things."""
    found = [each for each in own_nodes(function.body) if isinstance(each, ast.Return)]
    values = [
        None if each.value is None else read(each.value, function.scope)
        for each in _of_postgresql(function.body) or found
    ]
    is_one = bool(values) and all(each == values[0] for each in values)
    return values[0] if is_one else UNKNOWN


def _of_postgresql(body: Any) -> list[ast.Return]:
    for each in own_nodes(body):
        if isinstance(each, ast.If) and "postgres" in ast.unparse(each.test):
            is_it = not isinstance(each.test, ast.UnaryOp) and "!=" not in ast.unparse(each.test)
            branch = each.body if is_it else each.orelse
            return [found for found in own_nodes(branch) if isinstance(found, ast.Return)]
    return []
