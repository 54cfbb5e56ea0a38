"""Runs a Celery worker beside a test, on queues that nobody else uses.

The worker is a thread with its own database connections: what the test overrides and mocks holds
there too, and the mails that it sends are in `mail.outbox`. Messages really go through the broker,
a Redis or Valkey server, under a prefix of their own.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connections

from quality_harness.testing.eager_tasks import configured

# Seconds in which a broker answers.
_CONNECTING = 2.0


class Ended(NamedTuple):
    """How a task ended: its name, Celery's state, and its result or error."""

    name: str
    state: str
    value: Any


class Worker:
    """Knows which tasks were sent to a worker, and how they ended."""

    def __init__(self, patience: float) -> None:
        """Take the seconds that a task may need."""
        self.patience = patience
        self._sent: dict[str, str] = {}
        self._ended: dict[str, Ended] = {}
        self._heard: set[str] = set()
        self._changed = threading.Condition()

    def result_of(self, sent: Any) -> Any:
        """Wait for a task, and return its result.

        Args:
            sent: what `delay` or `apply_async` returned.

        Raises:
            AssertionError: it does not end in time.
            Exception: its own error, where it fails.
        """
        self._wait_for({sent.id})
        self._heard.add(sent.id)
        ended = self._ended[sent.id]
        if ended.state == "FAILURE":
            raise ended.value
        return ended.value

    def wait_for_all(self) -> None:
        """Wait for all tasks, those that tasks send included.

        Raises:
            AssertionError: one does not end in time, or has failed and was not asked for by
                `result_of`.
        """
        self._wait_for(None)
        for task_id, (name, state, value) in self._ended.items():
            if state == "FAILURE" and task_id not in self._heard:
                self._heard.add(task_id)
                raise AssertionError(f"{name} failed: {type(value).__name__}: {value}") from value

    def _wait_for(self, asked: set[str] | None) -> None:
        def missing() -> set[str]:
            return (set(self._sent) if asked is None else asked) - set(self._ended)

        with self._changed:
            if self._changed.wait_for(lambda: not missing(), self.patience):
                return
            names = ", ".join(self._sent.get(each, f"the task {each}") for each in missing())
            ended = ", ".join(f"{each.name}: {each.state}" for each in self._ended.values())
        raise AssertionError(
            f"After {self.patience:g} s the worker has not ended {names}. Ended: {ended or 'none'}."
        )

    def forget_results(self, app: Any) -> None:
        """Delete what the app's backend keeps of the tasks, where it keeps results."""
        from celery.backends.base import DisabledBackend

        if not isinstance(app.backend, DisabledBackend):
            for task_id in self._ended:
                app.backend.forget(task_id)

    def _note_sent(self, sender: str, headers: dict[str, Any], **_: object) -> None:
        with self._changed:
            self._sent[headers["id"]] = sender
            self._changed.notify_all()

    def _note_end(self, task_id: str, task: Any, state: str, retval: Any, **_: object) -> None:
        if state != "RETRY":
            with self._changed:
                self._ended[task_id] = Ended(task.name, state, retval)
                self._changed.notify_all()


@contextmanager
def real_worker(app: Any = None, *, patience: float = 10.0) -> Iterator[Worker]:
    """Run a worker of all queues; at the end, wait until everything that was sent is done.

    It reads what is committed, so the test is a TransactionTestCase.

    Args:
        app: the Celery app; by default the current one. Its broker is the one it is configured
            with.
        patience: how many seconds are waited for a task, and for the worker's beginning and end.

    Raises:
        RuntimeError: a transaction is open, the broker is no Redis or Valkey, or the worker does
            not start or end in time.
        OperationalError: kombu's, where the broker does not answer.
        AssertionError: as `Worker.wait_for_all`.
    """
    if any(each.in_atomic_block for each in connections.all(initialized_only=True)):
        raise RuntimeError(
            "A worker sees only what is committed, and here a transaction is open. Derive the test "
            "from TransactionTestCase, or mark it with django_db(transaction=True)."
        )
    worker = Worker(patience)
    with _own_queues(app) as app, _listening(worker):
        try:
            with _running(app, patience):
                yield worker
                worker.wait_for_all()
        finally:
            worker.forget_results(app)


