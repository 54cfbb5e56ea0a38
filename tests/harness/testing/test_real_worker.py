"""A worker beside a test, on a real broker."""

import threading
import time
from typing import Any
from unittest import mock

from celery import Celery, signals
from celery._state import task_join_will_block
from celery.utils.dispatch import Signal
from celery.worker import WorkController, state
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import TestCase, TransactionTestCase, tag
from kombu import pools
from kombu.exceptions import OperationalError
from redis import Redis

from blog.models import Tag
from quality_harness.testing.real_worker import Worker, real_worker

app = Celery("real", set_as_current=False)
app.conf.update(broker_url=settings.CELERY_BROKER_URL, broker_connection_retry_on_startup=True)
tries: list[int] = []
used: list[Any] = []
going_on = threading.Event()


@app.task
def add(first: Any, second: Any) -> Any:
    return first + second


@app.task
def names() -> list[str]:
    found = list(Tag.objects.values_list("name", flat=True))
    used.append(connection.connection)
    return found


@app.task
def fail() -> None:
    raise ZeroDivisionError("broken")


@app.task
def mail_later() -> None:
    send.delay()


@app.task
def send() -> None:
    mail.send_mail("Hello", "Text", None, ["ann@example.com"])


@app.task(bind=True)
def try_again(task: Any) -> str:
    tries.append(1)
    if len(tries) < 3:
        raise task.retry(countdown=0)
    return "done"


@app.task
def wait() -> None:
    going_on.wait(60)


@app.task
def apply_failing() -> None:
    fail.apply(throw=False)


def own_keys() -> str:
    """Return the pattern of the keys of the worker that runs in this process."""
    return app.conf.broker_transport_options["global_keyprefix"] + "*"


def keys(pattern: str) -> set[bytes]:
    with Redis.from_url(settings.CELERY_BROKER_URL) as redis:
        return set(redis.scan_iter(pattern))


