import io
import sys
from types import SimpleNamespace
from unittest import mock

import pytest

from quality_harness.testing.last_run import read_failed, timed
from quality_harness.testing.plugin import pytest_cmdline_main
from tests.harness.testing.runs import RunCase
from tests.harness.testing.suites import FOLDER

SUITE = """
    import unittest
    from django.test import SimpleTestCase, tag


    class ATests(SimpleTestCase):
        def test_fails(self):
            self.assertEqual(1, 2)

        def test_passes(self):
            self.assertEqual(1, 1)


    class BTests(unittest.TestCase):
        def test_passes(self):
            self.assertEqual(1, 1)


    @tag("odd")
    class CTests(SimpleTestCase):
        @tag("slow")
        def test_slow(self):
            self.assertEqual(1, 1)

        def test_quick(self):
            self.assertEqual(1, 1)
    """
GREEN = SUITE.replace("(1, 2)", "(2, 2)")
TWICE = """
    from django.test import SimpleTestCase, tag


    def double(number):
        '''
        >>> double(2)
        4
        '''
        return 2 * number


    @tag("odd")
    class ATests(SimpleTestCase):
        @tag("odd")
        def test_odd(self):
            self.assertEqual(double(1), 2)
    """


class FailedTests(RunCase):
    def test_what_failed_under_one_runner_is_run_by_the_other(self) -> None:
        self.suite(SUITE)
        self.pytest()
        self.assertEqual(self.django(failed=True).order, ["ATests::test_fails"])

        self.suite(GREEN)
        self.assertEqual(self.pytest("--failed").order, ["ATests::test_fails"])
        self.assertEqual(read_failed(self.root), frozenset())

    def test_where_nothing_failed_all_of_it_is_run(self) -> None:
        self.suite(GREEN)

        for run in self.both("--failed", failed=True):
            self.assertEqual(len(run.order), 5)
            self.assertIn("nothing of this failed in the last run", run.output)

    def test_what_did_not_run_keeps_its_outcome(self) -> None:
        self.suite(SUITE)
        self.pytest()

        self.pytest("--slowest", "1", "-k", "BTests")

        self.assertEqual(read_failed(self.root), {f"{FOLDER}/test_it.py::ATests::test_fails"})

    def test_a_file_that_is_no_list_is_no_memory(self) -> None:
        self.write({".quality_harness/failed-tests.json": "{"})

        self.assertEqual(read_failed(self.root), frozenset())

    def test_a_module_that_cannot_be_imported_is_noted(self) -> None:
        self.suite("import nothing_of_this_name")

        run = self.django()

        self.assertEqual(run.code, 1)


class ShardedTests(RunCase):
    def test_both_runners_have_the_same_parts(self) -> None:
        self.suite(GREEN)
        seen: list[str] = []

        for number in ("1/2", "2/2"):
            first, second = self.both("--shard", number, shard=_shard(number))
            self.assertEqual(set(first.order), set(second.order))
            self.assertRegex(second.output, rf"shard {number}: \d of 5 tests")
            seen += second.order

        self.assertEqual(len(seen), 5)

    def test_a_part_without_a_test_could_not_run(self) -> None:
        self.suite(GREEN)

        first, second = self.both("--shard", "4/4", shard=_shard("4/4"))

        self.assertEqual(second.code, 2)
        self.assertEqual(
            second.output, "Shard 4/4 has no test: there are 3 classes. Use fewer shards."
        )
        self.assertEqual(first.code, pytest.ExitCode.USAGE_ERROR)


class TimeLimitTests(RunCase):
    SLEEPY = """
        import contextlib
        import time
        import unittest


        class ATests(unittest.TestCase):
            def test_hangs(self):
                time.sleep(30)
                self.assertTrue(True)

            def test_swallows(self):
                with contextlib.suppress(Exception):
                    time.sleep(30)
                self.assertTrue(True)

            def test_is_quick(self):
                self.assertTrue(True)
        """

    def test_ends_a_test_that_hangs(self) -> None:
        self.suite(self.SLEEPY)

        for run in self.both("--time-limit", "0.5", time_limit=0.5):
            self.assertEqual(run.failed, {"ATests::test_hangs", "ATests::test_swallows"})
            self.assertEqual(run.passed, {"ATests::test_is_quick"})
            self.assertIn("TST002 ATests.test_hangs takes longer than 0.5 s.", run.output)
            self.assertIn("TST002 ATests.test_swallows takes longer than 0.5 s.", run.output)
            self.assertIn("time limit: 0.5 s a test", run.output)

    def test_ends_a_function_and_its_fixture(self) -> None:
        self.suite("""
            import time

            import pytest


            @pytest.fixture
            def slow():
                time.sleep(30)


            def test_hangs():
                time.sleep(30)


            def test_waits(slow):
                pass
            """)

        self.assertEqual(self.pytest("--time-limit", "0.5").failed, {"test_hangs", "test_waits"})

    def test_is_configured(self) -> None:
        self.suite(self.SLEEPY, "time_limit = 0.5")

        for run in self.both():
            self.assertEqual(len(run.failed), 2)


