import os
import subprocess
import sys
from unittest import mock

from django.test import SimpleTestCase, tag

from quality_harness.finding import Finding
from quality_harness.gate import CouldNotRun, Project
from quality_harness.gates import clocks
from quality_harness.gates import tests as tests_gate
from quality_harness.gates.clocks import GATE, Options
from quality_harness.testing.clocks import INSTANTS
from quality_harness.testing.options import CLOCK
from quality_harness.testing.outcome import Failure
from quality_harness.tool import CLOCK_FILE, OUTCOME
from tests.harness.projects import ProjectCase, places

QUICK = ("-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist")
ONE = Options(instants=("leap-day",), arguments=QUICK, postgres=False)
# Each is right today. The name tells the instants at which it is wrong.
BOMBS = """
    import calendar
    import time
    import unittest
    from datetime import UTC, date, datetime, timedelta
    from zoneinfo import ZoneInfo


    class BombTests(unittest.TestCase):
        def test_next_hour_today(self):
            now = datetime.now()
            now.replace(hour=now.hour + 1)
            self.assertLess(now.hour, 23)

        def test_twice_the_present(self):
            first = date.today()
            time.sleep(1.1 if datetime.now().hour == 23 else 0)
            self.assertEqual(date.today(), first)

        def test_same_day_next_year(self):
            today = date.today()
            self.assertGreater(today.replace(year=today.year + 1), today)

        def test_next_month(self):
            today = date.today()
            self.assertGreater(today.replace(month=today.month + 1), today)

        def test_31_bits(self):
            self.assertEqual(len(int(time.time()).to_bytes(4, signed=True)), 4)

        def test_naive_local_time(self):
            later = datetime.now() + timedelta(hours=2)
            self.assertAlmostEqual(later.timestamp() - time.time(), 7200, delta=60)

        def test_naive_text(self):
            text = datetime.now().strftime("%Y-%m-%dT%H:%M:%S")
            self.assertAlmostEqual(datetime.fromisoformat(text).timestamp(), time.time(), delta=60)

        def test_hard_coded_expiry(self):
            self.assertLess(datetime.now(UTC), datetime(2027, 12, 31, tzinfo=UTC))

        def test_date_of_utc(self):
            self.assertEqual(date.today(), datetime.now(UTC).date())

        @unittest.skipIf((date.today().month, date.today().day) == (2, 29), "not today")
        def test_skipped(self):
            self.assertEqual(calendar.MONDAY, 0)
    """
HARMLESS = """
    import time
    import unittest
    from datetime import UTC, date, datetime, timedelta

    from freezegun import freeze_time


    class HarmlessTests(unittest.TestCase):
        @freeze_time("2026-06-15 12:00")
        def test_frozen(self):
            now = datetime.now()
            self.assertEqual(now.replace(hour=now.hour + 1), datetime(2026, 6, 15, 13))
            self.assertEqual(date.today() + timedelta(1), date(2026, 6, 16))

        def test_relative(self):
            expires = datetime.now(UTC) + timedelta(days=1)
            self.assertGreater(expires, datetime.now(UTC))

        def test_durations(self):
            began = time.monotonic()
            self.assertLess(time.monotonic() - began, 60)

        @unittest.skip("on every day")
        def test_skipped(self):
            self.assertEqual(1, 1)
    """
# Fails the first time that it runs at an instant, whatever the instant.
SHAKY = """
    import os
    import unittest
    from pathlib import Path


    class ShakyTests(unittest.TestCase):
        def test_it(self):
            marker = Path(__file__).with_name("ran")
            ran = marker.exists()
            if os.environ.get("QUALITY_HARNESS_CLOCK"):
                marker.touch()
                self.assertTrue(ran)
    """


class ClocksCase(ProjectCase):
    """A project whose tests are run now and at other instants."""

    def findings(self, *instants: str) -> tuple[Finding, ...]:
        options = Options(instants=instants, arguments=QUICK, postgres=False)
        return self.check(GATE, options=options).findings


