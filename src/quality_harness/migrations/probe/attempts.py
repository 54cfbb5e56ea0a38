"""Learns in few round trips which of many rows PostgreSQL takes."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from django.db import Error, connection, transaction

from quality_harness.migrations.probe import batch

# Mostly some of the first ones do; making and sending the others would take longer.
_AT_ONCE = 25
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


def taken(model: Any, objects: Iterable[Any], most: int) -> dict[int, Any]:
    """Return the objects that are taken, by their places, each beside those before it.

    All of them are left out again: the caller inserts those that are taken.

    Args:
        model: theirs; it has no parents.
        objects: unsaved ones, of which no more are asked for than are needed.
        most: how many are wanted.
    """
    found: dict[int, Any] = {}
    numbered = enumerate(objects)
    with transaction.atomic(), connection.cursor() as cursor:
        while len(found) < most and (some := dict(islice(numbered, _AT_ONCE))):
            block = _block(model, some, most - len(found))
            results = batch.run(cursor, [block, "SELECT current_setting('quality_harness.taken')"])
            found |= {int(place): some[int(place)] for place in results[-1].rows[0][0].split()}
        transaction.set_rollback(True)
    return found


def _block(model: Any, objects: Mapping[int, Any], most: int) -> str:
    attempts: list[str] = []
    for number, each in objects.items():
        # What the driver cannot send, PostgreSQL does not take.
        with suppress(Error):
            ((insert, _),) = batch.inserts(model, [each], returning=False)
            attempts.append(_ATTEMPT.format(most=most, insert=insert, number=number))
    return _BLOCK.format(attempts="\n".join(attempts))
