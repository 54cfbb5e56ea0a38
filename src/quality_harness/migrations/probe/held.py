"""Tries to delete rows of old tables to which a column refers that the old code does not know."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field as with_default
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, Error, connection, transaction

from quality_harness.migrations.probe.catalog import Table
from quality_harness.migrations.probe.exercise import Failure
from quality_harness.migrations.probe.saving import check_constraints, first_line, silent
from quality_harness.migrations.probe.trials import rows_of

# Foreign keys of one column that let nothing go: Django makes no others. Of one that refers to a
# partitioned table each partition has its own, by whose name PostgreSQL refuses a row.
_KEYS = """
SELECT ARRAY(SELECT conname::text FROM pg_constraint WHERE c.oid IN (oid, conparentid)),
    'constraint on ' || c.conrelid::regclass || ': ' || pg_get_constraintdef(c.oid),
    c.conrelid, c.conrelid::regclass::text, a.attname,
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

    names: list[str]
    line: str
    holder: int
    table: str
    column: str
    target: int
    target_table: str
    referred: str


@dataclass
class Held:
    """What came of the attempts to delete rows.

    Attributes:
        failures: one for each old model of which a row cannot be deleted.
        untried: why no row of a model could be tried.
    """

    failures: dict[Any, Failure] = with_default(default_factory=dict)
    untried: dict[Any, str] = with_default(default_factory=dict)


def held(tables: Mapping[str, Table], models: Mapping[str, Any], schema: Collection[str]) -> Held:
    """Find the old models of which a row cannot be deleted, as a new column holds it.

    A row is deleted as the old code does it, with all that its relations take along. Whatever is
    done is rolled back.

    Args:
        tables: how the old tables were, by their quoted names.
        models: the old model of each, likewise.
        schema: the lines of `catalog.schema` as it was: a key that stands there is not new.
    """
    names = {table.oid: name for name, table in tables.items()}
    found = Held()
    with transaction.atomic(), silent():
        for key in _keys(list(names)):
            is_known = key.column in tables[names[key.holder]].columns.values()
            if not is_known and key.line.replace(" NOT VALID", "") not in schema:
                _try_to_delete(models[names[key.target]], key, found)
        transaction.set_rollback(True)
    return found


def _keys(tables: list[int]) -> list[_Key]:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, {"tables": tables})
        return [_Key(*each) for each in cursor.fetchall()]


def _try_to_delete(model: Any, key: _Key, found: Held) -> None:
    """Delete some rows of a model to which a key refers."""
    try:
        for row in _held_rows(model, key):
            failure = _deleted(row, key.names)
            if failure is not None:
                found.failures.setdefault(model, failure)
    except Exception as error:
        # Code of the project takes part: its fields, and what it does `on_delete`.
        found.untried[model] = first_line(error)


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


def _deleted(row: Any, constraints: Collection[str]) -> Failure | None:
    """Delete a row; return what stops that, if it is one of the constraints."""
    try:
        with transaction.atomic():
            row.delete(using=DEFAULT_DB_ALIAS)
            with connection.cursor() as cursor:
                check_constraints(cursor)
            transaction.set_rollback(True)
    except Error as error:
        # Other reasons were there before, such as a relation that protects the row.
        said = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if said in constraints:
            return Failure(type(row), "delete", first_line(error))
    return None
