import copy

from django.db import connection
from django.db.utils import OperationalError
from django.test import TransactionTestCase, tag

from quality_harness.migrations.probe.opening import opened_meanwhile


def nothing(*arguments: object) -> None:
    """Do nothing."""


@tag("slow")
class OpenedMeanwhileTests(TransactionTestCase):
    def setUp(self) -> None:
        self.wrapper = connection.copy()
        self.addCleanup(self.wrapper.close)

    def test_what_was_begun_is_there_for_who_takes_the_connection(self):
        steps: list[str] = []

        def begin(cursor) -> None:
            steps.append("begun")
            cursor.execute("SET application_name TO 'begun'")

        with (
            opened_meanwhile(self.wrapper, lambda: steps.append("prepared"), begin),
            self.wrapper.cursor() as cursor,
        ):
            cursor.execute("SHOW application_name")
            found = cursor.fetchone()

        self.assertEqual((steps, found), (["prepared", "begun"], ("begun",)))

    def test_the_next_connection_is_opened_as_ever(self):
        with opened_meanwhile(self.wrapper, nothing, nothing):
            self.wrapper.ensure_connection()
        first = self.wrapper.connection
        self.wrapper.close()

        self.wrapper.ensure_connection()

        self.assertIsNot(self.wrapper.connection, first)

    def test_a_connection_that_nobody_takes_is_closed(self):
        opened: list = []

        with opened_meanwhile(self.wrapper, nothing, lambda cursor: opened.append(cursor)):
            pass

        self.assertTrue(opened[0].connection.closed)
        self.assertIsNone(self.wrapper.connection)

    def test_a_server_that_is_away_is_told_to_who_needs_it(self):
        self.wrapper.settings_dict = copy.deepcopy(self.wrapper.settings_dict)
        self.wrapper.settings_dict["NAME"] = "quality_harness_is_not_there"

        with (
            opened_meanwhile(self.wrapper, nothing, nothing),
            self.assertRaises(OperationalError),
        ):
            self.wrapper.ensure_connection()

    def test_a_server_that_is_away_does_not_hide_another_failure(self):
        self.wrapper.settings_dict = copy.deepcopy(self.wrapper.settings_dict)
        self.wrapper.settings_dict["NAME"] = "quality_harness_is_not_there"

        with (
            self.assertRaises(ZeroDivisionError),
            opened_meanwhile(self.wrapper, nothing, nothing),
        ):
            raise ZeroDivisionError
