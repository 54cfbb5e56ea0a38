import os
import unittest
from unittest import mock

from quality_harness.testing.watched_cases import watched
from quality_harness.testing.watches import watches_of
from quality_harness.testing.watching import Watch, Watcher, started
from tests.harness.testing.watching_cases import ROOT


class Recorded(Watch):
    """Notes when it starts and stops."""

    def __init__(self, calls: list[str], name: str, error: Exception | None = None) -> None:
        self.calls = calls
        self.name = name
        self.error = error

    def start(self) -> None:
        self.calls.append(f"{self.name} starts")
        if self.error:
            raise self.error

    def stop(self) -> None:
        self.calls.append(f"{self.name} stops")


class StartedTests(unittest.TestCase):
    def test_the_watches_outside_rest_meanwhile(self) -> None:
        calls: list[str] = []
        with started([Recorded(calls, "outer")]), started([Recorded(calls, "inner")]):
            calls.append("run")
        expected = ["outer starts", "outer stops", "inner starts", "run", "inner stops"]
        self.assertEqual(calls, [*expected, "outer starts", "outer stops"])

    def test_one_that_cannot_start_leaves_those_outside_at_work(self) -> None:
        calls: list[str] = []
        failing = Recorded(calls, "failing", LookupError())
        with started([Recorded(calls, "outer")]):
            with self.assertRaises(LookupError), started([failing]):
                self.fail("it has started")
            self.assertEqual(calls[-1], "outer starts")
        self.assertEqual(calls[-1], "outer stops")


class FailureTests(unittest.TestCase):
    def test_tests_and_classes_that_leave_something_fail(self) -> None:
        class Sample(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                os.environ["SHOP_CLASS"] = "1"

            def test_it(self) -> None:
                os.environ["SHOP_TEST"] = "1"

        result = unittest.TestResult()
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(Sample)
        with mock.patch.dict(os.environ), watched(Watcher(watches_of(["leaks"]), ROOT)):
            suite = unittest.TestSuite([suite])
            suite.run(result)
        ((test, failure),) = result.failures
        self.assertEqual(test._testMethodName, "test_it")
        self.assertIn("SHOP_TEST set", failure)
        ((owner, error),) = result.errors
        self.assertRegex(str(owner), r"tearDownClass \(tests/.*: .*Sample\)")
        self.assertIn("SHOP_CLASS set", error)
