"""Reads from which other field a field gets its value, whole or shortened."""

import ast
from typing import NamedTuple

# Of django.db.models.functions: no other function brings back what these leave out.
_SHORTENS = {"Left", "Right", "Substr", "Lower", "Upper", "Trim", "LTrim", "RTrim", "Length",
             "Round", "Floor", "Ceil", "Abs", "Sign", "MD5", "SHA256", "SHA512"}  # fmt: skip
_BEGINNINGS = ("Trunc", "Extract")
# Of texts and times.
_METHODS = {"lower", "upper", "title", "capitalize", "casefold", "strip", "lstrip", "rstrip",
            "date"}  # fmt: skip


class Given(NamedTuple):
    """The value that a field is given.

    Attributes:
        field: the field.
        source: the field that its value is taken from; empty where that is another value.
        shortened: whether only a part of that is taken.
        every: whether it is the value of every row, for certain.
    """

    field: str
    source: str = ""
    shortened: bool = False
    every: bool = False


def given(field: str, value: ast.expr | None) -> Given:
    """Return what a field gets from an expression of the ORM, or one that an object is given."""
    match value:
        case ast.Call(
            func=ast.Name(id="F") | ast.Attribute(attr="F"), args=[ast.Constant(value=str(name))]
        ):
            return Given(field, name)
        case ast.Call(
            func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]
        ) if name in _SHORTENS or name.startswith(_BEGINNINGS):
            return given(field, _column(first))._replace(shortened=True)
        case ast.Call(func=ast.Attribute(value=ast.Attribute() as owner, attr=name)) if (
            name in _METHODS
        ):
            return given(field, owner)._replace(shortened=True)
        case ast.Subscript(value=ast.Attribute() as owner, slice=ast.Slice()):
            return given(field, owner)._replace(shortened=True)
        case ast.Attribute(value=ast.Name(), attr=name):
            return Given(field, name)
        case _:
            return Given(field)


def _column(node: ast.expr) -> ast.expr:
    """Return a text among the arguments of a database function as the column that it names."""
    is_name = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return ast.Call(ast.Name("F"), [node], []) if is_name else node
