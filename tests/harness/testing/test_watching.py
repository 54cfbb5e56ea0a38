import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import TestCase, TestResult, mock

from quality_harness.finding import Rule
from quality_harness.testing.time_limit import OverTimeLimit
from quality_harness.testing.watched_cases import watched

from quality_harness.testing.watched import read_watched
from quality_harness.testing.watching import RECORD, Problem, Running, Watch, Watcher, started
from tests.harness.testing.runs import RunCase
from tests.harness.testing.suites import FOLDER

STRICT = 'strict = ["assertions"]'
CASES = """
    import unittest
    from django.test import SimpleTestCase


    class ATests(SimpleTestCase):
        def test_asserts(self):
            self.assertEqual(1, 1)

        def test_asserts_nothing(self):
            pass

        def test_asserts_at_last(self):
            self.addCleanup(self.assertTrue, True)

        def test_is_skipped(self):
            self.skipTest("later")

        def test_fails(self):
            raise OSError("no disk")

        @unittest.expectedFailure
        def test_fails_as_expected(self):
            raise OSError("no disk")

        @unittest.skip("later")
        def test_is_never_begun(self):
            pass


    class BTests(unittest.TestCase):
        def test_asserts_nothing(self):
            pass
    """
FUNCTIONS = """
    import unittest

    import pytest


    def test_asserts():
        unittest.TestCase().assertTrue(True)


    def test_asserts_nothing():
        pass


    def test_is_skipped():
        pytest.skip("later")


    @pytest.mark.xfail
    def test_fails_as_expected():
        raise OSError("no disk")


    @pytest.fixture
    def broken():
        yield
        raise OSError("no disk")


    class TestC:
        def test_ends_badly(self, broken):
            unittest.TestCase().assertTrue(True)
    """


class WatchedCasesTests(RunCase):
    def test_both_runners_refuse_the_same_tests(self) -> None:
        self.suite(CASES, STRICT)

        for run in self.both():
            self.assertEqual(
                run.failed,
                {
                    "ATests::test_asserts_nothing",
                    "ATests::test_fails",
                    "BTests::test_asserts_nothing",
                },
            )
            self.assertIn("HON001 ATests.test_asserts_nothing asserts nothing.", run.output)

    def test_without_strict_nothing_is_watched(self) -> None:
        self.suite(CASES)

        for run in self.both():
            self.assertEqual(run.failed, {"ATests::test_fails"})

    def test_says_what_was_strict(self) -> None:
        self.suite(CASES, STRICT)

        for run in self.both():
            self.assertRegex(run.output, r"strict: assertions; \d tests watched")

    def test_an_unknown_watch_is_refused(self) -> None:
        self.suite(CASES, 'strict = ["asertions"]')

        for run in self.both():
            self.assertNotIn(run.code, (0, 1))
        self.assertIn("Did you mean 'assertions'?", self.django().output)

    def test_a_test_that_is_run_inside_of_a_test_is_not_watched(self) -> None:
        self.suite(
            """
            import unittest


            class OuterTests(unittest.TestCase):
                def test_runs_another(self):
                    class Inner(unittest.TestCase):
                        def runTest(self):
                            pass

                    result = unittest.TestResult()
                    Inner()(result)
                    self.assertTrue(result.wasSuccessful())
            """,
            STRICT,
        )

        for run in self.both():
            self.assertEqual(run.failed, set())


class WatchedFunctionsTests(RunCase):
    def test_functions_are_watched(self) -> None:
        self.suite(FUNCTIONS, STRICT)

        run = self.pytest()

        self.assertEqual(run.failed, {"test_asserts_nothing", "TestC::test_ends_badly"})
        self.assertEqual(run.passed, {"test_asserts"})


class RecordTests(RunCase):
    def test_a_gate_is_told_and_no_test_fails(self) -> None:
        self.suite(CASES, STRICT)
        for number, runner in enumerate((self.pytest, self.django)):
            file = self.root / f"record-{number}"
            with mock.patch.dict(os.environ, {RECORD: str(file)}):
                run = runner()
            watched = read_watched(file)

            self.assertEqual(run.failed, {"ATests::test_fails"})
            self.assertEqual(watched.tests, 7)
            found = watched.of(["test-honesty"])
            self.assertEqual(
                [(one.code, one.location.line) for one in found], [("HON001", 10), ("HON001", 32)]
            )
            self.assertEqual(found[0].location.path, f"{FOLDER}/test_it.py")

    def test_what_no_watch_gives_is_refused(self) -> None:
        file = self.root / "record"
        line = {
            "is_test": True,
            "path": "a.py",
            "line": 1,
            "name": "a",
            "problems": [["XYZ999", "m", "h"]],
        }
        file.write_text(json.dumps(line) + "\n", encoding="utf-8")

        with self.assertRaises(KeyError):
            read_watched(file)


RULE = Rule("XYZ001", "untidy", "s", "r", "i", "b", "g")


class Untidy(Watch):
    """Has something against every test, once it is torn down."""

    def end(self, test: Running) -> Iterable[Problem]:
        """Complain."""
        yield Problem(RULE, f"{test.name} is untidy.", "Tidy up.")


class Impatient(Watch):
    """Loses its patience between two parts of a test."""

    def counted(self) -> Any:
        """Raise at the end."""
        return self._late()

    @contextmanager
    def _late(self) -> Iterator[None]:
        yield
        raise OverTimeLimit("late")


class Unwilling(Watch):
    """Cannot start."""

    def start(self) -> None:
        """Raise."""
        raise OSError("no")


class WatcherTests(TestCase):
    def run_one(self, watch: Watch) -> TestResult:
        class Inner(TestCase):
            def runTest(self) -> None:
                self.assertTrue(True)

        result = TestResult()
        with watched(Watcher([watch], Path.cwd())):
            Inner()(result)
        return result

    def test_what_is_found_after_tear_down_is_a_failure(self) -> None:
        result = self.run_one(Untidy())

        self.assertEqual(len(result.failures), 1)
        self.assertIn("XYZ001 ", result.failures[0][1])

    def test_an_alarm_between_two_parts_is_an_error(self) -> None:
        self.assertEqual(len(self.run_one(Impatient()).errors), 1)

    def test_what_was_started_is_stopped(self) -> None:
        first = mock.Mock(spec=Watch)

        with self.assertRaises(OSError), started([first, Unwilling()]):
            self.fail("not reached")

        first.stop.assert_called_once_with()
