"""Several statements in one round trip: the probe asks many small questions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.postgresql.base import Database
from django.db.models import AutoField
from django.db.models.sql import DeleteQuery, InsertQuery, UpdateQuery

# psycopg2 keeps the result of the last statement alone.
KEEPS_ALL = Database.__name__ == "psycopg"


@dataclass(frozen=True)
class Result:
    """What a statement gave: its rows, and how many it met."""

    rows: Sequence[tuple[Any, ...]]
    count: int


def run(cursor: Any, statements: Sequence[str]) -> list[Result]:
    """Run the statements, whose parameters stand in them; return their results in order."""
    texts = ["; ".join(statements)] if KEEPS_ALL and statements else statements
    results: list[Result] = []
    for text in texts:
        cursor.execute(text)
        results += _results(cursor)
    return results


@dataclass(frozen=True)
class Question:
    """A statement that reads rows, and what makes the model's values of them."""

    statement: str
    compiler: Any


def question(queryset: Any) -> Question:
    """Return what asks for the rows of a queryset that is made by `values_list`."""
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    return Question(_composed(*compiler.as_sql()), compiler)


def fetch(questions: Sequence[Question]) -> list[list[tuple[Any, ...]]]:
    """Return the rows of each question."""
    with connection.cursor() as cursor:
        results = run(cursor, [each.statement for each in questions])
    return [
        list(each.compiler.results_iter([result.rows], tuple_expected=True))
        for each, result in zip(questions, results, strict=True)
    ]


def update(queryset: Any, values: Mapping[str, Any]) -> str:
    """Return the statement of `queryset.update(**values)`; the model has no parents."""
    query = queryset.query.chain(UpdateQuery)
    query.add_update_values(values)
    return _composed(*query.get_compiler(DEFAULT_DB_ALIAS).as_sql())


def delete(queryset: Any) -> str:
    """Return the statement that deletes the rows, and no others."""
    query = queryset.query.chain(DeleteQuery)
    return _composed(*query.get_compiler(DEFAULT_DB_ALIAS).as_sql())


def inserts(model: Any, objects: Iterable[Any], *, returning: bool = True) -> list[tuple[str, int]]:
    """Return the statements of `bulk_create(objects)`, each with how many objects it inserts.

    Args:
        model: theirs; it has no parents.
        objects: unsaved ones; those without a key get one where that is not the database's work.
        returning: whether they return what the database has set, which a block cannot take.
    """
    with_key: list[Any] = []
    without: list[Any] = []
    for each in objects:
        if each.pk is None:
            each.pk = model._meta.pk.get_pk_value_on_save(each)
        (without if each.pk is None else with_key).append(each)
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    unnumbered = [field for field in fields if not isinstance(field, AutoField)]
    back = model._meta.db_returning_fields if returning else None
    return [
        (_insert(model, some, given, back), len(given))
        for some, given in ((fields, with_key), (unnumbered, without))
        if given
    ]


def _insert(model: Any, fields: Sequence[Any], objects: Sequence[Any], returning: Any) -> str:
    query = InsertQuery(model)
    query.insert_values(fields, objects)
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = returning
    # PostgreSQL takes them in one statement.
    return _composed(*compiler.as_sql()[0])


def _composed(sql: str, parameters: Sequence[Any]) -> str:
    """Return the statement with its parameters in it.

    Raises:
        Error: the driver cannot send one of them.
    """
    with connection.wrap_database_errors:
        return str(connection.ops.compose_sql(sql, parameters))


def _results(cursor: Any) -> Iterator[Result]:
    while True:
        yield Result(cursor.fetchall() if cursor.description else [], cursor.rowcount)
        if not KEEPS_ALL or not cursor.nextset():
            return
