import asyncio
from datetime import UTC, datetime

from django.db import connection
from django.test import TestCase
from django.utils import timezone
from freezegun import freeze_time

from tests.reference_app.factories import TagFactory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class FrozenTimeTests(TestCase):
    def test_what_python_stamps_is_frozen(self) -> None:
        with freeze_time(NOON):
            self.assertEqual(TagFactory().created_at, NOON)

    def test_time_goes_on_when_it_is_told_to(self) -> None:
        with freeze_time(NOON) as clock:
            clock.tick(60)
            self.assertEqual(timezone.now().minute, 1)

    def test_the_clock_of_the_database_goes_on(self) -> None:
        with freeze_time(NOON), connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            self.assertNotEqual(cursor.fetchone()[0].date(), NOON.date())

    def test_async_code_waits_only_with_the_real_clock_of_asyncio(self) -> None:
        with freeze_time(NOON, real_asyncio=True):
            asyncio.run(asyncio.sleep(0.01))
            self.assertEqual(timezone.now(), NOON)
