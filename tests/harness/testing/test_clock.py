import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import time_machine
from django.core.signing import BadSignature, TimestampSigner
from django.test import SimpleTestCase, override_settings, tag
from django.utils import timezone
from freezegun import freeze_time
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from quality_harness.gate import CouldNotRun
from quality_harness.testing import caches, clock, runner
from quality_harness.testing.clock import Clock, moved, moved_clock
from quality_harness.testing.clock_suites import ClockedSuite
from quality_harness.testing.last_run import read_failed
from quality_harness.testing.options import CLOCK
from quality_harness.tool import CLOCK_FILE
from tests.harness.testing.runs import RunCase

FUTURE = "2031-05-06T07:08:09+00:00"
AT = datetime.fromisoformat(FUTURE)


class ClockCase(SimpleTestCase):
    """A test of this process's clock, which is the true one before and after."""

    def setUp(self) -> None:
        super().setUp()
        # Where the whole suite runs at another instant, that is for the others.
        stopped = mock.patch.object(clock, "_moved", [])
        stopped.start()
        self.addCleanup(stopped.stop)


class MovedTests(ClockCase):
    def test_every_way_to_ask_for_the_time_tells_the_moved_one(self) -> None:
        with moved(FUTURE) as made:
            made.begin()
            told = [time.time(), datetime.now().timestamp(), timezone.now().timestamp()]
            self.assertEqual(date.today(), AT.date())
            self.assertEqual(time.strftime("%Y"), "2031")

        for seconds in told:
            self.assertAlmostEqual(seconds, AT.timestamp(), delta=60)

    def test_it_runs_on(self) -> None:
        with moved(FUTURE) as made:
            made.begin()
            first = time.time_ns()
            while time.time_ns() == first:
                continue

        self.assertGreaterEqual(first, AT.timestamp() * 10**9)

    def test_afterwards_the_time_and_the_environment_are_true_again(self) -> None:
        before = os.environ.get(CLOCK), os.environ.get("TZ"), timezone.now()

        with moved("utc+14"):
            self.assertEqual(os.environ[CLOCK], "utc+14")

        self.assertEqual((os.environ.get(CLOCK), os.environ.get("TZ")), before[:2])
        self.assertLess(timezone.now() - before[2], timedelta(minutes=30))
        self.assertIsNone(moved_clock())

    def test_a_clock_that_was_moved_early_stays(self) -> None:
        early = Clock(FUTURE)
        self.addCleanup(early.stop)

        with moved(FUTURE) as made:
            self.assertIs(made, early)

        self.assertIs(moved_clock(), early)

    def test_what_is_set_up_for_all_is_older_than_what_a_class_makes(self) -> None:
        with moved(FUTURE) as made:
            loaded = timezone.now()
            with made.before():
                shared = timezone.now()
            own = timezone.now()

        self.assertLess(loaded, AT)
        self.assertLess(shared, AT)
        self.assertGreaterEqual(own, AT)

    def test_an_instant_is_told_from_the_true_time(self) -> None:
        with moved(FUTURE):
            self.assertLess(clock.true_time(), AT)

    def test_without_time_machine_the_time_is_true(self) -> None:
        before = clock.true_time()
        with mock.patch.dict(sys.modules):
            sys.modules.pop("time_machine", None)
            self.assertLess(clock.true_time() - before, timedelta(minutes=30))

    def test_without_django_there_is_no_zone(self) -> None:
        with mock.patch.dict(sys.modules):
            del sys.modules["django.conf"]
            self.assertIsNone(clock._zone())

    def test_a_class_is_new_once(self) -> None:
        with moved(FUTURE) as made:
            self.assertEqual([made.is_new(each) for each in (int, int, str)], [True, False, True])

    def test_it_needs_time_machine(self) -> None:
        with (
            mock.patch("importlib.util.find_spec", return_value=None),
            self.assertRaisesRegex(CouldNotRun, "time_machine is not installed"),
        ):
            Clock(FUTURE)


