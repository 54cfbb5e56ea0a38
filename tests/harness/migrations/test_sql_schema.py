"""What SQL demands of old rows and old code, locks and rewrites."""

import unittest

from quality_harness.migrations.fields import Type
from quality_harness.migrations.sql.schema import effects
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.types import type_in_sql


class EffectsTest(unittest.TestCase):
    def found(self, sql: str) -> list[str]:
        return [str(each) for each in effects(sql) if each.act is not Act.ALTER]

    def test_unfinished_statements(self) -> None:
        for sql in (
            "CREATE INDEX",
            "CREATE TRIGGER t",
            "UPDATE a",
            "CLUSTER",
            "ALTER TABLE",
            "ALTER TABLE a ADD CONSTRAINT c",
        ):
            with self.subTest(sql=sql):
                self.assertEqual([], self.found(sql))

    def test_comment_is_no_statement(self) -> None:
        self.assertEqual([], self.found("SELECT 1 -- ALTER TABLE a ALTER b SET NOT NULL"))

    def test_constraint_that_forbids_null(self) -> None:
        self.assertEqual(
            ["forbids NULL in column a.b"], self.found("ALTER TABLE a ADD CONSTRAINT c NOT NULL b")
        )

    def test_column_that_is_computed_no_longer(self) -> None:
        self.assertEqual(
            ["computes no longer column a.b"], self.found("ALTER TABLE a ALTER b DROP EXPRESSION")
        )

    def test_names_are_plain(self) -> None:
        _, found = effects('ALTER TABLE "public"."Blog_Post" ALTER COLUMN "Title" SET NOT NULL')
        self.assertEqual(("blog_post", "title"), (found.table, found.column))
        self.assertEqual(("", ""), (Statement(Act.LOCK_TIMEOUT, "x").table, found.detail))

    def test_dynamic_text_of_a_block(self) -> None:
        sql = "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ALTER b SET NOT NULL', name); END $$"
        self.assertEqual(1, len(self.found(sql)))

    def test_columns_of_a_new_table(self) -> None:
        _, *found = effects(
            "CREATE TABLE a (id bigint PRIMARY KEY, t varchar(40) NOT NULL DEFAULT '', "
            "b bigint REFERENCES shop.b (id) ON DELETE CASCADE, UNIQUE (t), CHECK (b > 0))"
        )

        told = [(each.target, each.detail, each.columns) for each in found]
        self.assertEqual(
            [
                ("column a.id", "bigint", ()),
                ("column a.t", "varchar ( 40 )", ("not null",)),
                ("column a.b", "bigint", ("b",)),
            ],
            told,
        )

    def test_copied_columns(self) -> None:
        (found,) = effects("UPDATE a SET b = c, d = 'x', e = NULL, f = lower(g) WHERE h > 1")
        self.assertEqual((("b", "d", "e", "f"), ("b", "f")), (found.columns, found.copied))
        self.assertEqual("some", found.detail)


class TypeTest(unittest.TestCase):
    def test_types(self) -> None:
        for text, expected in (
            ("character varying ( 5 )", Type("text", 5)),
            ("char(5)", Type("padded text", 5)),
            ("numeric(5,2)", Type("decimal", 3, 2)),
            ("decimal ( 5 )", Type("decimal", 5, 0)),
            ("timestamp(3)", Type("timestamp without time zone")),
            ("timestamptz(3)", Type("timestamp")),
            ("bigint", Type("integer", 8)),
            ("money", None),
            ("money(3)", None),
        ):
            with self.subTest(text=text):
                self.assertEqual(expected, type_in_sql(text))
