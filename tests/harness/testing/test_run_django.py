import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from django.test.runner import DiscoverRunner

from quality_harness.testing import run_django
from quality_harness.testing.options import CLOCK
from quality_harness.testing.run_django import outcome


def result_of(case: type[unittest.TestCase]) -> unittest.TestResult:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    return result


class Sample(unittest.TestCase):
    """Holds no test of its own: those of `OutcomeTests` put them on subclasses."""


class OutcomeTests(unittest.TestCase):
    root = Path(__file__).parent

    def outcome_of(self, test, name: str = "test_it"):
        return outcome(self.root, result_of(type("Made", (Sample,), {name: test})))

    def failure_of(self, test):
        (failure,) = self.outcome_of(test)["failures"]
        return failure

    def test_a_failure_is_placed_where_the_test_begins(self):
        def broken(case):
            case.assertEqual(1 + 1, 3)

        self.assertEqual(
            self.failure_of(broken),
            {
                "path": "test_run_django.py",
                "line": broken.__code__.co_firstlineno,
                "name": "Made.test_it",
                "message": "AssertionError: 2 != 3",
            },
        )

    def test_a_failing_subtest_is_placed_at_its_test(self):
        def broken(case):
            with case.subTest(number=1):
                case.assertEqual(1 + 1, 3)

        self.assertEqual(self.failure_of(broken)["line"], broken.__code__.co_firstlineno)

    def test_an_error_that_follows_from_another_shows_the_first_of_them(self):
        def broken(case):
            try:
                raise KeyError("first")
            except KeyError as error:
                raise ValueError("second") from error

        self.assertEqual(self.failure_of(broken)["message"], "KeyError: 'first'")

    def test_a_test_that_should_have_failed_is_a_failure(self):
        failure = self.failure_of(unittest.expectedFailure(lambda case: case.assertEqual(1, 1)))

        self.assertTrue(failure["message"].startswith("UnexpectedSuccess"))

    def test_a_quotation_that_goes_on_in_the_next_line_ends_in_dots(self):
        class Sums(Sample):
            def test_one(self):
                self.fail("no 'a\nb' here")

        (failure,) = outcome(Path.cwd(), result_of(Sums))["failures"]

        self.assertEqual(failure["message"], "AssertionError: no 'a ...")

    def test_a_message_without_an_exceptions_name_is_kept(self):
        result = unittest.TestResult()
        result.errors.append((Sample("run"), "  worker died  "))

        self.assertEqual(outcome(self.root, result)["failures"][0]["message"], "worker died")

    def test_a_class_that_cannot_be_set_up_has_a_name_and_no_place(self):
        def refuse(cls):
            raise OSError("no disk")

        made = type("Made", (Sample,), {"setUpClass": classmethod(refuse), "test_it": print})
        result = unittest.TestResult()
        unittest.TestSuite([made("test_it")]).run(result)

        (failure,) = outcome(self.root, result)["failures"]

        self.assertEqual((failure["path"], failure["line"]), ("", 0))
        self.assertTrue(failure["name"].startswith("setUpClass ("))
        self.assertEqual(failure["message"], "OSError: no disk")

    def test_passed_and_skipped_tests_are_counted(self):
        counted = self.outcome_of(lambda case: case.skipTest("later"))

        self.assertEqual((counted["tests"], counted["skipped"]), (0, 1))
        self.assertEqual(counted["failures"], [])
        self.assertEqual([skip["message"] for skip in counted["skips"]], ["later"])

    def test_a_test_whose_subtests_skip_is_one_skipped_test(self):
        def skipping(case):
            for number in range(3):
                with case.subTest(number=number):
                    case.skipTest("later")

        made = type("Made", (Sample,), {"test_it": skipping, "test_other": lambda case: None})
        counted = outcome(self.root, result_of(made))

        self.assertEqual((counted["tests"], counted["skipped"]), (1, 1))

    def test_a_test_that_skips_and_fails_did_run(self):
        def mixed(case):
            with case.subTest(number=1):
                case.skipTest("later")
            with case.subTest(number=2):
                case.fail("no")

        counted = self.outcome_of(mixed)

        self.assertEqual((counted["tests"], counted["skipped"]), (1, 0))

    def test_a_class_that_skips_in_its_set_up_takes_no_other_test_away(self):
        def refuse(cls):
            raise unittest.SkipTest("later")

        skipping = type("Made", (Sample,), {"setUpClass": classmethod(refuse), "test_it": print})
        passing = type("Other", (Sample,), {"test_it": lambda case: None})
        result = unittest.TestResult()
        unittest.TestSuite([skipping("test_it"), passing("test_it")]).run(result)

        counted = outcome(self.root, result)

        self.assertEqual((counted["tests"], counted["skipped"]), (1, 1))

    def test_a_test_under_a_decorator_that_skips_takes_no_other_test_away(self):
        names = {"test_it": unittest.skip("later")(print), "test_other": lambda case: None}

        counted = outcome(self.root, result_of(type("Made", (Sample,), names)))

        self.assertEqual((counted["tests"], counted["skipped"]), (1, 1))

    def test_a_python_that_does_not_count_a_decorated_test_takes_no_other_test_away(self):
        decorated = {"test_it": unittest.skip("later")(print)}
        method = type("Made", (Sample,), decorated)("test_it")
        whole = unittest.skip("later")(type("Other", (Sample,), {"test_it": print}))("test_it")
        asked = type("Asked", (Sample,), {"test_it": print})("test_it")
        result = unittest.TestResult()
        result.testsRun = 2  # one that passes, and `asked`, which calls skipTest
        result.skipped = [(method, "later"), (whole, "later"), (asked, "later")]

        with mock.patch.object(run_django, "_counts_decorated", return_value=False):
            counted = outcome(self.root, result)

        self.assertEqual((counted["tests"], counted["skipped"]), (1, 3))

    def test_whether_python_counts_a_decorated_test_is_tried_out(self):
        class Before(unittest.TestCase):
            def run(self, result):
                result.addSkip(self, "as Python 3.12.1 does")

        self.assertEqual(run_django._counts_decorated(), sys.version_info[:3] != (3, 12, 1))
        with mock.patch.object(run_django, "TestCase", Before):
            self.assertFalse(run_django._counts_decorated())

    def test_the_number_of_tests_is_never_below_zero(self):
        result = unittest.TestResult()
        result.skipped = [(Sample("run"), "later")]

        self.assertEqual(outcome(self.root, result)["tests"], 0)

    def test_a_module_that_cannot_be_imported_is_told_apart(self):
        suite = unittest.defaultTestLoader.loadTestsFromName("tests.harness.testing.nowhere")
        result = unittest.TestResult()
        suite.run(result)

        (module,) = outcome(self.root, result)["unimportable"]

        self.assertEqual(module[0], "nowhere")