class ZoneTests(ClockCase):
    def test_an_instant_elsewhere_moves_djangos_time_zone_and_the_processs(self) -> None:
        with moved("utc+14") as made:
            made.begin()
            self.assertEqual(timezone.get_default_timezone_name(), "Pacific/Kiritimati")
            self.assertEqual(timezone.localdate() - timezone.now().date(), timedelta(days=1))
            self.assertEqual(datetime.now().date(), timezone.localdate())

        self.assertNotEqual(timezone.get_default_timezone_name(), "Pacific/Kiritimati")

    def test_the_instant_is_one_of_the_projects_time_zone(self) -> None:
        with override_settings(TIME_ZONE="Asia/Tokyo"), moved("midnight") as made:
            made.begin()
            self.assertEqual(timezone.localtime().strftime("%H:%M"), "23:59")

    def test_without_settings_it_is_the_processs_time_zone_alone(self) -> None:
        with mock.patch.object(clock, "_zone", return_value=None), moved("utc-11") as made:
            made.begin()
            self.assertEqual(time.strftime("%z"), "-1100")
            self.assertEqual(timezone.get_default_timezone_name(), "UTC")

        self.assertNotEqual(time.strftime("%z"), "-1100")

    def test_without_django_there_are_no_settings(self) -> None:
        script = "from quality_harness.testing import clock; print(clock._zone())"
        with_django = f"import django.conf; {script}"
        variables = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
        for text in (script, with_django):
            done = subprocess.run(
                [sys.executable, "-c", text], env=variables, capture_output=True, text=True
            )
            self.assertEqual(done.stdout, "None\n", done.stderr)


class InterplayTests(ClockCase):
    """What reads the time, and what freezes it, under a moved clock."""

    def setUp(self) -> None:
        super().setUp()
        stack = moved(FUTURE)
        stack.__enter__().begin()
        self.addCleanup(stack.__exit__, None, None, None)

    def assertMoved(self) -> None:
        self.assertAlmostEqual(time.time(), AT.timestamp(), delta=300)

    def test_time_that_a_test_freezes_wins_and_is_given_back(self) -> None:
        with freeze_time("2026-01-01"):
            self.assertEqual(datetime.now(), datetime(2026, 1, 1))
            with freeze_time("2025-01-01"):
                self.assertEqual(timezone.now().year, 2025)
        self.assertMoved()

        with time_machine.travel(0, tick=False):
            self.assertEqual(time.time(), 0)
        self.assertMoved()

    def test_tokens_live_as_long_as_ever(self) -> None:
        token = str(AccessToken())
        signed = TimestampSigner().sign("a")

        self.assertEqual(AccessToken(token)["token_type"], "access")
        self.assertEqual(TimestampSigner().unsign(signed, max_age=60), "a")
        with freeze_time(AT + timedelta(days=1)):
            self.assertRaises(TokenError, AccessToken, token)
            self.assertRaises(BadSignature, TimestampSigner().unsign, signed, max_age=60)

    def test_an_id_made_of_the_time_is_of_the_moved_one(self) -> None:
        seconds = (uuid.uuid1().time - 0x01B21DD213814000) / 10**7

        self.assertAlmostEqual(seconds, AT.timestamp(), delta=300)

    def test_timers_keep_the_true_time(self) -> None:
        self.assertLess(abs(time.monotonic() - time.clock_gettime(time.CLOCK_MONOTONIC)), 60)


class PostgresFileTests(ClockCase):
    def test_by_how_much_the_clock_is_off_stands_in_the_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "clock")
            with mock.patch.dict(os.environ, {CLOCK_FILE: str(file)}):
                true = datetime.now(UTC)
                with moved(FUTURE) as made:
                    made.begin()
                    offset = float(file.read_text())
                after = float(file.read_text())

            self.assertEqual(os.listdir(folder), ["clock"])
        self.assertAlmostEqual(offset, (AT - true).total_seconds(), delta=60)
        self.assertEqual(after, 0)


SUITE = """
    import datetime
    import os
    import time
    import unittest

    LOADED = datetime.datetime.now(datetime.UTC)
    SHARED = []


    def setUpModule():
        SHARED.append(datetime.datetime.now(datetime.UTC))


    class ATests(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.at = datetime.datetime.now(datetime.UTC)
            time.sleep(0.02)

        def test_one(self):
            self.assertLess(datetime.datetime.now(datetime.UTC) - self.at, datetime.timedelta(1))
            self.assertEqual((self.at.year, self.at.second), (2031, 9))
            self.assertLess(LOADED.year, 2032)
            self.assertGreater(LOADED.year, 2030)
            self.assertLess(SHARED[0], self.at)

        def test_two(self):
            self.assertGreater(datetime.datetime.now(datetime.UTC), self.at)

    class BTests(unittest.TestCase):
        at = ATests

        @classmethod
        def setUpClass(cls):
            cls.at = datetime.datetime.now(datetime.UTC)

        def test_one(self):
            self.assertLess(self.at - ATests.at, datetime.timedelta(milliseconds=20))
    """


