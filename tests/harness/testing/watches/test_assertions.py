import contextlib
import io
import unittest
from unittest import mock

import pytest
from django.core.management import CommandError
from django.test import override_settings
from django.test.utils import get_runner
from django.conf import settings

from quality_harness.testing.collected import FunctionId
from quality_harness.testing.counting.tally import TALLY
from quality_harness.testing.watches import prepared
from quality_harness.testing.watches.assertions import NO_ASSERTION, Watch
from quality_harness.testing.watching import Problem, Running, StrictFailure, Watcher
from tests.harness.testing.suites import FOLDER, NESTED_PYTEST, PYPROJECT, SuiteCase

TEST = Running(FunctionId("checks/test_a.py", "ATests", "test_a"), 1, None)
STRICT = PYPROJECT + 'strict = ["assertions"]\n'


class WatchTests(unittest.TestCase):
    def setUp(self) -> None:
        self.watch = Watch()
        self.watch.start()
        self.addCleanup(self.watch.stop)

    def judge(self, body) -> list[Problem]:
        self.watch.begin(TEST)
        body()
        return list(self.watch.judge(TEST))

    def test_a_test_that_asserts_nothing_is_told(self) -> None:
        problems = self.judge(lambda: None)

        self.assertEqual([problem.rule for problem in problems], [NO_ASSERTION])
        self.assertEqual(problems[0].message, "ATests.test_a asserts nothing.")

    def test_one_that_asserts_is_left_alone(self) -> None:
        self.assertEqual(self.judge(lambda: self.assertTrue(1)), [])

    def test_nothing_is_counted_after_the_end(self) -> None:
        self.watch.stop()
        before = TALLY.made
        unittest.TestCase().assertEqual(TALLY.made, before)

        self.assertLessEqual(TALLY.made - before, 1)


class PreparedTests(SuiteCase):
    def test_only_watches_that_want_a_hand_in_imports_have_it(self) -> None:
        watch = mock.Mock(spec=["GATE", "RULES", "Watch"])

        with (
            mock.patch("quality_harness.testing.watches.watch_module", return_value=watch),
            prepared(["plain"], self.root),
        ):
            self.assertEqual(watch.mock_calls, [])


class AcceptedTests(SuiteCase):
    def judge(self, text: str) -> None:
        """Judge a test that asserts nothing, and stands in the first line of a file."""
        self.write({f"{FOLDER}/test_a.py": text})
        watcher = Watcher([Watch()], self.root)
        watcher.begin(TEST)
        watcher.judge(TEST)

    def test_a_comment_with_a_reason_accepts(self) -> None:
        self.judge(
            "def test_a():  # quality-harness: ignore[HON001]: it must only run\n    run()\n"
        )

        self.assertTrue((self.root / FOLDER / "test_a.py").is_file())

    def test_one_without_a_reason_does_not(self) -> None:
        with self.assertRaisesRegex(StrictFailure, "HON001"):
            self.judge("def test_a():  # quality-harness: ignore[HON001]\n    run()\n")

    def test_without_a_file_nothing_is_accepted(self) -> None:
        watcher = Watcher([Watch()], self.root / "nowhere")
        watcher.begin(TEST)

        with self.assertRaisesRegex(StrictFailure, "HON001"):
            watcher.judge(TEST)


CONFTEST = """
    import pytest

    @pytest.fixture
    def three():
        assert 1 + 1 == 2
        return 3
    """
FUNCTIONS = """
    def test_fixture(three):
        sum([three])

    def test_nothing():
        sum([1])

    def test_loop():
        for each in []:
            assert each

    def test_plain():
        assert sum([1]) == 1
    """
CASES = """
    from unittest import TestCase

    class CaseTests(TestCase):
        def test_plain(self):
            assert sum([1]) == 1

        def test_nothing(self):
            sum([1])
    """


class RunnersTests(SuiteCase):
    def setUp(self) -> None:
        super().setUp()
        files = {"conftest.py": CONFTEST, "test_functions.py": FUNCTIONS, "test_cases.py": CASES}
        self.write({f"{FOLDER}/{name}": text for name, text in files.items()})
        self.write({"pyproject.toml": STRICT})

    def test_pytest_counts_conftests_too(self) -> None:
        run = [each for each in NESTED_PYTEST if each != "--collect-only"]
        printed = io.StringIO()

        with self.inside(), contextlib.redirect_stdout(printed):
            pytest.main([*run, "-rf", FOLDER])

        failed = [line for line in printed.getvalue().splitlines() if line.startswith("FAILED")]
        names = sorted(line.split(" ")[1].rpartition("::")[2] for line in failed)
        self.assertEqual(names, ["test_loop", "test_nothing", "test_nothing"])

    def test_pytest_refuses_a_watch_that_does_not_exist(self) -> None:
        self.write({"pyproject.toml": STRICT.replace("assertions", "asertions")})
        told = io.StringIO()

        with self.inside(), contextlib.redirect_stderr(told):
            code = pytest.main([*NESTED_PYTEST, FOLDER])

        self.assertEqual(code, pytest.ExitCode.USAGE_ERROR)
        self.assertIn("strict names 'asertions'", told.getvalue())

    def runner(self):
        named = "quality_harness.testing.runner.QualityHarnessRunner"
        with override_settings(TEST_RUNNER=named):
            return get_runner(settings)(verbosity=0, interactive=False)

    def test_djangos_runner_counts(self) -> None:
        printed = io.StringIO()

        with self.inside(), contextlib.redirect_stderr(printed):
            runner = self.runner()
            with (
                mock.patch.object(runner, "setup_test_environment"),
                mock.patch.object(runner, "teardown_test_environment"),
                mock.patch.object(runner, "setup_databases"),
                mock.patch.object(runner, "teardown_databases"),
                mock.patch.object(runner, "run_checks"),
            ):
                failures = runner.run_tests([])

        self.assertEqual(failures, 1)
        self.assertIn("CaseTests.test_nothing asserts nothing", printed.getvalue())

    def test_djangos_runner_refuses_a_watch_that_does_not_exist(self) -> None:
        self.write({"pyproject.toml": STRICT.replace("assertions", "asertions")})

        with self.inside(), self.assertRaisesRegex(CommandError, "strict names 'asertions'"):
            self.runner()
