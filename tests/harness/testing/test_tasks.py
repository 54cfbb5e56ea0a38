import importlib.util
from unittest import mock

from celery import Celery, chain, chord, group
from celery.contrib.django.task import DjangoTask
from django.db import transaction
from django.test import SimpleTestCase, TestCase, TransactionTestCase

from quality_harness.gate import CouldNotRun
from quality_harness.testing.watches import watches_of
from tests.harness.testing.watching_cases import found_by


def nothing(*arguments) -> None:
    """Take anything."""


def fail() -> None:
    """Fail."""
    raise ZeroDivisionError("nothing to divide by")


def new_object() -> object:
    """Return what no message can carry."""
    return object()


def one() -> int:
    """Return what a message can carry."""
    return 1


def made_app(**settings) -> Celery:
    """Return an app that is nobody's current one."""
    app = Celery("samples", broker="memory://", set_as_current=False, task_cls=DjangoTask)
    app.conf.update(task_always_eager=True, task_eager_propagates=True, **settings)
    return app


class TaskCase(TransactionTestCase):
    def setUp(self) -> None:
        self.app = made_app()
        self.task = self.app.task(nothing, name="samples.task")

    def said(self, body) -> list[str]:
        """Return what is said of a TestCase with one test."""

        def test_it(case) -> None:
            body()

        case = type("Sample", (TestCase,), {"test_it": test_it})
        return found_by("tasks", case).get("Sample.test_it", [])


class TransactionTests(TaskCase):
    def inside(self, send) -> list[str]:
        """Return what is said of a call inside of a transaction."""

        def body() -> None:
            with transaction.atomic():
                send()

        return self.said(body)

    def test_each_way_to_send_a_task_is_found_once(self) -> None:
        part = self.task.si(1)
        ways = {
            "delay": lambda: self.task.delay(1),
            "apply_async": lambda: self.task.apply_async((1,)),
            "a signature": part.delay,
            "a chain": chain(part, part).delay,
            "a group": group([part, part], app=self.app).delay,
            "a chord": chord([part, part], part, app=self.app).delay,
        }
        for name, send in ways.items():
            with self.subTest(name):
                (said,) = self.inside(send)
                self.assertIn("ISO002 Sample.test_it: ", said)
                self.assertIn("is sent inside a transaction (tests/harness/testing/test_", said)

    def test_a_message_by_name_is_found_with_it(self) -> None:
        for send in (
            lambda: self.app.send_task("samples.task"),
            lambda: self.app.send_task(name="samples.task"),
        ):
            self.app.conf.task_always_eager = False
            (said,) = self.inside(send)
            self.assertIn("samples.task is sent inside", said)

    def test_the_transaction_of_the_test_case_does_not_count(self) -> None:
        self.assertEqual(self.said(lambda: self.task.delay(1)), [])

    def test_what_waits_for_the_commit_is_fine(self) -> None:
        class Committed(TransactionTestCase):
            task = self.task

            def test_it(self) -> None:
                with transaction.atomic():
                    transaction.on_commit(lambda: self.task.delay(1))
                    self.task.delay_on_commit(1)

        self.assertEqual(found_by("tasks", Committed), {})


class SwallowedTests(TaskCase):
    def setUp(self) -> None:
        super().setUp()
        self.app.conf.task_eager_propagates = False
        self.failing = self.app.task(fail, name="samples.failing")

    def test_an_error_that_nobody_hears_of_is_found(self) -> None:
        (said,) = self.said(self.failing.delay)
        self.assertIn("ISO003 Sample.test_it: samples.failing failed and nobody heard", said)
        self.assertIn("ZeroDivisionError: nothing to divide by (", said)

    def test_whoever_looks_at_the_result_has_heard(self) -> None:
        for look in (
            lambda result: result.state,
            lambda result: result.failed(),
            lambda result: result.get(propagate=False),
        ):
            self.assertEqual(self.said(lambda look=look: look(self.failing.delay())), [])

    def test_to_look_at_the_id_is_not_to_hear(self) -> None:
        self.assertEqual(len(self.said(lambda: self.failing.delay().id)), 1)

    def test_an_error_that_is_raised_is_heard(self) -> None:
        self.app.conf.task_eager_propagates = True

        def body() -> None:
            with self.assertRaises(ZeroDivisionError):
                self.failing.delay()

        self.assertEqual(self.said(body), [])

    def test_a_task_that_succeeds_is_fine(self) -> None:
        self.assertEqual(self.said(lambda: self.task.delay(1)), [])


class SerializationTests(TaskCase):
    def test_arguments_that_no_message_carries_are_found(self) -> None:
        (said,) = self.said(lambda: self.task.apply(args=[object()]))
        self.assertIn("ISO004 Sample.test_it: samples.task is run with arguments that json", said)
        self.assertIn("cannot carry: ", said)

    def test_arguments_that_arrive_changed_are_found(self) -> None:
        (said,) = self.said(lambda: self.task.apply(args=[{1: "one"}]))
        self.assertIn("arrive changed by json: [[{1: 'one'}], {}] as [[{'1': 'one'}], {}]", said)

    def test_arguments_that_a_message_carries_are_fine(self) -> None:
        for value in (1, "a", (1, (2,)), {"a": (1,)}, None):
            self.assertEqual(self.said(lambda value=value: self.task.apply((value,))), [])

    def test_the_serializer_of_the_call_counts(self) -> None:
        said = self.said(lambda: self.task.apply([{1: "one"}], serializer="pickle"))
        self.assertEqual(said, [])

    def test_what_is_sent_has_been_through_the_serializer_already(self) -> None:
        def body() -> None:
            with self.assertRaisesRegex(Exception, "not JSON serializable"):
                self.task.delay(object())

        self.assertEqual(self.said(body), [])

    def test_a_task_within_a_task_is_looked_at(self) -> None:
        def run_another() -> None:
            self.task.apply([object()])

        outer = self.app.task(run_another, name="samples.outer")
        self.assertEqual(len(self.said(outer.delay)), 1)

    def test_a_result_that_no_backend_keeps_is_found(self) -> None:
        app = made_app(result_backend="cache+memory://")
        task = app.task(new_object, name="samples.result")
        (said,) = self.said(task.delay)
        self.assertIn("ISO004 Sample.test_it: samples.result returns what json cannot", said)

    def test_a_result_that_nobody_keeps_is_fine(self) -> None:
        app = made_app(result_backend="cache+memory://")
        kept = app.task(one, name="samples.kept")
        ignored = app.task(new_object, name="samples.ignored", ignore_result=True)
        nowhere = self.app.task(new_object, name="samples.nowhere")
        for task in (kept, ignored, nowhere):
            self.assertEqual(self.said(task.delay), [], task.name)


class MissingTests(SimpleTestCase):
    def test_without_celery_there_is_nothing_to_watch(self) -> None:
        with (
            mock.patch.object(importlib.util, "find_spec", return_value=None),
            self.assertRaisesRegex(CouldNotRun, "Celery is not installed. Take 'tasks' out"),
        ):
            watches_of(["tasks"])