class BothRunnersTests(RunCase):
    def test_each_class_begins_at_the_instant(self) -> None:
        self.suite(SUITE)

        for run in self.both("--clock", FUTURE, clock=FUTURE):
            self.assertEqual(run.failed, set(), run.output)
            self.assertEqual(len(run.passed), 3)
            self.assertIn(f"clock: {FUTURE}", run.output)

    def test_without_the_option_time_is_true(self) -> None:
        self.suite(SUITE)

        for run in self.both():
            self.assertIn("ATests::test_one", run.failed)
            self.assertNotIn("clock:", run.output)

    def test_the_environment_asks_for_it_too(self) -> None:
        self.suite(SUITE)

        with mock.patch.dict(os.environ, {CLOCK: FUTURE}):
            for run in self.both():
                self.assertEqual(run.failed, set(), run.output)

    def test_functions_of_a_module_begin_at_the_instant_too(self) -> None:
        self.suite("""
            import datetime

            def test_it():
                assert datetime.datetime.now().year == 2031
            """)

        self.assertEqual(self.pytest("--clock", FUTURE).passed, {"test_it"})

    def test_a_clock_that_was_moved_early_is_used(self) -> None:
        self.suite(SUITE)
        early = Clock(FUTURE)
        self.addCleanup(early.stop)

        self.assertEqual(self.pytest("--clock", FUTURE).failed, set())
        self.assertIs(moved_clock(), early)

    def test_what_fails_then_has_not_failed_now(self) -> None:
        self.suite("""
            import datetime
            import unittest


            class ATests(unittest.TestCase):
                def test_it(self):
                    self.assertLess(datetime.date.today().year, 2031)
            """)

        for run in self.both("--clock", FUTURE, clock=FUTURE):
            self.assertEqual(run.failed, {"ATests::test_it"})

        self.assertEqual(read_failed(self.root), frozenset())
        with mock.patch.dict(os.environ, {CLOCK: FUTURE}):
            self.assertEqual(len(read_failed(self.root)), 1)

    def test_an_instant_that_there_is_not_ends_the_run(self) -> None:
        self.suite(SUITE)

        with mock.patch("sys.stderr"):
            self.assertEqual(self.pytest("--clock", "leapday").code, 4)

    def test_without_time_machine_nothing_runs(self) -> None:
        self.suite(SUITE)
        missing = CouldNotRun("time_machine is not installed")

        with (
            mock.patch.object(clock, "require", side_effect=missing),
            contextlib.redirect_stderr(io.StringIO()) as errors,
        ):
            runs = self.both("--clock", FUTURE, clock=FUTURE)

        self.assertEqual([(run.code, run.order) for run in runs], [(4, []), (2, [])])
        self.assertIn("time_machine is not installed", errors.getvalue())
        self.assertIn("time_machine is not installed", runs[1].output)


class SuiteTests(ClockCase):
    def test_a_suite_without_a_clock_runs_as_ever(self) -> None:
        suite = ClockedSuite([MovedTests("test_a_class_is_new_once")])

        result = suite.run(unittest.TestResult())

        self.assertEqual((result.testsRun, result.failures, result.errors), (1, [], []))

    def test_a_spawned_process_moves_its_own_clock(self) -> None:
        for each in (
            mock.patch.dict(os.environ, {CLOCK: FUTURE}),
            mock.patch.object(runner.ParallelTestSuite, "init_worker"),
            mock.patch.object(caches, "separate_caches"),
            mock.patch("multiprocessing.get_start_method", return_value="spawn"),
        ):
            self.enterContext(each)
        self.addCleanup(runner._worker.close)

        runner.init_worker()

        self.assertGreater(timezone.now().year, 2030)


@tag("slow")
class ProcessTests(RunCase):
    def test_workers_of_both_runners_have_the_clock(self) -> None:
        self.suite(SUITE)
        variables = {**os.environ, "PYTEST_ADDOPTS": "", "DJANGO_SETTINGS_MODULE": ""}
        command = ["pytest", "-q", "-p", "no:django", "--clock", FUTURE, "--parallel", "2"]

        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root,
            env=variables,
            capture_output=True,
            text=True,
        )

        self.assertIn("3 passed", done.stdout)
