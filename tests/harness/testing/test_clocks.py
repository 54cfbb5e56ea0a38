import unittest
import unittest.mock
from datetime import UTC, datetime, timedelta

from quality_harness.gate import CouldNotRun
from quality_harness.testing import clocks
from quality_harness.testing.clocks import INSTANTS, check_instant, find_instant

NOW = datetime(2026, 11, 28, 14, 5, 7, tzinfo=UTC)


class InstantTests(unittest.TestCase):
    def shown(self, text: str, zone: str = "UTC", now: datetime = NOW) -> str:
        """Return the wall clock's time, offset and all."""
        return find_instant(text, now, zone).at.isoformat()

    def test_midnight_is_one_second_away_where_the_project_is(self) -> None:
        self.assertEqual(self.shown("midnight"), "2026-11-28T23:59:59+00:00")
        self.assertEqual(self.shown("midnight", "Asia/Tokyo"), "2026-11-28T23:59:59+09:00")

    def test_new_years_eve_ends_the_year(self) -> None:
        self.assertEqual(self.shown("new-years-eve"), "2026-12-31T23:59:59+00:00")

    def test_the_leap_day_is_the_next_one(self) -> None:
        self.assertEqual(self.shown("leap-day"), "2028-02-29T12:00:00+00:00")
        today = datetime(2028, 2, 29, 1, tzinfo=UTC)
        self.assertEqual(self.shown("leap-day", now=today), "2032-02-29T12:00:00+00:00")

    def test_half_a_year_ahead_is_the_other_half_of_the_year(self) -> None:
        self.assertEqual(self.shown("half-a-year-ahead"), "2027-05-29T14:05:07+00:00")

    def test_2038_is_after_31_bits_are_full(self) -> None:
        self.assertGreater(find_instant("year-2038", NOW, "UTC").at.timestamp(), 2**31)

    def test_clocks_go_forward_one_second_later(self) -> None:
        instant = find_instant("dst-start", NOW, "America/New_York")

        self.assertEqual(instant.at.isoformat(), "2027-03-14T01:59:59-05:00")
        later = (instant.at.astimezone(UTC) + timedelta(seconds=1)).astimezone(instant.at.tzinfo)
        self.assertEqual(later.isoformat(), "2027-03-14T03:00:00-04:00")

    def test_the_hour_that_comes_twice_has_come_the_second_time(self) -> None:
        instant = find_instant("dst-end", NOW, "America/New_York")

        self.assertEqual(instant.at.isoformat(), "2027-11-07T01:30:00-05:00")
        self.assertEqual(instant.at.fold, 1)

    def test_half_an_hour_of_daylight_saving_time_has_its_middle_too(self) -> None:
        self.assertEqual(self.shown("dst-end", "Australia/Lord_Howe"), "2027-04-04T01:45:00+10:30")

    def test_a_zone_whose_clocks_never_change_is_given_another_one(self) -> None:
        instant = find_instant("dst-start", NOW, "UTC")

        self.assertEqual(instant.zone, "Europe/Berlin")
        self.assertEqual(instant.at.isoformat(), "2027-03-28T01:59:59+01:00")

    def test_where_no_clock_changes_any_more_that_is_said(self) -> None:
        with (
            unittest.mock.patch.object(clocks, "_CHANGING", "Asia/Tokyo"),
            self.assertRaisesRegex(CouldNotRun, "neither in UTC nor in Asia/Tokyo"),
        ):
            find_instant("dst-end", NOW, "UTC")

    def test_the_zones_at_the_ends_of_the_world_have_another_date_than_utc(self) -> None:
        self.assertEqual(self.shown("utc+14"), "2026-11-29T12:00:00+00:00")
        for hour in range(24):
            now = NOW.replace(hour=hour)
            for name in ("utc+14", "utc-11"):
                instant = find_instant(name, now, "UTC")
                there = instant.at.astimezone(clocks.ZoneInfo(instant.zone))
                self.assertNotEqual(there.date(), instant.at.date())
                self.assertGreater(instant.at, now)

    def test_a_time_with_its_offset_is_taken_as_it_is(self) -> None:
        self.assertEqual(self.shown("2030-01-01T00:00:00+05:00"), "2030-01-01T00:00:00+05:00")

    def test_a_time_without_an_offset_is_refused_with_one(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, r"Write 2030-01-01T00:00:00\+00:00 for UTC"):
            check_instant("2030-01-01")

    def test_an_unknown_name_is_refused_with_the_nearest_one(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "no instant 'leapday'. Did you mean 'leap-day'"):
            check_instant("leapday")

    def test_every_name_is_an_instant(self) -> None:
        self.assertEqual([check_instant(name) for name in INSTANTS], list(INSTANTS))