@tag("slow")
class PlantedBombsTests(ClocksCase):
    """Every instant, in one project, whose tests are named after what is wrong with them."""

    def test_each_bomb_goes_off_at_its_instants_and_nothing_else_does(self) -> None:
        self.write({"test_bombs.py": BOMBS, "test_harmless.py": HARMLESS})
        expected = {
            "test_next_hour_today": {"midnight", "new-years-eve"},
            "test_twice_the_present": {"midnight", "new-years-eve"},
            "test_same_day_next_year": {"leap-day"},
            "test_next_month": {"new-years-eve"},
            "test_31_bits": {"year-2038"},
            "test_naive_local_time": {"dst-start"},
            "test_naive_text": {"dst-end"},
            "test_hard_coded_expiry": {"leap-day", "year-2038"},
            "test_date_of_utc": {"utc+14", "utc-11"},
            "test_skipped": {"leap-day"},
        }
        # The day on which this runs can be one of those: an ordinary noon is now.
        now = clocks._run(self.project(ONE), ONE, {CLOCK: "2026-06-15T12:00:00+00:00"})

        found: dict[str, set[str]] = {}
        with mock.patch.object(clocks, "left_outcome", return_value=now):
            for finding in self.findings(*INSTANTS):
                name = finding.message.partition(" ")[0].rpartition(".")[2]
                found.setdefault(name, set()).add(finding.message.rpartition(" at ")[2])

        self.assertEqual(set(found), set(expected))
        # On which days clocks change and what half a year ahead is hangs on the year.
        self.assertEqual({name: found[name] & expected[name] for name in expected}, expected)


@tag("slow")
class ReportTests(ClocksCase):
    def test_a_difference_names_place_test_instant_and_both_outcomes(self) -> None:
        self.write({"test_age.py": """
                    import datetime
                    import unittest


                    class AgeTests(unittest.TestCase):
                        def test_year(self):
                            self.assertLess(datetime.date.today().year, 2038)
                    """})

        (finding,) = self.findings("year-2038")

        self.assertEqual((finding.location.path, finding.location.line), ("test_age.py", 6))
        self.assertEqual(
            finding.message,
            "AgeTests.test_year passes now and fails: AssertionError: 2038 not less than 2038 "
            "at year-2038",
        )
        self.assertIn("pytest --clock year-2038 test_age.py -k 'test_year'", finding.hint)

    def test_a_test_that_fails_now_and_passes_then_differs_too(self) -> None:
        self.write({"test_age.py": """
                    import datetime

                    def test_year():
                        assert datetime.date.today().year == 2038
                    """})

        (finding,) = self.findings("year-2038")

        self.assertIn("test_year fails: ", finding.message)
        self.assertTrue(finding.message.endswith("now and passes at year-2038"))

    def test_what_passes_when_it_is_run_again_is_told_and_is_no_finding(self) -> None:
        self.write({"test_shaky.py": SHAKY})

        checked = self.check(GATE, options=ONE)

        self.assertEqual(places(checked), [])
        self.assertIn("ShakyTests.test_it failed once at leap-day and then passed", checked.note)

    def test_a_module_that_cannot_be_imported_then_is_a_finding(self) -> None:
        self.write({"test_age.py": """
                    import datetime

                    # There is a last year: 9999.
                    LATER = datetime.date.today().replace(year=datetime.date.today().year + 7962)

                    def test_it():
                        assert LATER
                    """})

        (finding,) = self.findings("year-2038")

        self.assertEqual(finding.location.path, "test_age.py")
        self.assertIn("is imported now and cannot be at year-2038: ValueError", finding.message)

    def test_a_module_that_is_no_file_has_no_place(self) -> None:
        finding = clocks._not_imported(self.project(), "leap-day", "nowhere", "ImportError")

        self.assertEqual(finding.location.path, "")

    def test_a_module_that_cannot_be_imported_now_is_could_not_run(self) -> None:
        self.write({"test_age.py": "import nowhere\n"})

        with self.assertRaisesRegex(CouldNotRun, "cannot be imported: test_age.py"):
            self.findings("year-2038")

    def test_a_run_that_dies_is_no_verdict_and_the_other_instants_are_told(self) -> None:
        self.write({"test_age.py": """
                    import datetime
                    import os

                    def test_year():
                        year = datetime.date.today().year
                        if year == 2038:
                            os._exit(3)
                        assert (datetime.date.today().month, year > 2027) != (2, True)
                    """})
        options = Options(("year-2038", "leap-day"), arguments=QUICK, postgres=False)

        checked = self.check(GATE, options=options)

        self.assertIn("At year-2038: pytest ended with exit code 3", checked.problem)
        self.assertEqual(len(checked.findings), 1)

    def test_tests_that_are_not_there_then_are_no_verdict(self) -> None:
        self.write({"test_age.py": """
                    import datetime
                    import pytest

                    @pytest.mark.parametrize("day", range(datetime.date.today().year // 2038 + 1))
                    def test_day(day):
                        assert day < 31
                    """})

        problem = self.check(GATE, options=Options(("year-2038",), arguments=QUICK, postgres=False))

        self.assertIn("1 tests are found now and 2 then", problem.problem)

    def test_a_test_without_a_file_is_found_all_the_same(self) -> None:
        test = Failure("", 0, "ShopTests.test_it", "AssertionError")

        finding = clocks._finding("midnight", clocks._Difference(test, "passes", "fails: no"))

        self.assertEqual((finding.location.path, finding.location.line), ("", 0))
        self.assertNotIn("pytest", finding.hint)