class MainTests(unittest.TestCase):
    """Runs the driver on suites that need no database."""

    def run_driver(self, *arguments: str, failures: int = 0):
        """Return the exit code, what the runner was asked for, and what was written."""
        asked = {}

        def run_tests(runner, labels):
            asked.update(labels=labels, parallel=runner.parallel, tags=runner.exclude_tags)
            result = unittest.TestResult()
            result.failures.extend([(Sample("run"), "AssertionError: no")] * failures)
            return runner.suite_result(None, result)

        with (
            tempfile.TemporaryDirectory() as folder,
            mock.patch.object(DiscoverRunner, "run_tests", run_tests),
        ):
            file = Path(folder, "outcome.json")
            code = run_django.main([str(file), *arguments])
            return code, asked, json.loads(file.read_text())

    def test_the_options_of_manage_py_test_are_passed_on(self):
        code, asked, _ = self.run_driver("--parallel", "2", "--exclude-tag", "slow", "blog")

        self.assertEqual(code, 0)
        self.assertEqual(asked, {"labels": ["blog"], "parallel": 2, "tags": {"slow"}})

    def test_the_clock_is_moved_before_the_project_is_loaded(self):
        def is_moved(*arguments):
            moved.assert_called_once_with("midnight")

        with (
            mock.patch.dict(os.environ, {CLOCK: "midnight"}),
            mock.patch.object(run_django, "Clock") as moved,
            mock.patch.object(run_django.django, "setup", side_effect=is_moved) as setup,
        ):
            self.run_driver()

        setup.assert_called_once()

    def test_auto_is_a_number_of_processes(self):
        with mock.patch.object(run_django, "get_max_test_processes", return_value=7):
            _, asked, _ = self.run_driver("--parallel")

        self.assertEqual(asked["parallel"], 7)

    def test_a_failure_exits_1_and_is_written(self):
        code, _, written = self.run_driver(failures=1)

        self.assertEqual(code, 1)
        self.assertEqual(len(written["failures"]), 1)