@contextmanager
def _own_queues(app: Any) -> Iterator[Any]:
    """Let an app use queues under a prefix that nobody has; delete them at the end."""
    prefix = f"quality_harness_{uuid.uuid4().hex}_"
    with configured(app, task_always_eager=False) as app:
        options = {**app.conf.broker_transport_options, "global_keyprefix": prefix}
        app.conf.broker_transport_options = options
        with app.connection_for_write() as connection, _own_pools(app, connection):
            if connection.transport.driver_type != "redis":
                raise RuntimeError(
                    f"real_worker wants a Redis or Valkey broker, and {connection.as_uri()} is "
                    f"{connection.transport.driver_type}."
                )
            connection.ensure_connection(max_retries=1, timeout=_CONNECTING)
            try:
                yield app
            finally:
                _delete_keys(connection, prefix)


@contextmanager
def _own_pools(app: Any, connection: Any) -> Iterator[None]:
    """Keep an app from sending over the connections that it had before."""
    from kombu import pools
    from kombu.utils.collections import eqhash

    before = app._pool, app.amqp._producer_pool
    app._pool = app.amqp._producer_pool = None
    try:
        yield
    finally:
        for group in (pools.producers, pools.connections):
            if eqhash(connection) in group:  # type: ignore[no-untyped-call]
                group[connection].force_close_all()
                del group[connection]
        app._pool, app.amqp._producer_pool = before


def _delete_keys(connection: Any, prefix: str) -> None:
    from redis import Redis

    # Kombu's own client adds the prefix to some commands, and to others not.
    client = Redis(connection_pool=connection.default_channel.pool)
    for key in list(client.scan_iter(f"{prefix}*", count=1000)):
        client.delete(key)


@contextmanager
def _listening(worker: Worker) -> Iterator[None]:
    """Tell a worker what Celery's signals announce; take back what else is connected meanwhile."""
    from celery import signals
    from celery.utils.dispatch import Signal

    found = [each for each in vars(signals).values() if isinstance(each, Signal)]
    before = [list(each.receivers) for each in found]
    signals.after_task_publish.connect(worker._note_sent)
    signals.task_postrun.connect(worker._note_end)
    try:
        yield
    finally:
        for signal, receivers in zip(found, before, strict=True):
            signal.receivers = receivers
            signal.sender_receivers_cache.clear()


@contextmanager
def _running(app: Any, patience: float) -> Iterator[None]:
    """Run Celery's worker in a thread."""
    from celery._state import _set_task_join_will_block, task_join_will_block
    from celery.worker import state

    blocks = task_join_will_block()
    started, errors = threading.Event(), list[Exception]()
    thread = threading.Thread(
        target=_work, args=(app, started, errors), name="real_worker", daemon=True
    )
    thread.start()
    try:
        if not started.wait(patience) or errors:
            why = f": {errors[0]}" if errors else f" within {patience:g} s."
            raise RuntimeError(f"The worker did not start{why}") from next(iter(errors), None)
        # A worker's process may not wait for results; this one is the test's, too.
        _set_task_join_will_block(blocks)
        yield
    finally:
        state.should_terminate = 0
        thread.join(patience)
        state.should_terminate = None
        _set_task_join_will_block(blocks)
    if thread.is_alive():
        raise RuntimeError(f"The worker did not end within {patience:g} s after its last task.")


def _work(app: Any, started: threading.Event, errors: list[Exception]) -> None:
    """Be the worker, until it is told to end."""
    from celery.worker import WorkController

    # Each thread has a current app of its own.
    app.set_current()
    try:
        WorkController(
            app=app,
            pool="solo",
            concurrency=1,
            ready_callback=lambda consumer: started.set(),
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        ).start()
    except Exception as error:
        errors.append(error)
        started.set()
    finally:
        connections.close_all()