@tag("slow")
class NowTests(ClocksCase):
    """What the suite comes to now is taken from the gate `tests`, where that has run it."""

    def setUp(self) -> None:
        super().setUp()
        self.write({"test_count.py": """
                    from pathlib import Path

                    def test_it():
                        with Path(__file__).with_name("calls").open("a") as calls:
                            calls.write("x")
                    """})
        self.check(tests_gate.GATE, options=tests_gate.Options("pytest", QUICK, coverage=False))

    def calls(self) -> int:
        return len((self.root / "calls").read_text())

    def test_the_same_run_of_the_same_files_is_not_run_again(self) -> None:
        self.check(GATE, options=ONE)

        self.assertEqual(self.calls(), 2)

    def test_other_arguments_or_files_are_run(self) -> None:
        self.check(GATE, options=Options(("leap-day",), arguments=(*QUICK, "-x"), postgres=False))
        self.assertEqual(self.calls(), 3)

        self.write({"other.py": "A = 1\n"})
        self.check(GATE, options=ONE)
        self.assertEqual(self.calls(), 5)

    def test_what_cannot_be_read_is_run(self) -> None:
        (self.root / OUTCOME).write_text("{")

        self.check(GATE, options=ONE)

        self.assertEqual(self.calls(), 3)


class OptionsTests(ClocksCase):
    def test_no_instant_is_could_not_run(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "instants names none"):
            self.findings()

    def test_an_unknown_instant_is_could_not_run(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "Did you mean 'leap-day'"):
            self.findings("leapday")

    def test_an_unknown_runner_is_could_not_run(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "no runner 'nose'"):
            self.check(GATE, options=Options(runner="nose"))


