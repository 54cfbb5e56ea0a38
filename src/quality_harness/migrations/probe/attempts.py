"""Learns in one round trip which of many rows PostgreSQL takes."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import AutoField

from quality_harness.migrations.probe import batch

_BLOCK = """DO $quality_harness$
DECLARE probe_taken text := ''; probe_count int := 0;
BEGIN
{attempts}
PERFORM set_config('quality_harness.taken', probe_taken, true);
END $quality_harness$"""
_ATTEMPT = """IF probe_count < {most} THEN
BEGIN
{insert};
IF FOUND THEN probe_taken := probe_taken || ' {number}'; probe_count := probe_count + 1; END IF;
EXCEPTION WHEN OTHERS THEN NULL;
END;
END IF;"""


def taken(model: Any, objects: Sequence[Any], most: int) -> list[int]:
    """Return the places of the objects that are taken, each beside those before it.

    All of them are left out again: the caller inserts those that are taken.

    Args:
        model: theirs; it has no parents.
        objects: unsaved ones.
        most: how many are wanted.
    """
    attempts: list[str] = []
    for number, each in enumerate(objects):
        # What the driver cannot send, PostgreSQL does not take.
        with suppress(Error):
            attempts.append(_ATTEMPT.format(most=most, insert=_insert(model, each), number=number))
    block = _BLOCK.format(attempts="\n".join(attempts))
    with transaction.atomic(), connection.cursor() as cursor:
        results = batch.run(cursor, [block, "SELECT current_setting('quality_harness.taken')"])
        transaction.set_rollback(True)
    return [int(number) for number in results[-1].rows[0][0].split()]


def _insert(model: Any, given: Any) -> str:
    """Return the statement by which the old code inserts an object."""
    if given.pk is None:
        given.pk = model._meta.pk.get_pk_value_on_save(given)
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.generated and (given.pk is not None or not isinstance(field, AutoField))
    ]
    return batch.insert(model, fields, given)
