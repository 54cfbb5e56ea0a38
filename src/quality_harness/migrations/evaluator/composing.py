"""The texts that psycopg and Django make for SQL: quoted names, composed statements, tables."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from quality_harness.migrations.evaluator.values import (
    Items,
    Literal,
    Outside,
    Unknown,
    Value,
    as_text,
    options,
)

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.calls import Arguments
    from quality_harness.migrations.evaluator.scope import Scope

_QUOTES = "quote_name"
# The attributes of a field that hold its column.
COLUMNS = {"column", "attname"}


def quoted(name: str) -> str:
    """Return an identifier as SQL has it."""
    escaped = name.replace('"', '""')
    return name if name.startswith('"') else f'"{escaped}"'


def quoted_by(callee: Value, node: ast.Call, scope: "Scope") -> Value | None:
    """Return what quote_name() of a connection or schema editor gives; None for other calls."""
    match callee:
        case Unknown(node=ast.Attribute(attr=name)):
            pass
        case Outside(dotted=dotted):
            name = dotted.rpartition(".")[2]
        case _:
            return None
    if name != _QUOTES or len(node.args) != 1:
        return None
    found = scope.of(node.args[0])
    return Literal(quoted(found.text)) if isinstance(found, Literal) and found.text else None


def of_meta(node: ast.Attribute, scope: "Scope") -> Value | None:
    """Return the table of `Model._meta.db_table`, or the column of a field of `_meta`.

    Both are told as Django names them where a model says nothing else, which is what the state
    knows such a table by.

    Args:
        node: the attribute.
        scope: what it sees.

    Returns:
        None where the model or the field is not known.
    """
    match node:
        case ast.Attribute(value=ast.Attribute(value=model, attr="_meta"), attr="db_table"):
            names = _model(scope.of(model))
            return Literal("_".join(names)) if names else None
        case ast.Attribute(value=ast.Call(func=ast.Attribute(attr="get_field"), args=[field])):
            found = scope.of(field)
            return found if isinstance(found, Literal) and found.text else None
        case _:
            return None


def _model(value: Value) -> tuple[str, str] | None:
    """Return app label and name, in lower case, of a model that get_model() gave."""
    match value:
        case Unknown(node=ast.Call(func=ast.Attribute(attr="get_model"), args=args), scope=scope):
            texts = [option.text or "" for each in args for option in _literals(scope.of(each))]
            app, _, name = ".".join(texts).lower().rpartition(".")
            return (app, name) if app and name and "." not in app else None
        case _:
            return None


def _literals(value: Value) -> list[Literal]:
    return [each for each in options(value) if isinstance(each, Literal)]


def _identifier(given: "Arguments") -> Value | None:
    texts = [each.text for each in given.positional if isinstance(each, Literal)]
    if not texts or len(texts) != len(given.positional):
        return None
    return Literal(".".join(quoted(each or "") for each in texts))


def _composed(given: "Arguments") -> Value | None:
    match given.positional:
        case (Items(members=members),):
            return Literal("".join(map(as_text, members)))
        case _:
            return None


def _literal(given: "Arguments") -> Value | None:
    match given.positional:
        case (Literal(value=bool() | int() | float() as plain),):
            return Literal(str(plain))
        case (Literal(value=str() as text),):
            escaped = text.replace("'", "''")
            return Literal(f"'{escaped}'")
        case _:
            return None


def _placeholder(given: "Arguments") -> Value | None:
    return Literal("%s")


def of_psycopg(dotted: str) -> str:
    """Return the name of a part of a statement as psycopg has it, where another module hands it on.

    Args:
        dotted: such as "shop.psycopg.sql.SQL".
    """
    before, _, name = dotted.rpartition(".sql.")
    return f"psycopg.sql.{name}" if before.endswith(".psycopg") else dotted


# What psycopg's parts of a statement come to.
FUNCTIONS: dict[str, Callable[["Arguments"], Value | None]] = {
    f"{package}.sql.{name}": read
    for package in ("psycopg", "psycopg2")
    for name, read in (
        ("Identifier", _identifier),
        ("Composed", _composed),
        ("Literal", _literal),
        ("Placeholder", _placeholder),
    )
}
