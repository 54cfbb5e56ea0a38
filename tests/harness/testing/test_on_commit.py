from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from tests.harness.testing.watching_cases import found_by


def callback() -> None:
    """Wait for a commit."""


class OnCommitTests(TransactionTestCase):
    def said(self, body, **attributes) -> list[str]:
        """Return what is said of a TestCase with one test."""
        case = type("Sample", (TestCase,), {"test_it": body, **attributes})
        return found_by("on-commit", case).get("Sample.test_it", [])

    def test_a_callback_that_never_runs_is_named_with_its_place(self) -> None:
        (said,) = self.said(lambda case: transaction.on_commit(callback))
        self.assertIn("ISO001 Sample.test_it registers callback", said)
        self.assertIn("test_on_commit.py:7) on commit, and it never runs.", said)

    def test_a_callback_of_the_set_up_is_one_too(self) -> None:
        said = self.said(lambda case: None, setUp=lambda case: transaction.on_commit(callback))
        self.assertEqual(len(said), 1)

    def test_one_that_is_registered_twice_is_told_once(self) -> None:
        def body(case) -> None:
            transaction.on_commit(callback)
            transaction.on_commit(callback)

        self.assertEqual(len(self.said(body)), 1)

    def test_what_is_captured_is_fine_executed_or_not(self) -> None:
        def body(case, execute: bool) -> None:
            with case.captureOnCommitCallbacks(execute=execute) as callbacks:
                transaction.on_commit(callback)
            case.assertEqual(callbacks, [callback])

        for execute in (True, False):
            with self.subTest(execute=execute):
                self.assertEqual(self.said(lambda case, execute=execute: body(case, execute)), [])

    def test_what_comes_beside_the_captured_one_is_found(self) -> None:
        def body(case) -> None:
            with case.captureOnCommitCallbacks():
                transaction.on_commit(callback)
            transaction.on_commit(callback)

        self.assertEqual(len(self.said(body)), 1)

    def test_captured_for_all_tests_in_the_set_up_is_fine(self) -> None:
        said = self.said(
            lambda case: transaction.on_commit(callback),
            setUp=lambda case: case.enterContext(case.captureOnCommitCallbacks(execute=True)),
        )
        self.assertEqual(said, [])

    def test_what_is_captured_while_an_error_is_expected_is_fine(self) -> None:
        def body(case) -> None:
            with case.assertRaises(ZeroDivisionError), case.captureOnCommitCallbacks():
                transaction.on_commit(callback)
                raise ZeroDivisionError

        self.assertEqual(self.said(body), [])

    def test_a_savepoint_that_is_rolled_back_takes_its_callbacks_along(self) -> None:
        def body(case) -> None:
            with case.assertRaises(ZeroDivisionError), transaction.atomic():
                transaction.on_commit(callback)
                raise ZeroDivisionError

        self.assertEqual(self.said(body), [])

    def test_what_the_data_of_the_class_registers_is_not_the_tests(self) -> None:
        data = classmethod(lambda cls: transaction.on_commit(callback))
        self.assertEqual(self.said(lambda case: None, setUpTestData=data), [])

    def test_where_there_is_a_commit_they_run(self) -> None:
        class Committed(TransactionTestCase):
            def test_it(self) -> None:
                with transaction.atomic():
                    transaction.on_commit(callback)

        self.assertEqual(found_by("on-commit", Committed), {})
        self.assertEqual(connection.run_on_commit, [])
