"""The shapes of SQL statements: what stays the same when columns and numbers of rows change."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections

_NAME = r'(?:"[^"]+"|`[^`]+`)'
_COLUMN = rf"(?:(?:{_NAME}|\w+)\.)?{_NAME}(?: AS {_NAME})?"
_VALUE = r"(?:%s|NULL|DEFAULT)(?:::[\w \[\]]+)?"
# A list of one and a list of many are alike where values are meant, not where columns are.
_SHORTER = (
    (re.compile(r"^((?:RELEASE |ROLLBACK TO )?SAVEPOINT) .*", re.S), r"\1 ..."),
    (re.compile(rf"(?<!AS ){_COLUMN}(?:, {_COLUMN})+(?! (?:ASC|DESC))"), "..."),
    (re.compile(rf"{_NAME} = {_VALUE}(?:, {_NAME} = {_VALUE})+"), "..."),
    # Django 6 hands a NULL over as any other value.
    (re.compile(rf"({_NAME} = )NULL\b"), r"\1%s"),
    (re.compile(rf"\({_VALUE}(?:, {_VALUE})*\)"), "(...)"),
    (re.compile(r"\(\.\.\.\)(?:, \(\.\.\.\))+"), "(...)"),
    # How Django inserts many rows into PostgreSQL; one row has VALUES.
    (re.compile(r"SELECT \* FROM UNNEST\((?:[^()]|\([^()]*\))*\)"), "VALUES (...)"),
    (re.compile(r"""(["`])(\w+)\1"""), r"\2"),
)


def shape(sql: str) -> str:
    """Return a statement without its values, quotes and most names of its columns.

    Args:
        sql: the statement with placeholders, as Django hands it to the database.
    """
    short = " ".join(sql.split())
    for pattern, replacement in _SHORTER:
        short = pattern.sub(replacement, short)
    return short


@contextmanager
def recorded_shapes() -> Iterator[list[str]]:
    """Note the shape of each statement that this thread sends, to whatever database.

    Returns:
        The shapes so far, in their order; of another database than the default one, with its alias.
    """
    shapes: list[str] = []

    def noting(alias: str) -> Callable[..., Any]:
        prefix = "" if alias == "default" else f"{alias}: "

        def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            shapes.append(prefix + shape(str(sql)))
            return execute(sql, params, many, context)

        return note

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(noting(connection.alias)))
        yield shapes