@tag("slow")
class RealWorkerTests(TransactionTestCase):
    def test_a_task_reads_what_is_committed_and_its_result_is_returned(self) -> None:
        Tag.objects.create(name="Worker", slug="worker")
        with real_worker(app) as worker:
            self.assertIn("Worker", worker.result_of(names.delay()))

    def test_arguments_go_through_a_message(self) -> None:
        with real_worker(app) as worker:
            self.assertEqual(worker.result_of(add.delay((1, 2), (3,))), [1, 2, 3])
            with self.assertRaisesMessage(Exception, "not JSON serializable"):
                add.delay(object(), 1)

    def test_at_the_end_everything_is_done_that_tasks_have_sent_too(self) -> None:
        with real_worker(app):
            mail_later.delay()
        self.assertEqual([letter.to for letter in mail.outbox], [["ann@example.com"]])

    def test_a_task_that_is_tried_again_is_waited_for(self) -> None:
        tries.clear()
        with real_worker(app) as worker:
            self.assertEqual(worker.result_of(try_again.delay()), "done")
        self.assertEqual(len(tries), 3)

    def test_an_error_is_raised_where_the_result_is_asked_for(self) -> None:
        with real_worker(app) as worker, self.assertRaisesMessage(ZeroDivisionError, "broken"):
            worker.result_of(fail.delay())

    def test_an_error_that_nobody_asked_for_fails_the_test(self) -> None:
        message = f"{fail.name} failed: ZeroDivisionError: broken"
        with self.assertRaisesMessage(AssertionError, message), real_worker(app):
            fail.delay()

    def test_nothing_is_left(self) -> None:
        before = set(threading.enumerate()), dict(app.conf.changes)
        receivers = celery_receivers()
        app_pools = app._pool, app.amqp._producer_pool
        kombu_pools = set(pools.connections) | set(pools.producers)
        with real_worker(app):
            names.delay()
            own = own_keys()
            self.assertTrue(keys(own))
        self.assertFalse(keys(own))
        self.assertEqual((set(threading.enumerate()), dict(app.conf.changes)), before)
        self.assertEqual((app._pool, app.amqp._producer_pool), app_pools)
        self.assertEqual(set(pools.connections) | set(pools.producers), kombu_pools)
        self.assertEqual(celery_receivers(), receivers)
        self.assertIs(task_join_will_block(), False)

    def test_no_result_is_left_in_a_backend(self) -> None:
        url = settings.CELERY_BROKER_URL
        other = Celery("keeping", broker=url, backend=url, set_as_current=False)
        task = other.task(add.run, name="add")
        with real_worker(other) as worker:
            sent = task.delay(1, 2)
            worker.result_of(sent)
            self.assertTrue(keys(f"celery-task-meta-{sent.id}"))
        self.assertFalse(keys(f"celery-task-meta-{sent.id}"))

    def test_a_task_that_a_task_runs_by_itself_is_told_too(self) -> None:
        with self.assertRaisesMessage(AssertionError, f"{fail.name} failed: "), real_worker(app):
            apply_failing.delay()

    def test_nothing_is_left_after_a_failure(self) -> None:
        before = set(threading.enumerate())
        with self.assertRaises(ZeroDivisionError), real_worker(app):
            own = own_keys()
            names.delay()
            raise ZeroDivisionError
        self.assertEqual((keys(own), set(threading.enumerate())), (set(), before))

    def test_a_task_that_does_not_end_is_named(self) -> None:
        going_on.clear()
        message = f"After 0.5 s the worker has not ended {wait.name}. Ended: {add.name}: SUCCESS."
        with real_worker(app) as worker:
            worker.result_of(add.delay(1, 2))
            sent = wait.delay()
            worker.patience = 0.5
            with self.assertRaisesMessage(AssertionError, message):
                worker.result_of(sent)
            going_on.set()
            worker.patience = 10

    def test_a_worker_that_does_not_end_is_told(self) -> None:
        going_on.clear()
        self.addCleanup(end_workers)
        self.addCleanup(going_on.set)
        start = WorkController.start

        def start_and_linger(worker: WorkController) -> None:
            start(worker)
            going_on.wait(60)

        slow = mock.patch.object(WorkController, "start", start_and_linger)
        message = "The worker did not end within 2 s after its last task."
        with slow, self.assertRaisesMessage(RuntimeError, message), real_worker(app, patience=2):
            add.delay(1, 2)

    def test_a_worker_that_does_not_start_in_time_is_told(self) -> None:
        slow = mock.patch.object(WorkController, "setup_queues", lambda *_: time.sleep(2))
        message = "The worker did not start within 1.5 s."
        self.addCleanup(end_workers)
        with slow, self.assertRaisesMessage(RuntimeError, message), real_worker(app, patience=1.5):
            self.fail("It has not started.")

    def test_a_worker_that_cannot_start_is_told(self) -> None:
        broken = mock.patch.object(WorkController, "setup_queues", side_effect=OSError("no queue"))
        message = "The worker did not start: no queue"
        with broken, self.assertRaisesMessage(RuntimeError, message), real_worker(app):
            self.fail("It has not started.")

    def test_a_connection_that_tasks_share_is_closed(self) -> None:
        other = Celery("sharing", broker=settings.CELERY_BROKER_URL, set_as_current=False)
        other.conf["CELERY_DB_REUSE_MAX"] = 10
        shared = other.task(names.run, name="names")
        with real_worker(other) as worker:
            worker.result_of(shared.delay())
            self.assertFalse(used[-1].closed)
        self.assertTrue(used.pop().closed)

    def test_a_broker_that_does_not_answer_is_told(self) -> None:
        other = Celery("other", broker="redis://127.0.0.1:1/0", set_as_current=False)
        with self.assertRaisesMessage(OperationalError, "Connection refused"), real_worker(other):
            self.fail("It is not there.")

    def test_another_kind_of_broker_is_refused(self) -> None:
        other = Celery("other", broker="memory://localhost", set_as_current=False)
        message = "real_worker wants a Redis or Valkey broker, and memory://"
        with self.assertRaisesMessage(RuntimeError, message), real_worker(other):
            self.fail("It would meet others.")


class WithoutCommitTests(TestCase):
    def test_inside_a_transaction_it_is_refused(self) -> None:
        with self.assertRaisesMessage(RuntimeError, "Derive the test"), real_worker(app):
            self.fail("It would see nothing.")


class WorkerTests(TestCase):
    """What it tells of tasks without running one."""

    def test_a_task_that_was_never_sent_is_named_by_its_id(self) -> None:
        message = "After 0 s the worker has not ended the task unknown. Ended: none."
        with self.assertRaisesMessage(AssertionError, message):
            Worker(0).result_of(app.AsyncResult("unknown"))


def celery_receivers() -> dict[str, list[Any]]:
    found = vars(signals).items()
    return {name: list(each.receivers) for name, each in found if isinstance(each, Signal)}


def end_workers() -> None:
    """Wait for what a test has left on purpose."""
    state.should_terminate = 0
    for thread in threading.enumerate():
        if thread.name == "real_worker":
            thread.join(60)
    state.should_terminate = None
