import os
import threading
from datetime import date, timedelta
from unittest import mock

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.test import TestCase

from quality_harness.gate import CouldNotRun
from quality_harness.testing import server as module
from quality_harness.testing.clock import moved
from quality_harness.testing.server import (
    TEMPLATE,
    Server,
    TemplateIsGone,
    copy_name,
    is_copy,
    lock_key,
)
from tests.harness.testing import scratch


def project() -> str:
    """Return how the names of this process's templates begin: it may be a forked one."""
    return f"{TEMPLATE}{os.getpid():08x}_"


def template_name(key: int) -> str:
    return f"{project()}{key:024x}_0"


class ServerCase(TestCase):
    def setUp(self) -> None:
        self.server = self.connect()

    def connect(self) -> Server:
        server = scratch.control()
        self.addCleanup(server.close)
        server._connect()
        server._connection.inc_thread_sharing()
        return server

    def make_template(self, key: int, *, whole: bool = True, is_locked: bool = False) -> str:
        # The lock of a template is told from the first digits: no other process may hold it.
        name = template_name((os.getpid() % 0x40_0000 << 8 | key) << 64)
        if is_locked:
            # Other tests drop what was never finished.
            self.enterContext(self.connect().locked(lock_key(name), shared=True))
        self.server.make(name)
        self.addCleanup(self.connect().drop, name)
        if whole:
            self.server.finish(name)
        return name

    def exists(self, name: str) -> bool:
        return bool(scratch.names(self.connect(), name))


class NameTests(TestCase):
    def test_a_copy_is_known_by_its_name(self) -> None:
        name = copy_name("test_shop", 0x1A2B, 0)
        self.assertEqual(name, "test_shop_quality_harness_00001a2b_0")
        self.assertTrue(is_copy(name))
        self.assertTrue(is_copy(f"{name}_2"))

    def test_other_databases_are_none(self) -> None:
        for name in ("test_shop", template_name(1), "quality_harness_probe_1a2b3c4d_17_0", None):
            with self.subTest(name):
                self.assertFalse(is_copy(name))

    def test_a_long_name_is_cut_and_leaves_room_for_a_process(self) -> None:
        name = copy_name("ü" * 60, 1, 0)
        self.assertLessEqual(len(f"{name}_99".encode()), 63)
        self.assertTrue(is_copy(name))

    def test_templates_of_one_key_share_a_lock(self) -> None:
        self.assertEqual(lock_key(f"{TEMPLATE}aaaa_12345678ff_0"), 0x12345678)


class TemplateTests(ServerCase):
    def test_a_template_is_whole_once_finished(self) -> None:
        name = self.make_template(1, whole=False, is_locked=True)
        self.assertFalse(self.server.is_whole(name))
        self.server.finish(name)
        self.assertTrue(self.server.is_whole(name))

    def test_a_missing_template_is_not_whole(self) -> None:
        self.assertFalse(self.server.is_whole(template_name(2)))

    def test_nobody_connects_to_a_finished_template(self) -> None:
        name = self.make_template(3)
        with (
            scratch.alias(self, "scratch", scratch.entry(name)) as connection,
            self.assertRaisesRegex(DatabaseError, "not currently accepting connections"),
        ):
            connection.ensure_connection()

    def test_finishing_ends_connections_that_a_seed_left_open(self) -> None:
        name = self.make_template(4, whole=False, is_locked=True)
        with scratch.alias(self, "scratch", scratch.entry(name)) as connection:
            connection.ensure_connection()
            self.server.finish(name)
            self.assertFalse(connection.is_usable())
        copy = copy_name("one", self.server.key, 0)
        self.server.copy(name, copy)
        self.assertTrue(self.exists(copy))

    def test_four_copy_one_template_at_once(self) -> None:
        name = self.make_template(5)
        problems: list[Exception] = []

        def copy(server: Server) -> None:
            try:
                with server.locked(lock_key(name), shared=True):
                    server.copy(name, copy_name("four", server.key, 0))
            except Exception as error:
                problems.append(error)

        servers = [self.connect() for _ in range(4)]
        threads = [threading.Thread(target=copy, args=[server]) for server in servers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])
        copies = [copy_name("four", server.key, 0) for server in servers]
        self.assertEqual([self.exists(copy) for copy in copies], [True] * 4)

    def test_a_template_that_is_gone_is_told_apart(self) -> None:
        with self.assertRaises(TemplateIsGone):
            self.server.copy(template_name(6), copy_name("gone", self.server.key, 0))

    def test_another_refusal_is_told(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "makes no test database: .*already exists"):
            self.server.make("template1")

    def test_the_building_lock_waits_for_those_who_copy(self) -> None:
        other, order = self.connect(), []

        def build() -> None:
            with other.locked(7, shared=False):
                order.append("build")

        with self.server.locked(7, shared=True):
            thread = threading.Thread(target=build)
            thread.start()
            thread.join(0.3)
            order.append("copy")
        thread.join()
        self.assertEqual(order, ["copy", "build"])

    def test_the_strategy_fits_the_disk(self) -> None:
        for fsync, strategy in (("off", " STRATEGY FILE_COPY"), ("on", "")):
            cursor = mock.Mock(fetchone=lambda fsync=fsync: (fsync,))
            with self.subTest(fsync), mock.patch.object(self.server, "_run"):
                self.server._connect()
                self.server._cursor = cursor
                self.assertEqual(self.server._strategy(), strategy)

    def test_an_old_server_has_no_strategies(self) -> None:
        with mock.patch.object(Server, "version", 140000):
            self.assertEqual(self.server._strategy(), "")