class ServersTests(ClocksCase):
    """Whose clock is moved is said where it is not PostgreSQL's."""

    def servers(self, options: Options) -> tuple[dict[str, str], list[str]]:
        return clocks._servers(self.project(options), options)

    def test_a_server_of_another_keeps_its_clock(self) -> None:
        with mock.patch.dict(os.environ, {"DATABASE_URL": "postgresql://a/b"}):
            variables, notes = self.servers(Options())

        self.assertEqual(variables, {})
        self.assertIn("DATABASE_URL names a server that is not ours", notes[0])

    def test_a_server_that_cannot_be_moved_keeps_its_clock(self) -> None:
        with (
            mock.patch.dict(os.environ, {"DATABASE_URL": ""}),
            mock.patch.object(clocks.services, "environment", side_effect=CouldNotRun("no disk.")),
        ):
            self.assertEqual(
                self.servers(Options()), ({}, ["PostgreSQL keeps its own clock: no disk."])
            )

    def test_it_is_moved_where_it_is_ours(self) -> None:
        variables = {"DATABASE_URL": "a", "REDIS_URL": "b", CLOCK_FILE: "c"}
        with (
            mock.patch.dict(os.environ, {"DATABASE_URL": ""}),
            mock.patch.object(clocks.services, "environment", return_value=variables) as started,
        ):
            self.assertEqual(self.servers(Options()), (variables, []))

        started.assert_called_once_with(self.root, "clock")

    def test_a_project_can_do_without(self) -> None:
        _, notes = self.servers(Options(postgres=False))

        self.assertEqual(notes, ["PostgreSQL keeps its own clock, as configured"])


DJANGO = {
    "clock_settings.py": """
        import environ

        SECRET_KEY = "a"
        USE_TZ = True
        INSTALLED_APPS = ["events"]
        DATABASES = {"default": environ.Env().db("DATABASE_URL")}
        DATABASES["default"]["HOST"] = DATABASES["default"]["OPTIONS"].pop("host")
        DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
        TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"
        """,
    "events/__init__.py": "",
    "events/models.py": """
        from django.db import models
        from django.db.models.functions import Now


        class Event(models.Model):
            by_python = models.DateTimeField(auto_now_add=True)
            by_database = models.DateTimeField(db_default=Now())
        """,
    "checks/__init__.py": "",
    "checks/test_events.py": """
        from datetime import timedelta

        from django.db import connection
        from django.db.models.functions import Now
        from django.test import TestCase
        from django.utils import timezone
        from events.models import Event


        class EventTests(TestCase):
            def test_both_clocks_agree(self):
                event = Event.objects.create()
                event.refresh_from_db()
                difference = abs(event.by_python - event.by_database)
                self.assertLess(difference, timedelta(seconds=30))

            def test_every_function_of_postgresql(self):
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT now(), CURRENT_TIMESTAMP, clock_timestamp(), "
                        "statement_timestamp(), LOCALTIMESTAMP AT TIME ZONE 'UTC'"
                    )
                    for told in cursor.fetchone():
                        self.assertLess(abs(told - timezone.now()), timedelta(seconds=30))

            def test_what_is_due_is_found(self):
                Event.objects.create()
                self.assertEqual(Event.objects.filter(by_python__lte=Now()).count(), 1)

            def test_only_postgresql_is_old(self):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT extract(year FROM now())")
                    self.assertLess(cursor.fetchone()[0], 2038)
        """,
    "pyproject.toml": '[tool.quality_harness.testing]\npaths = ["checks"]\n',
}


@tag("slow")
class PostgresTests(ClocksCase, SimpleTestCase):
    """A project of Django's on a PostgreSQL from its wheel, whose clock is moved along."""

    def setUp(self) -> None:
        super().setUp()
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        self.write(DJANGO)
        self.addCleanup(self.stop)

    def stop(self) -> None:
        command = [sys.executable, "-m", "quality_harness.cli", "services", "stop"]
        subprocess.run(command, cwd=self.root, check=True, capture_output=True)

    def test_both_clocks_are_moved_together(self) -> None:
        options = Options(("year-2038", "midnight"), "django", ("--parallel", "2"))
        project: Project = self.project(options, settings="clock_settings")
        url = clocks.services.database_url("test", self.root)
        settings = DJANGO["clock_settings.py"].replace(
            'db("DATABASE_URL")', f'db("DATABASE_URL", default="{url}")'
        )
        self.write({"clock_settings.py": settings})

        checked = GATE.check(project)

        self.assertEqual(checked.problem, "")
        self.assertEqual(
            [one.message.partition(" ")[0] for one in checked.findings],
            ["EventTests.test_only_postgresql_is_old"],
        )
        self.assertEqual(checked.note, "at 2 instants")
