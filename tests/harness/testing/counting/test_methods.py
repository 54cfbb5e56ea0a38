"""Assertions of libraries count once each, as they pass."""

import logging
import unittest
import warnings
from collections.abc import Callable
from unittest import mock

import pytest
from django.test import SimpleTestCase, TestCase

from quality_harness.testing.counting.methods import counted_methods
from quality_harness.testing.counting.tally import TALLY


class CountedCase(SimpleTestCase):
    def made(self, assertion: Callable[[], object]) -> int:
        """Return how many assertions a call has made; its failure is expected in some."""
        before = TALLY.made
        with counted_methods():
            assertion()
            return TALLY.made - before


class UnittestTests(CountedCase):
    def test_an_assertion_made_of_others_counts_once(self) -> None:
        self.assertEqual(self.made(lambda: self.assertEqual("a\nb", "a\nb")), 1)
        self.assertEqual(self.made(lambda: self.assertListEqual([1], [1])), 1)

    def test_one_that_fails_does_not_count(self) -> None:
        def fails() -> None:
            try:
                self.assertEqual(1, 2)
            except AssertionError as error:
                self.message = str(error)

        self.assertEqual(self.made(fails), 0)

    def test_an_expected_exception_counts_where_it_was_raised(self) -> None:
        def entered() -> None:
            with self.assertRaises(ValueError) as caught:
                int("a")
            self.caught = caught.exception

        self.assertEqual(self.made(entered), 1)
        self.assertEqual(self.made(lambda: self.assertRaises(ValueError, int, "a")), 1)

    def test_a_context_that_is_not_entered_does_not_count(self) -> None:
        self.assertEqual(self.made(lambda: self.assertRaises(ValueError)), 0)
        self.assertEqual(self.made(lambda: self.assertLogs()), 0)

    def test_a_context_that_fails_does_not_count(self) -> None:
        def missing() -> None:
            try:
                with self.assertRaises(ValueError):
                    int("1")
            except AssertionError as error:
                self.message = str(error)

        self.assertEqual(self.made(missing), 0)

    def test_logs_and_warnings_count(self) -> None:
        def logs() -> None:
            with self.assertLogs("shop"):
                logging.getLogger("shop").info("sold")

        def warns() -> None:
            with self.assertWarns(UserWarning):
                warnings.warn("a", UserWarning, stacklevel=1)

        self.assertEqual(self.made(logs), 1)
        self.assertEqual(self.made(warns), 1)

    def test_everything_is_put_back(self) -> None:
        before = dict(vars(unittest.TestCase))
        self.made(lambda: self.assertRaises(ValueError))

        self.assertEqual(before, dict(vars(unittest.TestCase)))

    def test_counting_in_counting_counts_once_each(self) -> None:
        with counted_methods():
            count = self.made(lambda: self.assertTrue(1))

        self.assertEqual(count, 1)


class DjangoTests(TestCase, CountedCase):
    def test_queries_count_as_the_context_ends(self) -> None:
        def queries() -> None:
            with self.assertNumQueries(0):
                pass

        self.assertEqual(self.made(queries), 1)
        self.assertEqual(self.made(lambda: self.assertNumQueries(0)), 0)
        self.assertEqual(self.made(lambda: self.assertNumQueries(0, int)), 1)

    def test_a_context_that_is_made_of_others_counts_as_they_do(self) -> None:
        def message() -> None:
            with self.assertRaisesMessage(ValueError, "invalid"):
                int("a")

        self.assertEqual(self.made(message), 2)

    def test_comparisons_count_once(self) -> None:
        self.assertEqual(self.made(lambda: self.assertHTMLEqual("<p>", "<p>")), 1)
        self.assertEqual(self.made(lambda: self.assertQuerySetEqual([], [])), 1)


class MockTests(CountedCase):
    def test_mocks_count(self) -> None:
        called = mock.Mock()
        called(1)

        self.assertEqual(self.made(lambda: called.assert_called_once_with(1)), 1)
        self.assertEqual(self.made(called.assert_called), 1)

    def test_a_mocked_function_counts(self) -> None:
        def charge(amount: int) -> None:
            """Charge."""

        called = mock.create_autospec(charge)
        called(1)

        self.assertEqual(self.made(lambda: called.assert_called_once_with(1)), 1)

    def test_an_awaited_mock_counts(self) -> None:
        self.assertEqual(self.made(mock.AsyncMock().assert_not_awaited), 1)


class PytestTests(CountedCase):
    def test_expected_exceptions_and_warnings_count(self) -> None:
        def raises() -> None:
            with pytest.raises(ValueError, match="invalid"):
                int("a")

        def warns() -> None:
            with pytest.deprecated_call():
                warnings.warn("a", DeprecationWarning, stacklevel=1)

        self.assertEqual(self.made(raises), 1)
        self.assertEqual(self.made(lambda: pytest.raises(ValueError, int, "a")), 1)
        self.assertEqual(self.made(warns), 1)

    def test_one_that_is_not_entered_does_not(self) -> None:
        self.assertEqual(self.made(lambda: pytest.raises(ValueError)), 0)

    def test_without_pytest_there_is_nothing_of_it(self) -> None:
        with mock.patch.dict("sys.modules", pytest=None):
            self.assertEqual(self.made(lambda: self.assertTrue(1)), 1)
