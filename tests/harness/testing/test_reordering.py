import json
import os
import sys
import tempfile
import time
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

from django.test.runner import DiscoverRunner

from quality_harness.testing import reorder_django, reordering
from quality_harness.testing.polluters import Dependence
from quality_harness.testing.reordering import Answer, Request, asked, in_fork, read_answer
from tests.harness.testing.suites import SuiteCase


class RequestTests(unittest.TestCase):
    def test_it_goes_through_the_environment(self) -> None:
        request = Request("answer.json", 7, 60.0)
        with mock.patch.dict(os.environ, request.variables()):
            self.assertEqual(asked(), request)


class InForkTests(unittest.TestCase):
    def test_what_it_does_changes_nothing_here(self) -> None:
        here = []

        def work() -> dict[str, str]:
            here.append(1)
            os.write(1, b"not to be seen")
            return {"a": "failed"}

        self.assertEqual(in_fork(work, 60), {"a": "failed"})
        self.assertEqual(here, [])

    def test_one_that_takes_too_long_is_ended(self) -> None:
        with self.assertRaises(reordering.OutOfTime):
            in_fork(lambda: time.sleep(60) or {}, 0.1)

    def test_one_that_breaks_says_why(self) -> None:
        for work, said in (
            (lambda: 1 / 0, "broke off: ZeroDivisionError: division by zero"),
            (lambda: sys.exit("no database"), "broke off: SystemExit: no database"),
            (lambda: os._exit(1), "broke off: the process was ended from outside"),
        ):
            with self.assertRaisesRegex(ChildProcessError, said):
                in_fork(work, 60)

    def test_the_work_itself_as_the_fork_does_it(self) -> None:
        reading, writing = os.pipe()
        with mock.patch.object(os, "_exit") as ended, mock.patch.object(os, "dup2"):
            reordering._work_and_end(lambda: {"a": "failed"}, writing)
        with os.fdopen(reading) as pipe:
            self.assertEqual(json.load(pipe), {"failed": {"a": "failed"}})
        ended.assert_called_once_with(0)

    def test_work_that_fails_as_the_fork_does_it(self) -> None:
        reading, writing = os.pipe()
        with mock.patch.object(os, "_exit"), mock.patch.object(os, "dup2"):
            reordering._work_and_end(lambda: 1 / 0, writing)
        with os.fdopen(reading) as pipe:
            self.assertEqual(json.load(pipe), {"problem": "ZeroDivisionError: division by zero"})

    def test_a_fork_does_the_work(self) -> None:
        class Ended(Exception):
            """Stands for the end of the process."""

        with (
            mock.patch.object(os, "fork", return_value=0),
            mock.patch.object(reordering, "_work_and_end", side_effect=Ended) as work,
            mock.patch.object(os, "pipe", return_value=(3, 4)),
            self.assertRaises(Ended),
        ):
            in_fork(dict, 60)
        work.assert_called_once_with(dict, 4)


class AnswerTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "answer.json")

    def answer(self, run, seconds: float = 60.0) -> Answer:
        names = ["a", "b", "c"]
        reordering.answer(Request(str(self.file), 0, seconds), names, names[::-1], run)
        return read_answer(self.file)

    def test_dependences_are_written_and_read(self) -> None:
        def run(tests) -> dict[str, str]:
            return {"a": "no"} if "b" in tests[:-1] and tests[-1] == "a" else {}

        self.assertEqual(self.answer(run), Answer(3, (Dependence("a", "no", "b"),)))

    def test_out_of_time_is_a_problem(self) -> None:
        said = self.answer(lambda tests: time.sleep(60), 0.1).problem
        self.assertEqual(said, "The tests in another order have not come to their end in 0.1 s")

    def test_a_broken_run_is_a_problem(self) -> None:
        self.assertIn("ZeroDivisionError", self.answer(lambda tests: 1 / 0).problem)


class QuietRunner(DiscoverRunner):
    """Django's runner, in a process that is set up already."""

    def setup_test_environment(self, **options) -> None:
        """Leave it to the run outside."""

    def teardown_test_environment(self, **options) -> None:
        """Leave it to the run outside."""

    def run_checks(self, databases) -> None:
        """Leave it to the run outside."""


def at_once(work, seconds):
    """Stand in for a fork, which coverage does not see."""
    return work()


ORDER = """
import os
import unittest

class State:
    seen = []

class AlphaTests(unittest.TestCase):
    def test_victim(self):
        self.assertNotIn("omega", State.seen)

class BetaTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if State.seen:
            raise LookupError("not clean")

    def test_in_a_class_that_cannot_be_set_up(self):
        pass

class OmegaTests(unittest.TestCase):
    def test_polluter(self):
        State.seen.append("omega")
"""


class RunnerTests(SuiteCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"checks/test_order.py": ORDER})
        self.file = self.root / "answer.json"

    def found(self, act, seed: int = 0) -> dict[str, str]:
        """Return what a run answers: which test fails after which."""
        request = Request(str(self.file), seed, 60.0)
        quiet = StringIO()
        with (
            self.inside(),
            mock.patch.dict(os.environ, request.variables()),
            redirect_stdout(quiet),
            redirect_stderr(quiet),
        ):
            act()
        answer = read_answer(self.file)
        self.assertEqual((answer.tests, answer.problem), (3, ""))
        short = [
            (each.test.replace("::", "."), each.other.replace("::", "."))
            for each in answer.dependences
        ]
        return {one.rpartition("order")[2]: other.rpartition("order")[2] for one, other in short}

    def by_django(self) -> None:
        with mock.patch.object(reorder_django, "get_runner", return_value=QuietRunner):
            reorder_django.main(["checks", "--parallel", "2"])

    def by_pytest(self) -> None:
        import pytest

        nested = [
            "-q",
            "-s",
            "-p",
            "no:cacheprovider",
            "-p",
            "quality_harness.testing.reorder_pytest",
        ]
        pytest.main([*nested, "checks"])

    def test_django_finds_the_polluter(self) -> None:
        expected = {
            ".AlphaTests.test_victim": ".OmegaTests.test_polluter",
            ".BetaTests.test_in_a_class_that_cannot_be_set_up": ".OmegaTests.test_polluter",
        }
        self.assertEqual(self.found(self.by_django), expected)

    def test_django_runs_the_tests_by_their_ids(self) -> None:
        with mock.patch.object(reordering, "in_fork", at_once):
            found = self.found(self.by_django)
        # Without a fork, a test fails alone as well as after the polluter.
        self.assertEqual(found, {})

    def test_django_shuffles_with_the_seed(self) -> None:
        self.assertLessEqual(len(self.found(self.by_django, seed=3)), 2)

    def test_pytest_finds_the_polluter(self) -> None:
        found = self.found(self.by_pytest)
        self.assertEqual(found[".py.AlphaTests.test_victim"], ".py.OmegaTests.test_polluter")
        self.assertEqual(len(found), 2)

    def test_pytest_runs_the_tests_by_their_ids(self) -> None:
        with mock.patch.object(reordering, "in_fork", at_once):
            self.assertEqual(self.found(self.by_pytest), {})

    def test_pytest_shuffles_with_the_seed(self) -> None:
        self.assertLessEqual(len(self.found(self.by_pytest, seed=3)), 2)
