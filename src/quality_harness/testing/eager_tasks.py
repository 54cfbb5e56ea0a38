"""Runs Celery's tasks in the test itself, as near to a worker as that gets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.test import TestCase

from quality_harness.testing.watches.tasks import SWALLOWED, Watch


@contextmanager
def eager_tasks(
    app: Any = None, *, propagate: bool = True, using: str = DEFAULT_DB_ALIAS
) -> Iterator[None]:
    """Run tasks where they are sent; those that wait for the commit, at the end.

    Arguments go through the task's serializer, and an error is the test's. A task that a worker
    would not get like this makes the test fail: one that is sent inside a transaction (but for
    the one of TestCase), one whose arguments or result no message can carry.

    Args:
        app: the Celery app; by default the current one.
        propagate: raise a task's error where it is sent. Without, tasks are tried again as by a
            worker, and the error stays in the result: look at that, or let
            `strict = ["tasks"]` see that nobody does.
        using: the database whose commit is waited for.

    Raises:
        AssertionError: a worker would not have got a task like this.
        CouldNotRun: Celery is not installed.
    """
    watch = Watch()
    watch.start()
    try:
        eager = configured(app, task_always_eager=True, task_eager_propagates=propagate)
        with eager, _committed(using):
            yield
        found = [each for each in watch.found if each.rule is not SWALLOWED]
        if found:
            raise AssertionError("\n".join(f"{each.message} {each.hint}" for each in found))
    finally:
        watch.stop()


@contextmanager
def configured(app: Any = None, **changes: Any) -> Iterator[Any]:
    """Change the configuration of a Celery app for a while.

    Args:
        app: the app; by default the current one.
        changes: what is set.

    Returns:
        The app.
    """
    from celery import current_app

    app = app or current_app._get_current_object()
    app.conf.task_always_eager  # noqa: B018  What is configured lazily is read at its first use.
    before = dict(app.conf.changes)
    app.conf.update(changes)
    try:
        yield app
    finally:
        app.conf.changes.clear()
        app.conf.changes.update(before)


@contextmanager
def _committed(using: str) -> Iterator[None]:
    """Run at the end what waits for the commit, once, whoever else captures it."""
    connection = connections[using]
    waiting = len(connection.run_on_commit)
    with TestCase.captureOnCommitCallbacks(using=using, execute=True):
        yield
    del connection.run_on_commit[waiting:]
