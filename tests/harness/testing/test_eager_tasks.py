"""Tasks that run in the test itself."""

import contextlib
from typing import Any

from celery import Celery
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from quality_harness.testing.eager_tasks import configured, eager_tasks
from quality_harness.testing.watching import started

app = Celery("eager", set_as_current=False)
got: list[Any] = []


@app.task
def note(value: Any) -> None:
    got.append(value)


@app.task
def fail() -> None:
    raise ZeroDivisionError("broken")


@app.task(bind=True, max_retries=1)
def try_again(task: Any, times: int) -> None:
    got.append(times)
    if len(got) <= times:
        raise task.retry(exc=ZeroDivisionError("too often"), countdown=0)


@app.task(serializer="pickle")
def note_anything(value: Any) -> None:
    got.append(value)


class EagerCase(TestCase):
    def setUp(self) -> None:
        got.clear()

    def refused(self, message: str) -> Any:
        """Expect this failure, of which the watches of the run would tell as well."""
        stack = contextlib.ExitStack()
        stack.enter_context(started(()))
        stack.enter_context(self.assertRaisesMessage(AssertionError, message))
        return stack


class EagerTasksTests(EagerCase):
    def test_a_task_runs_where_it_is_sent(self) -> None:
        with eager_tasks(app):
            note.delay(1)
            self.assertEqual(got, [1])

    def test_arguments_arrive_as_the_serializer_brings_them(self) -> None:
        sent = {1: (2, 3)}
        with eager_tasks(app):
            note.delay(sent)
        self.assertEqual(got, [{"1": [2, 3]}])

    def test_the_serializer_is_the_task_s_own(self) -> None:
        with eager_tasks(app):
            note_anything.delay({1: (2, 3)})
        self.assertEqual(got, [{1: (2, 3)}])

    def test_what_no_message_can_carry_is_an_error(self) -> None:
        with self.assertRaisesMessage(Exception, "not JSON serializable"), eager_tasks(app):
            note.delay(object())

    def test_so_it_is_for_a_task_that_is_applied(self) -> None:
        with self.refused("json cannot carry"), eager_tasks(app):
            note.apply(args=[object()])

    def test_an_error_is_the_test_s(self) -> None:
        with self.assertRaises(ZeroDivisionError), eager_tasks(app):
            fail.delay()

    def test_without_propagation_a_task_is_tried_again(self) -> None:
        with eager_tasks(app, propagate=False):
            self.assertEqual(try_again.delay(1).state, "SUCCESS")
        self.assertEqual(got, [1, 1])

    def test_without_propagation_an_error_stays_in_the_result(self) -> None:
        with eager_tasks(app, propagate=False):
            result = fail.delay()
        self.assertEqual(str(result.result), "broken")

    def test_the_configuration_is_as_it_was_afterwards(self) -> None:
        before = dict(app.conf.changes)
        with self.assertRaises(ZeroDivisionError), eager_tasks(app):
            self.assertTrue(app.conf.task_always_eager and app.conf.task_eager_propagates)
            raise ZeroDivisionError
        self.assertFalse(app.conf.task_always_eager)
        self.assertEqual(app.conf.changes, before)

    def test_the_current_app_is_the_one_that_is_meant(self) -> None:
        from config import celery_app

        with configured(task_always_eager=False) as current:
            self.assertIs(current, celery_app)
            self.assertFalse(celery_app.conf.task_always_eager)
        self.assertTrue(celery_app.conf.task_always_eager)


class AfterCommitTests(EagerCase):
    def test_what_waits_for_the_commit_runs_at_the_end(self) -> None:
        with eager_tasks(app):
            with transaction.atomic():
                transaction.on_commit(lambda: note.delay("late"))
            note.delay("early")
            self.assertEqual(got, ["early"])
        self.assertEqual(got, ["early", "late"])

    def test_it_runs_once_whoever_captures_it_too(self) -> None:
        with self.captureOnCommitCallbacks(execute=True) as outer:
            transaction.on_commit(lambda: got.append("before"))
            with eager_tasks(app):
                transaction.on_commit(lambda: note.delay("late"))
            self.assertEqual(got, ["late"])
        self.assertEqual((got, len(outer)), (["late", "before"], 1))

    def test_after_a_rollback_nothing_is_sent(self) -> None:
        with eager_tasks(app), transaction.atomic():
            transaction.on_commit(lambda: note.delay("late"))
            transaction.set_rollback(True)
        self.assertEqual(got, [])

    def test_a_task_that_is_sent_inside_a_transaction_fails_the_test(self) -> None:
        message = f"{note.name} is sent inside a transaction (tests/harness/testing/test_eager"
        with self.refused(message), eager_tasks(app), transaction.atomic():
            note.delay(1)


class CommittedTests(TransactionTestCase):
    def setUp(self) -> None:
        got.clear()

    def test_where_there_is_a_commit_it_runs_then(self) -> None:
        with eager_tasks(app):
            with transaction.atomic():
                transaction.on_commit(lambda: note.delay("late"))
            self.assertEqual(got, ["late"])
        self.assertEqual((got, connection.run_on_commit), (["late"], []))