class SlowestTests(RunCase):
    def test_names_the_slowest(self) -> None:
        self.suite(GREEN)

        for run in self.both("--slowest", "2", slowest=2):
            times = [
                line for line in run.output.splitlines() if f" s  {FOLDER}/test_it.py::" in line
            ]
            self.assertEqual(len(times), 2)

    def test_an_interrupted_run_leaves_no_variable(self) -> None:
        with timed(True), mock.patch.dict("os.environ", clear=True):
            pass

        self.assertNotIn("QUALITY_HARNESS_TIMES", __import__("os").environ)


class TagTests(RunCase):
    def test_tags_are_markers_under_strict_markers(self) -> None:
        self.suite(GREEN)

        run = self.pytest("-p", "django", "--strict-markers", "-m", "slow")

        self.assertEqual(run.order, ["CTests::test_slow"])

    def test_a_tag_of_class_and_method_is_one_marker_and_a_doctest_has_none(self) -> None:
        self.suite(TWICE)

        run = self.pytest("-p", "django", "--doctest-modules", "--strict-markers", "--tag", "odd")

        self.assertEqual(run.order, ["ATests::test_odd"])

    def test_tags_choose_under_both_runners(self) -> None:
        self.suite(GREEN)

        first = self.pytest("-p", "django", "--tag", "odd", "--exclude-tag", "slow")
        second = self.django(tags=["odd"], exclude_tags=["slow"])

        self.assertEqual(first.order, ["CTests::test_quick"])
        self.assertEqual(second.order, ["CTests::test_quick"])

    def test_without_django_no_tag_is_looked_for(self) -> None:
        self.suite("class TestIt:\n    def test_it(self): assert True\n")

        with mock.patch.dict(sys.modules):
            sys.modules.pop("django")
            run = self.pytest("--tag", "odd")

        self.assertEqual(run.order, [])


class ShuffleTests(RunCase):
    def test_a_seed_repeats_an_order(self) -> None:
        self.suite(GREEN)

        orders = [self.pytest("--shuffle", "11").order for _ in range(2)]

        self.assertEqual(orders[0], orders[1])
        self.assertNotEqual(orders[0], self.pytest().order)

    def test_a_new_seed_is_told(self) -> None:
        self.suite(GREEN)

        self.assertRegex(self.pytest("--shuffle").output, r"random order: --shuffle \d+ repeats it")

    def test_a_worker_has_the_seed_of_its_controller(self) -> None:
        from quality_harness.testing.pytest_options import Selection

        selection = mock.Mock(seed=5)
        node = SimpleNamespace(workerinput={})

        Selection.pytest_configure_node(selection, node)

        self.assertEqual(node.workerinput, {"quality_harness_seed": 5})

    def test_what_failed_is_noted_by_the_controller_alone(self) -> None:
        from quality_harness.testing.pytest_options import Selection

        session = SimpleNamespace(config=SimpleNamespace(workerinput={}))
        with mock.patch("quality_harness.testing.last_run.write_failed") as write:
            Selection.pytest_sessionfinish(mock.Mock(), session)

        write.assert_not_called()


class TranslatedTests(RunCase):
    def translate(self, **options: object) -> SimpleNamespace:
        option = SimpleNamespace(**options)
        config = mock.Mock(option=option, spec=["option", "getoption", "pluginmanager"])
        config.getoption = lambda name, default: getattr(option, name, default)
        hook = pytest_cmdline_main(config)
        next(hook)
        with self.assertRaises(StopIteration):
            hook.send(0)
        return option

    def test_failfast_stops_at_the_first_failure(self) -> None:
        self.assertEqual(self.translate(failfast=True).maxfail, 1)

    def test_parallel_is_numprocesses(self) -> None:
        self.assertEqual(self.translate(parallel="3").numprocesses, 3)
        self.assertEqual(self.translate(parallel="auto").numprocesses, "auto")

    def test_parallel_without_xdist_is_refused(self) -> None:
        self.suite(GREEN)

        self.assertEqual(self.pytest("--parallel", "2").code, pytest.ExitCode.USAGE_ERROR)

    def test_parallel_wants_a_number(self) -> None:
        with self.assertRaisesRegex(pytest.UsageError, "--parallel many"):
            self.translate(parallel="many")


class ProgressTests(RunCase):
    def test_a_terminal_is_shown_how_far_the_run_is(self) -> None:
        tests = "\n".join(f"    def test_{n}(self): self.assertTrue(1)" for n in range(80))
        self.write(
            {f"{FOLDER}/test_it.py": f"import unittest\nclass A(unittest.TestCase):\n{tests}"}
        )

        self.assertIn(" [ 90%]", self.django(stream=_Terminal).output)
        self.assertNotIn("[ 90%]", self.django().output)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class LabelTests(RunCase):
    def test_djangos_runner_takes_an_id_of_pytest(self) -> None:
        self.suite(GREEN)

        run = self.django(f"{FOLDER}/test_it.py::BTests::test_passes")

        self.assertEqual(run.order, ["BTests::test_passes"])


def _shard(text: str) -> object:
    from quality_harness.testing.selection import Shard

    return Shard.parse(text)
