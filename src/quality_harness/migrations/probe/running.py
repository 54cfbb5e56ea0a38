"""Runs one migration on the database, forward and back."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.migration import Migration

from quality_harness.migrations.probe.rows import check_constraints
from quality_harness.migrations.probe.watch import Watch


def apply(migration: Migration, state: Any) -> Any:
    """Run a migration forward; return the state after it, which is `state` itself, changed."""
    with connection.schema_editor(atomic=migration.atomic) as editor:
        return migration.apply(state, editor)


def apply_watched(migration: Migration, state: Any, watch: Watch) -> Any:
    """Run a migration forward with what it leaves for the commit, watching each statement."""
    with connection.execute_wrapper(watch), _numbered(migration, watch):
        after = apply(migration, state)
        _run_commit_hooks()
    with connection.cursor() as cursor:
        check_constraints(cursor)
    return after


def unapply(migration: Migration, before: Any) -> None:
    """Run a migration back.

    Args:
        migration: which has run.
        before: the state before it.
    """
    with connection.schema_editor(atomic=migration.atomic) as editor:
        migration.unapply(before, editor)
    _run_commit_hooks()
    with connection.cursor() as cursor:
        check_constraints(cursor)


def _run_commit_hooks() -> None:
    """Run what waits for a commit that never comes: all is rolled back."""
    while connection.in_atomic_block and connection.run_on_commit:
        _, hook, _ = connection.run_on_commit.pop(0)
        hook()


@contextmanager
def _numbered(migration: Migration, watch: Watch) -> Iterator[None]:
    """Tell the watch which operation runs."""

    def run(number: int, forwards: Callable[..., None], *arguments: Any, **more: Any) -> None:
        watch.operation = number
        forwards(*arguments, **more)

    for number, operation in enumerate(migration.operations):
        forwards = operation.database_forwards
        operation.database_forwards = functools.partial(run, number, forwards)
    try:
        yield
    finally:
        for operation in migration.operations:
            vars(operation).pop("database_forwards", None)
