"""Tests of migrations on a database of their own."""

import contextlib
import unittest
from typing import Any
from unittest import mock

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import TestCase

from common.models import FeatureFlag
from quality_harness.testing.migration_case import MigrationTestCase, own_database
from quality_harness.testing.server import Server, copy_name, is_copy
from tests.harness.testing.scratch import alias, control, entry, names


class MigrateTests(MigrationTestCase):
    migrate_from = (("author", "0001"),)

    def tables(self) -> list[str]:
        return connection.introspection.table_names()

    def test_it_begins_with_the_migrations_asked_for_and_what_they_need(self) -> None:
        applied = set(MigrationRecorder(connection).applied_migrations())
        self.assertIn(("author", "0001_initial"), applied)
        self.assertIn(("accounts", "0001_initial"), applied)
        self.assertNotIn(("author", "0002_follow"), applied)
        self.assertNotIn("blog_blog", self.tables())

    def test_rows_are_made_with_the_old_models_and_read_with_the_new_ones(self) -> None:
        user = self.apps.get_model("accounts", "User").objects.create(email="a@example.com")
        old = self.apps.get_model("author", "Author").objects.create(user=user, pen_name="Ann")
        new = self.migrate(("author", "0002_follow"))
        author = new.get_model("author", "Author").objects.get(pk=old.pk)
        user = new.get_model("accounts", "User").objects.create(email="b@example.com")
        new.get_model("author", "Follow").objects.create(author=author, follower=user)
        self.assertEqual((author.pen_name, author.followers.count()), ("Ann", 1))
        self.assertIs(self.apps, new)

    def test_it_goes_back(self) -> None:
        self.migrate(("author", "0002"))
        self.assertIn("author_follow", self.tables())
        apps = self.migrate(("author", "0001"))
        self.assertNotIn("author_follow", self.tables())
        with self.assertRaises(LookupError):
            apps.get_model("author", "Follow")

    def test_none_is_the_app_without_tables(self) -> None:
        self.migrate(("author", None))
        self.assertNotIn("author_author", self.tables())

    def test_migrations_that_commit_by_themselves_run(self) -> None:
        self.migrate(("blog", "0005_indexes"))
        self.assertIn(("blog", "0005_indexes"), MigrationRecorder(connection).applied_migrations())

    def test_a_migration_that_there_is_not_is_an_error(self) -> None:
        with self.assertRaisesMessage(LookupError, "of 'common' begins with '0009'. There are: 0"):
            self.migrate(("common", "0009"))
        with self.assertRaisesMessage(
            LookupError, "of 'comon' begins with '0001'. There are: none"
        ):
            self.migrate(("comon", "0001"))

    def test_several_that_begin_alike_are_an_error(self) -> None:
        with self.assertRaisesMessage(LookupError, "There are: 0001_initial, 0002_user_email"):
            self.migrate(("accounts", "000"))


class OthersTests(TestCase):
    """What tests of migrations leave of what all tests use."""

    def run_case(self, body: Any, migrate_from: Any = (("common", "0001"),)) -> Any:
        """Run a test of migrations inside of this one, and return its result."""

        class Inner(MigrationTestCase):
            databases = {"inner"}
            using = "inner"

            def test_it(self) -> None:
                body(self)

        Inner.migrate_from = migrate_from
        result = unittest.TestResult()
        name = connection.settings_dict["NAME"]
        making = mock.patch.object(Server, "make", autospec=True, side_effect=Server.make)
        with alias(self, "inner", entry(name)) as inner, making as made:
            Inner("test_it").run(result)
            self.made = made.call_args.args[1]
            self.assertEqual(inner.settings_dict["NAME"], name)
        return result

    def assert_nothing_is_left(self) -> None:
        with contextlib.closing(control()) as server:
            self.assertEqual(names(server, self.made), [])
        self.assertTrue(is_copy(self.made))
        self.assertEqual(FeatureFlag.objects.count(), 0)
        self.assertIn("blog_blog", connection.introspection.table_names())

    def test_a_test_that_passes_leaves_nothing(self) -> None:
        def body(case: MigrationTestCase) -> None:
            flags = case.apps.get_model("common", "FeatureFlag").objects.using("inner")
            flags.create(name="x", enabled=True)
            case.assertEqual(flags.count(), 1)

        result = self.run_case(body)
        self.assertTrue(result.wasSuccessful(), result.errors)
        self.assert_nothing_is_left()

    def test_a_test_that_fails_leaves_nothing(self) -> None:
        result = self.run_case(lambda case: case.fail("no"))
        self.assertEqual(len(result.failures), 1)
        self.assert_nothing_is_left()

    def test_a_set_up_that_fails_leaves_nothing(self) -> None:
        result = self.run_case(lambda case: None, (("common", "0009"),))
        self.assertIn("Not exactly one migration", result.errors[0][1])
        self.assert_nothing_is_left()

    def test_another_kind_of_database_is_refused(self) -> None:
        settings = {**entry(":memory:"), "ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
        message = "needs PostgreSQL, and the database 'lite' is SQLite."
        with (
            alias(self, "lite", settings),
            self.assertRaisesMessage(ImproperlyConfigured, message),
            own_database("lite"),
        ):
            self.fail("There is no such database.")

    def test_what_a_killed_run_has_left_is_dropped(self) -> None:
        killed = control()
        left = copy_name("test_migrations", killed.key, 1)
        killed.make(left)
        # Its connection goes, and with it the lock.
        killed.close()
        self.run_case(lambda case: None)
        with contextlib.closing(control()) as server:
            self.assertEqual(names(server, left), [])
