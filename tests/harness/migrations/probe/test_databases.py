import re
import time
import unittest
from unittest import mock

import psycopg
from django.test import tag

from quality_harness import services
from quality_harness.migrations.probe import databases
from quality_harness.migrations.probe.databases import Server, empty, serving, settings_of
from tests.harness.migrations.probe.runs import REPOSITORY

# Nobody holds this key: the probe of this name has died.
DEAD = "quality_harness_killed_00000000_1700000000_0"
OTHERS = "quality_harness_probe_of_somebody"


class SettingsTests(unittest.TestCase):
    def test_an_address_is_taken_apart(self):
        found = settings_of("postgresql://me:p%40ss@db.example:5433/x?sslmode=require", "shop")

        self.assertEqual((found["NAME"], found["USER"], found["PASSWORD"]), ("shop", "me", "p@ss"))
        self.assertEqual((found["HOST"], found["PORT"]), ("db.example", "5433"))
        self.assertEqual(found["OPTIONS"], {"sslmode": "require"})

    def test_a_socket_is_an_option_of_the_address(self):
        found = settings_of("postgresql:///x?host=/run/postgresql", "shop")

        self.assertEqual((found["HOST"], found["OPTIONS"]), ("/run/postgresql", {}))


@tag("slow")
class ServerTests(unittest.TestCase):
    def setUp(self) -> None:
        self.url = services.database_url("test", REPOSITORY)
        self.admin = psycopg.connect(self.url, autocommit=True)
        self.addCleanup(self.admin.close)

    def names(self) -> set[str]:
        rows = self.admin.execute("SELECT datname FROM pg_database").fetchall()
        return {name for (name,) in rows}

    def create(self, name: str) -> None:
        self.admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
        self.admin.execute(f'CREATE DATABASE "{name}"')
        self.addCleanup(self.admin.execute, f'DROP DATABASE IF EXISTS "{name}"')

    def cut(self, made: str) -> None:
        """Cut the connection of the probe that made a database."""
        self.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND objid = %s",
            (int(made.split("_")[3], 16),),
        )

    def test_what_a_killed_probe_left_is_dropped_and_nothing_else(self):
        # Under names of this test's own: another probe would drop what it knows as a probe's.
        self.enterContext(mock.patch.object(databases, "_PATTERN", r"quality\_harness\_%"))
        names = re.compile(databases._NAME.pattern.replace("probe", "(?:probe|killed)"))
        self.enterContext(mock.patch.object(databases, "_NAME", names))
        self.create(DEAD)
        self.create(OTHERS)
        with serving(self.url) as living:
            made = living.make()

            with serving(self.url):
                names = self.names()

        self.assertNotIn(DEAD, names)
        self.assertLessEqual({OTHERS, made}, names)

    def test_what_was_made_is_dropped_in_the_end(self):
        with serving(self.url) as server:
            made = server.make()
            self.assertIn(made, self.names())

        self.assertNotIn(made, self.names())

    def test_a_copy_waits_for_a_connection_that_ends(self):
        with serving(self.url) as server:
            template = server.make()
            connection = psycopg.connect(self.url, dbname=template)
            with mock.patch.object(databases.time, "sleep", lambda _: connection.close()):
                copy = server.make(template=template)

            self.assertLessEqual({template, copy}, self.names())

    def test_what_somebody_is_connected_to_is_dropped_all_the_same(self):
        with serving(self.url) as server:
            made = server.make()
            connection = psycopg.connect(self.url, dbname=made)
            self.addCleanup(connection.close)

            server.drop(made)

        self.assertNotIn(made, self.names())

    def test_what_the_server_did_not_make_stays(self):
        self.create(OTHERS)

        with serving(self.url) as server:
            server.drop(OTHERS)

        self.assertIn(OTHERS, self.names())

    def test_a_lost_connection_keeps_no_database(self):
        with serving(self.url) as server:
            made = server.make()
            self.cut(made)

        self.assertNotIn(made, self.names())

    def test_a_server_that_never_comes_back_is_waited_for_and_given_up(self):
        server = Server(self.url)
        made = server.make()
        self.addCleanup(self.admin.execute, f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)')
        server.url = "postgresql://127.0.0.1:1/postgres"
        self.cut(made)

        started = time.monotonic()
        with mock.patch.object(databases, "_PATIENCE", 0.3):
            server.close()

        # Another probe may have dropped it meanwhile, as what a killed one has left.
        self.assertGreaterEqual(time.monotonic() - started, 0.3)

    def test_one_of_its_databases_is_emptied(self):
        with serving(self.url) as server:
            made = server.make()
            with psycopg.connect(self.url, dbname=made, autocommit=True) as connection:
                connection.execute(
                    "CREATE SCHEMA other; CREATE TABLE other.t (); CREATE TABLE t ()"
                )

                empty(connection.cursor())

                left = connection.execute(
                    "SELECT schemaname FROM pg_tables WHERE schemaname NOT LIKE 'pg%'"
                    " AND schemaname <> 'information_schema'"
                ).fetchall()
                connection.execute("CREATE TABLE t ()")

        self.assertEqual(left, [])
