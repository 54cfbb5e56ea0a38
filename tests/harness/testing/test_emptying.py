import os
from typing import Any, ClassVar
from unittest import mock

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django.test import TestCase, TransactionTestCase

from quality_harness.testing import emptying
from quality_harness.testing.server import Server
from tests.harness.testing import scratch

TABLES = """
CREATE TABLE kind (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,
    loud text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE thing (id serial PRIMARY KEY, kind_id int REFERENCES kind
    DEFERRABLE INITIALLY DEFERRED, body text);
CREATE TABLE "Odd name" (id serial PRIMARY KEY);
CREATE TABLE firm (id int PRIMARY KEY);
CREATE TABLE branch (id int PRIMARY KEY, firm_id int NOT NULL REFERENCES firm);
CREATE TABLE shelf (id int PRIMARY KEY, firm_id int REFERENCES firm ON DELETE CASCADE);
CREATE TABLE log (id serial PRIMARY KEY, text text);
CREATE TABLE django_migrations (id serial PRIMARY KEY, name text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO log (text) VALUES (TG_OP); RETURN NULL; END $$;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'append only'; END $$;
CREATE TABLE watched (id int PRIMARY KEY);
CREATE TRIGGER note AFTER INSERT OR DELETE ON watched FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER refuse BEFORE DELETE ON watched FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER off BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE watched DISABLE TRIGGER off;
ALTER TABLE watched ENABLE ALWAYS TRIGGER note;
INSERT INTO kind (name) VALUES ('book'), ('film');
INSERT INTO firm VALUES (1), (2);
INSERT INTO branch VALUES (1, 1);
INSERT INTO shelf VALUES (1, 1);
INSERT INTO django_migrations (name) VALUES ('0001');
"""


