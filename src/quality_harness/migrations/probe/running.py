"""Runs one migration on the database, forward and back."""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field as with_default
from typing import Any

from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.migration import Migration

from quality_harness.migrations.probe.saving import check_constraints
from quality_harness.migrations.probe.watch import Watch


@dataclass
class Run:
    """A migration that has run, with the states of its operations.

    Rendering a state takes longer than most operations; kept, it is done once for the trial,
    the reversal and the final run.

    Attributes:
        migration: Django's.
        after: the state after it.
        befores: the state before each operation.
    """

    migration: Migration
    after: Any = None
    befores: list[Any] = with_default(default_factory=list)

    def again(self) -> Any:
        """Run it forward on a database that is as before; return the state after it."""
        with connection.schema_editor(atomic=self.migration.atomic) as editor:
            for operation, old, new in self._operations():
                operation.database_forwards(self.migration.app_label, editor, old, new)
        return self.after

    def back(self) -> None:
        """Run it back.

        Raises:
            IrreversibleError: an operation has no way back.
        """
        for operation in self.migration.operations:
            if not operation.reversible:
                raise IrreversibleError(f"{operation} is not reversible")
        with connection.schema_editor(atomic=self.migration.atomic) as editor:
            for operation, old, new in reversed(self._operations()):
                operation.database_backwards(self.migration.app_label, editor, new, old)
        _finish()

    def _operations(self) -> Sequence[tuple[Any, Any, Any]]:
        afters = [*self.befores, self.after][1:]
        return list(zip(self.migration.operations, self.befores, afters, strict=True))


def apply(migration: Migration, state: Any) -> Any:
    """Run a migration forward; return the state after it, which is `state` itself, changed."""
    with connection.schema_editor(atomic=migration.atomic) as editor:
        return migration.apply(state, editor)


def apply_watched(migration: Migration, state: Any, watch: Watch) -> Run:
    """Run a migration forward with what it leaves for the commit, watching each statement."""
    run = Run(migration)
    with connection.execute_wrapper(watch), _noted(run, watch):
        run.after = apply(migration, state)
        _finish()
    return run


def _finish() -> None:
    """Have done what waits for a commit, which may never come: most is rolled back."""
    while connection.in_atomic_block and connection.run_on_commit:
        _, hook, _ = connection.run_on_commit.pop(0)
        hook()
    with connection.cursor() as cursor:
        check_constraints(cursor)


@contextmanager
def _noted(run: Run, watch: Watch) -> Iterator[None]:
    """Tell the watch which operation runs, and keep its states."""

    def forwards(
        number: int, own: Callable[..., None], label: str, editor: Any, old: Any, new: Any
    ) -> None:
        watch.operation = number
        run.befores.append(old)
        own(label, editor, old, new)

    for number, operation in enumerate(run.migration.operations):
        own = operation.database_forwards
        operation.database_forwards = functools.partial(forwards, number, own)
    try:
        yield
    finally:
        for operation in run.migration.operations:
            vars(operation).pop("database_forwards", None)