class RightsTests(ServerCase):
    def role(self, rights: str) -> dict[str, str]:
        name = f"quality_harness_role_{os.getpid()}"
        self.server._run(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'x' {rights}")
        self.addCleanup(self.connect()._run, f'DROP ROLE "{name}"')
        return {"USER": name, "PASSWORD": "x"}

    def as_role(self, rights: str) -> Server:
        settings = scratch.entry("postgres", **self.role(rights))
        connection = type(connections[DEFAULT_DB_ALIAS])(settings, "role")
        server = Server(connection)
        self.addCleanup(server.close)
        return server

    def test_an_ordinary_role_makes_copies_of_its_own_template(self) -> None:
        server = self.as_role("CREATEDB")
        name = template_name(8)
        server.make(name)
        self.addCleanup(server.drop, name)
        server.finish(name)
        copy = copy_name("ordinary", server.key, 0)
        server.copy(name, copy)
        self.assertTrue(self.exists(copy))
        server.drop(copy)
        self.assertFalse(self.exists(copy))

    def test_a_role_without_the_right_is_told_what_to_do(self) -> None:
        server = self.as_role("")
        with self.assertRaisesRegex(
            CouldNotRun, r'permission denied.*ALTER ROLE "quality_harness_role_\d+" CREATEDB'
        ):
            server.make(template_name(9))

    def test_a_server_that_does_not_answer_is_told(self) -> None:
        settings = scratch.entry("postgres", HOST="/nowhere")
        server = Server(type(connections[DEFAULT_DB_ALIAS])(settings, "away"))
        with self.assertRaisesRegex(CouldNotRun, "cannot be reached as the role .* on /nowhere"):
            server.make("one")


class LeftoverTests(ServerCase):
    def test_drops_what_a_killed_run_left(self) -> None:
        name = copy_name("killed", 0x7F000001, 0)
        self.server.make(name)
        self.connect().drop_leftovers()
        self.assertFalse(self.exists(name))

    def test_spares_what_a_living_run_uses(self) -> None:
        name = copy_name("living", self.server.key, 0)
        self.server.make(name)
        self.addCleanup(self.connect().drop, name)
        self.connect().drop_leftovers()
        self.assertTrue(self.exists(name))

    def test_drops_what_is_in_use_and_disconnects(self) -> None:
        template = self.make_template(10)
        name = copy_name("used", self.server.key, 0)
        self.server.copy(template, name)
        with scratch.alias(self, "scratch", scratch.entry(name)) as connection:
            connection.ensure_connection()
            self.server.drop(name)
        self.assertIsNone(self.server._connection)
        self.assertFalse(self.exists(name))

    def test_drops_over_a_new_connection_where_the_old_one_is_lost(self) -> None:
        template = self.make_template(11)
        name = copy_name("lost", self.server.key, 0)
        self.server.copy(template, name)
        self.server._run("SELECT pg_backend_pid()")
        (pid,) = self.server._cursor.fetchone()
        self.connect()._run("SELECT pg_terminate_backend(%s)", [pid])
        self.server.drop(name)
        self.assertFalse(self.exists(name))

    def test_closing_drops_what_is_left(self) -> None:
        template = self.make_template(12)
        name = copy_name("left", self.server.key, 0)
        self.server.copy(template, name)
        self.server.close()
        self.assertFalse(self.exists(name))

    def test_a_lost_connection_frees_the_lock_without_a_word(self) -> None:
        with self.server.locked(13, shared=False):
            self.server._run("SELECT pg_backend_pid()")
            (pid,) = self.server._cursor.fetchone()
            self.connect()._run("SELECT pg_terminate_backend(%s)", [pid])
        with self.connect().locked(13, shared=False):
            self.assertFalse(self.server._connection.is_usable())


class OldTemplateTests(ServerCase):
    def note(self, name: str, day: date) -> None:
        self.server._run(f"COMMENT ON DATABASE \"{name}\" IS 'whole; last used on {day}'")

    def test_drops_templates_that_nobody_used_for_days(self) -> None:
        old, new = self.make_template(1), self.make_template(2)
        self.note(old, module.today() - timedelta(days=module.KEPT_DAYS + 1))
        self.server.drop_old_templates(f"{TEMPLATE}another_")
        self.assertEqual([self.exists(old), self.exists(new)], [False, True])

    def test_keeps_the_newest_ones_of_the_project(self) -> None:
        made = [self.make_template(key) for key in range(1, module.KEPT_TEMPLATES + 2)]
        self.server.drop_old_templates(project())
        self.assertEqual(
            [self.exists(name) for name in made], [False, *[True] * module.KEPT_TEMPLATES]
        )

    def test_counts_the_true_days_at_whatever_instant(self) -> None:
        template = self.make_template(4)
        with moved("year-2038"):
            self.server.use(template)
        self.assertIn(module.today().isoformat(), self.server._comment(template))
        self.assertLess(module.today().year, 2038)

    def test_drops_what_was_never_finished_unless_it_is_being_built(self) -> None:
        killed = self.make_template(1, whole=False)
        building = self.make_template(2, whole=False, is_locked=True)
        self.server.drop_old_templates(project())
        self.assertEqual([self.exists(killed), self.exists(building)], [False, True])

    def test_notes_the_day_of_the_last_use_once(self) -> None:
        name = self.make_template(3)
        self.note(name, module.today() - timedelta(days=1))
        self.server.use(name)
        with mock.patch.object(self.server, "_run", wraps=self.server._run) as run:
            self.server.use(name)
        self.assertEqual(run.call_count, 1)
        self.assertIn(module.today().isoformat(), self.server._comment(name))
