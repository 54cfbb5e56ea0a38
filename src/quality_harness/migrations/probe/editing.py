"""Compares a migration that was edited with what it was on the base: each makes a schema."""

import sys
import time
import types
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.migrations import operations

from quality_harness.migrations.probe import catalog, comparing, rules, running
from quality_harness.migrations.probe.evidence import Evidence, Proof
from quality_harness.migrations.probe.history import Step
from quality_harness.migrations.probe.saving import first_line

# These may do more than a schema shows.
_FREE = (operations.RunPython, operations.RunSQL, operations.SeparateDatabaseAndState)


def compare(step: Step, state: Any, earlier: str) -> Proof:
    """Run both on the database as it is before them, and roll both back.

    Args:
        step: the migration as it is now.
        state: before it; it is not changed.
        earlier: its text on the base.
    """
    started = time.perf_counter()
    try:
        old = _migration_of(step, earlier)
        was, now = _schema_after(old, state), _schema_after(step.migration, state)
    except Exception as error:
        says = f"the edit could not be compared with the base: {first_line(error)}"
        evidence = Evidence(rules.UNPROVED.code, says)
        return Proof(step.path, (evidence,), False, seconds=time.perf_counter() - started)
    found: tuple[Evidence, ...] = ()
    # In the words of a database that ran the old one: the new one's schema is what it lacks.
    differences = comparing.schema_differences(now, was)
    if differences:
        says = f"a database that ran it before the edit differs from a new one: {differences[0]}"
        found = (Evidence(rules.EDIT_DIFFERS.code, "; ".join([says, *differences[1:]])),)
    complete = all(map(_is_plain, (*old.operations, *step.migration.operations)))
    return Proof(step.path, found, complete, seconds=time.perf_counter() - started)


def _migration_of(step: Step, text: str) -> Any:
    """Return the migration that a text defines in the place of the present one."""
    there = sys.modules[type(step.migration).__module__]
    module = types.ModuleType(there.__name__)
    module.__file__, module.__package__ = step.file, there.__package__
    exec(compile(text, step.file, "exec"), vars(module))
    return module.Migration(step.migration.name, step.migration.app_label)


def _schema_after(migration: Any, state: Any) -> Sequence[str]:
    with transaction.atomic():
        running.apply(migration, state.clone())
        with connection.cursor() as cursor:
            found = catalog.schema(cursor)
        transaction.set_rollback(True)
    return found


def _is_plain(operation: Any) -> bool:
    """Whether an operation does no more than the schema shows."""
    return type(operation).__module__.startswith("django.") and not isinstance(operation, _FREE)