class EmptyingCase(TestCase):
    server: ClassVar[Server]
    name: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = scratch.control()
        cls.addClassCleanup(cls.server.close)
        cls.name = f"emptying_{os.getpid()}"
        cls.server.make(cls.name)
        cls.addClassCleanup(cls.server.drop, cls.name)

    def setUp(self) -> None:
        entered = scratch.alias(self, "scratch", scratch.entry(self.name))
        self.connection = self.enterContext(entered)
        self.run_sql(f"DROP SCHEMA IF EXISTS quality_harness CASCADE; {self.fresh()} {TABLES}")
        emptying.take_snapshot(self.connection)

    def fresh(self) -> str:
        return "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"

    def run_sql(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def ask(self, sql: str) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def restore(self) -> None:
        emptying._call("scratch", "restore")

    def written(self) -> Any:
        """Return how many rows were written to each table up to now, by what their files hold."""
        return self.ask("SELECT ctid, xmin FROM kind ORDER BY id")


class RestoreTests(EmptyingCase):
    def test_empties_what_was_empty(self) -> None:
        self.run_sql(
            'INSERT INTO thing (kind_id) VALUES (1), (2); INSERT INTO "Odd name" DEFAULT VALUES'
        )
        self.restore()
        self.assertEqual(self.ask("SELECT FROM thing"), [])
        self.assertEqual(self.ask('SELECT FROM "Odd name"'), [])

    def test_puts_back_what_was_deleted_with_its_numbers(self) -> None:
        self.run_sql("DELETE FROM kind WHERE id = 1")
        self.restore()
        self.assertEqual(
            self.ask("SELECT * FROM kind ORDER BY id"), [(1, "book", "BOOK"), (2, "film", "FILM")]
        )

    def test_puts_back_what_was_changed(self) -> None:
        self.run_sql("UPDATE kind SET name = 'song' WHERE id = 1")
        self.restore()
        self.assertEqual(self.ask("SELECT name FROM kind ORDER BY id"), [("book",), ("film",)])

    def test_takes_away_what_was_added(self) -> None:
        self.run_sql("INSERT INTO kind (name) VALUES ('song')")
        self.restore()
        self.assertEqual(self.ask("SELECT name FROM kind ORDER BY id"), [("book",), ("film",)])

    def test_a_row_replaced_by_its_like_is_put_back_too(self) -> None:
        self.run_sql("DELETE FROM kind WHERE id = 2; INSERT INTO kind (name) VALUES ('film')")
        self.restore()
        self.assertEqual(self.ask("SELECT id FROM kind ORDER BY id"), [(1,), (2,)])

    def test_leaves_alone_what_nobody_touched(self) -> None:
        before = self.written()
        self.run_sql("INSERT INTO thing (kind_id) VALUES (1)")
        self.restore()
        self.assertEqual(self.written(), before)

    def test_leaves_alone_what_was_rolled_back(self) -> None:
        before = self.written()
        self.run_sql("BEGIN; UPDATE kind SET name = ''; ROLLBACK")
        self.restore()
        self.assertEqual(self.written(), before)

    def test_what_was_put_back_counts_as_untouched_the_next_time(self) -> None:
        self.run_sql("DELETE FROM kind")
        self.restore()
        before = self.written()
        self.restore()
        self.assertEqual(self.written(), before)

    def test_a_change_after_a_restoration_is_seen(self) -> None:
        self.run_sql("DELETE FROM kind")
        self.restore()
        self.run_sql("UPDATE kind SET name = 'song'")
        self.restore()
        self.assertEqual(self.ask("SELECT name FROM kind ORDER BY id"), [("book",), ("film",)])

    def test_finds_the_order_of_keys_that_are_checked_at_once(self) -> None:
        self.run_sql("INSERT INTO branch VALUES (2, 2); UPDATE firm SET id = 2 WHERE id = 2")
        self.restore()
        self.assertEqual(self.ask("SELECT * FROM branch"), [(1, 1)])
        self.assertEqual(self.ask("SELECT * FROM firm ORDER BY id"), [(1,), (2,)])

    def test_puts_back_what_the_emptying_itself_cascades_into(self) -> None:
        self.run_sql("DELETE FROM branch; UPDATE firm SET id = 3 WHERE id = 2")
        self.restore()
        self.assertEqual(self.ask("SELECT * FROM shelf"), [(1, 1)])
        self.assertEqual(self.ask("SELECT * FROM branch"), [(1, 1)])

    def test_truncates_a_large_table_and_those_that_refer_to_it(self) -> None:
        self.run_sql(
            "INSERT INTO kind (name) SELECT repeat('x', 900) FROM generate_series(1, 1500);"
            "INSERT INTO thing (kind_id) VALUES (3)"
        )
        self.restore()
        self.assertEqual(self.ask("SELECT name FROM kind ORDER BY id"), [("book",), ("film",)])
        self.assertEqual(self.ask("SELECT FROM thing"), [])
        self.assertEqual(self.ask("SELECT pg_relation_size('kind')"), [(8192,)])

    def test_the_projects_triggers_neither_write_nor_refuse(self) -> None:
        self.run_sql("INSERT INTO watched VALUES (1)")
        self.restore()
        self.assertEqual(self.ask("SELECT FROM watched"), [])
        self.assertEqual(self.ask("SELECT FROM log"), [])

    def test_triggers_are_afterwards_as_they_were(self) -> None:
        question = "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        before = self.ask(question)
        self.run_sql("INSERT INTO watched VALUES (1)")
        self.restore()
        self.assertEqual(self.ask(question), before)
        self.assertEqual(dict(before), {"note": "A", "off": "D", "refuse": "O"})

    def test_what_migrations_did_stays_noted(self) -> None:
        self.run_sql("INSERT INTO django_migrations (name) VALUES ('0002')")
        self.restore()
        self.assertEqual(self.ask("SELECT count(*) FROM django_migrations"), [(2,)])

    def test_a_table_that_a_test_dropped_is_passed_over(self) -> None:
        self.run_sql("DROP TABLE shelf; DELETE FROM kind")
        self.restore()
        self.assertEqual(self.ask("SELECT count(*) FROM kind"), [(2,)])

    def test_another_search_path_changes_nothing(self) -> None:
        self.run_sql("SET search_path = pg_catalog; DELETE FROM public.kind")
        self.restore()
        self.assertEqual(self.ask("SELECT count(*) FROM public.kind"), [(2,)])

    def test_an_order_that_does_not_exist_is_an_error_that_names_the_way_out(self) -> None:
        self.run_sql(
            "ALTER TABLE firm ADD branch_id int REFERENCES branch; UPDATE firm SET branch_id = 1;"
        )
        with self.assertRaisesRegex(DatabaseError, "template = false"):
            self.restore()


class SequenceTests(EmptyingCase):
    def reset(self) -> None:
        emptying._call("scratch", "reset_sequences")

    def next_id(self, table: str) -> int:
        column = "text" if table == "log" else "name"
        ((number,),) = self.ask(f"INSERT INTO {table} ({column}) VALUES ('') RETURNING id")
        return int(number)

    def test_an_empty_table_begins_at_one(self) -> None:
        self.next_id("log")
        self.restore()
        self.reset()
        self.assertEqual(self.next_id("log"), 1)

    def test_a_seeded_table_goes_on_behind_its_rows(self) -> None:
        self.assertEqual(self.next_id("kind"), 3)
        self.restore()
        self.reset()
        self.assertEqual(self.next_id("kind"), 3)

    def test_without_a_reset_numbers_go_on_as_after_a_flush(self) -> None:
        self.next_id("log")
        self.restore()
        self.assertEqual(self.next_id("log"), 2)


class RestoreAfterTestsTests(TestCase):
    def setUp(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.flush = lambda case: self.calls.append(
            ("flush", ",".join(case._databases_names(include_mirrors=False)))
        )
        names = {"default": "shop_quality_harness_0000000a_0", "old": "test_old"}
        fakes = {name: mock.Mock(settings_dict={"NAME": text}) for name, text in names.items()}
        for patched in (
            mock.patch.object(TransactionTestCase, "_fixture_teardown", self.flush),
            mock.patch.object(
                TransactionTestCase,
                "_reset_sequences",
                staticmethod(lambda name: self.calls.append(("reset", name))),
            ),
            mock.patch.object(emptying, "connections", fakes),
            mock.patch.object(emptying, "_call", lambda *call: self.calls.append(call)),
        ):
            patched.start()
            self.addCleanup(patched.stop)

    def case(self, *names: str) -> TransactionTestCase:
        emptying.restore_after_tests()
        case = type("Case", (TransactionTestCase,), {})()
        case._databases_names = lambda include_mirrors=True: list(names)
        return case

    def test_restores_a_copy(self) -> None:
        self.case("default")._fixture_teardown()
        self.assertEqual(self.calls, [("default", "restore")])

    def test_flushes_what_is_no_copy(self) -> None:
        self.case("default", "old")._fixture_teardown()
        self.assertEqual(self.calls, [("default", "restore"), ("flush", "old")])

    def test_where_there_is_no_copy_all_is_as_ever(self) -> None:
        self.case("old")._fixture_teardown()
        self.assertEqual(self.calls, [("flush", "old")])

    def test_resets_sequences_each_in_its_way(self) -> None:
        case = self.case("default", "old")
        for name in ("default", "old"):
            case._reset_sequences(name)
        self.assertEqual(self.calls, [("default", "reset_sequences"), ("reset", "old")])

    def test_a_second_call_does_nothing(self) -> None:
        emptying.restore_after_tests()
        teardown = TransactionTestCase._fixture_teardown
        emptying.restore_after_tests()
        self.assertIs(TransactionTestCase._fixture_teardown, teardown)

    def test_caches_of_rows_are_emptied(self) -> None:
        with (
            mock.patch.object(type(ContentType.objects), "clear_cache") as types,
            mock.patch.object(emptying.apps, "is_installed", "django.contrib.contenttypes".__eq__),
        ):
            self.case("default")._fixture_teardown()
        types.assert_called_once_with()
