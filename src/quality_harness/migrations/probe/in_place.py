"""Proves what commits by itself without a copy, where all that it leaves can be taken back.

A copy of the database takes longer than all else that the probe does for a migration.
"""

from collections.abc import Sequence
from typing import Any

from django.db import Error, connection

from quality_harness.migrations.probe import batch, catalog
from quality_harness.migrations.probe.concerned import is_local
from quality_harness.migrations.probe.history import Step


def is_possible(chain: Sequence[Step], models: Sequence[Any]) -> bool:
    """Whether the rows that the chain can change are the probe's own.

    Args:
        chain: of which the last migration is run back in the end, and no other one.
        models: those that it concerns.
    """
    if len(chain) > 1 or not all(map(is_local, chain[0].migration.operations)):
        return False
    with connection.cursor() as cursor:
        found = batch.run(cursor, [f"SELECT FROM {table} LIMIT 1" for table in _tables(models)])
    return not any(result.count for result in found)


def is_restored(schema: Sequence[str], models: Sequence[Any]) -> bool:
    """Delete all rows of the models; return whether the database is as it was.

    Args:
        schema: as it was.
        models: those that `is_possible` was asked about.
    """
    try:
        with connection.cursor() as cursor:
            batch.run(cursor, [f"DELETE FROM {table}" for table in reversed(_tables(models))])
            return catalog.schema(cursor) == list(schema)
    except Error:
        return False


def _tables(models: Sequence[Any]) -> list[str]:
    return [connection.ops.quote_name(model._meta.db_table) for model in models]
