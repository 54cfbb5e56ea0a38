"""What SQL makes and drops beside tables and columns."""

import unittest

from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.sql.objects import blocked, things


class ThingsTest(unittest.TestCase):
    def left(self, forward: str, back: str = "") -> list[str]:
        return [*things([forward]).left_behind(things([back]))]

    def test_kinds(self) -> None:
        for sql, expected in (
            ("CREATE VIEW shop.V AS SELECT 1", "view v"),
            ("CREATE MATERIALIZED VIEW v AS SELECT 1", "view v"),
            ("CREATE FUNCTION f(a int) RETURNS int AS $$ SELECT 1 $$", "function f"),
            (
                "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON x EXECUTE FUNCTION f()",
                "trigger t of x",
            ),
            ("CREATE UNIQUE INDEX i ON x (a, lower(b)) WHERE c", "index i of x (a, lower)"),
            ("CREATE INDEX CONCURRENTLY i ON x USING gin (a gin_trgm_ops)", "index i of x (a)"),
            ("CREATE RULE r AS ON INSERT TO x DO ALSO NOTIFY y", "rule r of x"),
            ("CREATE POLICY p ON x", "policy p of x"),
            ("CREATE RULE r", "rule r"),
            ("CREATE TYPE mood AS ENUM ('a')", "type mood"),
        ):
            with self.subTest(sql=sql):
                self.assertEqual([expected], self.left(sql))

    def test_made_again_without_harm(self) -> None:
        for sql in (
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "CREATE INDEX IF NOT EXISTS i ON x (a)",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON x (a)",
            "CREATE INDEX ON x (a)",
            "CREATE TEMP VIEW v AS SELECT 1",
            "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1",
            "CREATE VIEW v AS SELECT 1; DROP VIEW v",
            "CREATE UNIQUE INDEX i ON x (a); ALTER TABLE x ADD UNIQUE USING INDEX i",
            "CREATE TABLE x (a int)",
            "CREATE ROLE index_reader",
            f"CREATE VIEW {HOLE} AS SELECT 1",
        ):
            with self.subTest(sql=sql):
                self.assertEqual([], self.left(sql))

    def test_taken_away(self) -> None:
        for back in (
            "DROP INDEX CONCURRENTLY IF EXISTS shop.i",
            "DROP TABLE y, x",
            "DROP SCHEMA shop CASCADE",
            "DROP FUNCTION f CASCADE",
            "DO $$ BEGIN DROP INDEX i; END $$",
            f"DROP INDEX {HOLE}",
        ):
            with self.subTest(back=back):
                self.assertEqual([], self.left("CREATE INDEX i ON x (a)", back))
        self.assertEqual(
            ["index i of x (a)"], self.left("CREATE INDEX i ON x (a)", "DROP TRIGGER i ON x")
        )

    def test_renamed(self) -> None:
        sql = "CREATE INDEX i ON x (a); ALTER INDEX i RENAME TO j; ALTER INDEX k RENAME TO l"
        self.assertEqual(["index j of x (a)"], self.left(sql, "ALTER INDEX j SET (fillfactor = 9)"))
        self.assertEqual([], self.left(sql, "DROP INDEX j"))
        sql = "ALTER TABLE x ADD CONSTRAINT c CHECK (a > 0); ALTER TABLE x RENAME CONSTRAINT c TO d"
        self.assertEqual([], self.left(sql, "ALTER TABLE x DROP CONSTRAINT d"))
        self.assertEqual(["constraint d of x"], self.left(sql, "ALTER TABLE x RENAME a TO b"))

    def test_changed_for_good(self) -> None:
        forward = things(
            ["DROP VIEW v; CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ $$; DROP TABLE t"]
        )
        self.assertEqual(("function f", "view v"), forward.changed_for_good(things([])))
        back = things(["CREATE FUNCTION f() RETURNS int AS $$ $$", "CREATE VIEW v AS SELECT 1"])
        self.assertEqual((), forward.changed_for_good(back))
        self.assertEqual((), forward.changed_for_good(things(["DO $$ CREATE VIEW $$"])))


class BlockedTest(unittest.TestCase):
    MAKES = "CREATE TABLE a (id int); CREATE TABLE b (a int REFERENCES a (id)) INHERITS (c);"

    def blocked(self, forward: str, back: str) -> tuple[str, str] | None:
        return blocked(things([forward]), [back])

    def test_order(self) -> None:
        self.assertEqual(("table a", "table b"), self.blocked(self.MAKES, "DROP TABLE a, x"))
        for back in ("DROP TABLE a, b", "DROP TABLE b; DROP TABLE a", "DROP TABLE a CASCADE", ""):
            with self.subTest(back=back):
                self.assertIsNone(self.blocked(self.MAKES, back))

    def test_word_that_is_no_reference(self) -> None:
        self.assertIsNone(
            self.blocked("CREATE TABLE a (i int); CREATE TABLE b (a int)", "DROP TABLE a")
        )

    def test_columns_and_constraints(self) -> None:
        makes = "CREATE TYPE m AS ENUM ('a'); ALTER TABLE x ADD COLUMN IF NOT EXISTS y m"
        self.assertEqual(("type m", "column x.y"), self.blocked(makes, "DROP TYPE m"))
        back = "ALTER TABLE x ALTER y TYPE text; DROP TYPE m"
        self.assertIsNone(self.blocked(makes, back))
        self.assertIsNone(self.blocked(makes, "ALTER TABLE x DROP y; DROP TYPE m"))
        makes = (
            "CREATE TABLE a (i int); ALTER TABLE x ADD CONSTRAINT f FOREIGN KEY (y) REFERENCES a"
        )
        self.assertEqual(("table a", "constraint f"), self.blocked(makes, "DROP TABLE a"))
        makes = "CREATE TABLE a (i int); ALTER TABLE a ADD CHECK (i > 0), ADD j int, OWNER TO k"
        self.assertIsNone(self.blocked(makes, "DROP TABLE a"))

    def test_what_stands_by_itself(self) -> None:
        makes = "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s'))"
        self.assertEqual(("sequence s", "table t"), self.blocked(makes, "DROP SEQUENCE s"))
        makes = "CREATE VIEW v AS SELECT 1; CREATE VIEW w AS SELECT * FROM v"
        self.assertEqual(("view v", "view w"), self.blocked(makes, "DROP VIEW v"))
