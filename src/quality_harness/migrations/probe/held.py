"""Tries to delete rows of old tables to which a column refers that the old code does not know."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, Error, connection, transaction

from quality_harness.migrations.probe.catalog import Table
from quality_harness.migrations.probe.exercise import Failure
from quality_harness.migrations.probe.saving import check_constraints, first_line
from quality_harness.migrations.probe.trials import rows_of

# Foreign keys of one column that let nothing go: Django makes no others.
_KEYS = """
SELECT c.conname, c.conrelid, c.conrelid::regclass::text, a.attname,
    c.confrelid, c.confrelid::regclass::text, f.attname
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND c.confdeltype IN ('a', 'r')
    AND c.conrelid = ANY(%(tables)s) AND c.confrelid = ANY(%(tables)s)
ORDER BY c.conname
"""
_MOST_ROWS = 3


class _Key(NamedTuple):
    """A foreign key: `column` of `table` refers to `referred` of `target_table`."""

    name: str
    holder: int
    table: str
    column: str
    target: int
    target_table: str
    referred: str


def held(tables: Mapping[str, Table], models: Mapping[str, Any]) -> list[Failure]:
    """Return the old models of which a row cannot be deleted, as a new column holds it.

    A row is deleted as the old code does it, with all that its relations take along. Whatever is
    done is rolled back.

    Args:
        tables: how the old tables were, by their quoted names.
        models: the old model of each, likewise.
    """
    names = {table.oid: name for name, table in tables.items()}
    failures: dict[Any, Failure] = {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_KEYS, {"tables": list(names)})
            keys = [_Key(*each) for each in cursor.fetchall()]
        for key in keys:
            if key.column not in tables[names[key.holder]].columns.values():
                model = models[names[key.target]]
                for row in _held_rows(model, key):
                    failure = _deleted(row, key.name)
                    if failure is not None:
                        failures.setdefault(model, failure)
        transaction.set_rollback(True)
    return list(failures.values())


def _held_rows(model: Any, key: _Key) -> list[Any]:
    """Return some rows of a model to which a key refers."""
    own, column, to = map(
        connection.ops.quote_name, (model._meta.pk.column, key.column, key.referred)
    )
    found = (
        f"SELECT DISTINCT t.{own} FROM {key.table} h JOIN {key.target_table} t"
        f" ON h.{column} = t.{to} LIMIT {_MOST_ROWS}"
    )
    with suppress(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(found)
        return list(rows_of(model).filter(pk__in=[each for (each,) in cursor.fetchall()]))
    # Whether the old code can read its rows has been tried before.
    return []


def _deleted(row: Any, constraint: str) -> Failure | None:
    """Delete a row; return what stops that, if it is the constraint."""
    try:
        with transaction.atomic():
            row.delete(using=DEFAULT_DB_ALIAS)
            with connection.cursor() as cursor:
                check_constraints(cursor)
            transaction.set_rollback(True)
    except Error as error:
        # Other reasons were there before, such as a relation that protects the row.
        said = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if said == constraint:
            return Failure(type(row), "delete", first_line(error))
    return None
