"""The shapes of SQL statements."""

from django.db import connection, transaction
from django.test import SimpleTestCase, TestCase

from accounts.models import User
from blog.models import BlogTag, Tag
from quality_harness.testing.query_shapes import recorded_shapes, shape

SELECTED = "SELECT ... FROM blog_tag"


class ShapeTests(SimpleTestCase):
    def assert_alike(self, *statements: str, expected: str) -> None:
        self.assertEqual({shape(each) for each in statements}, {expected})

    def test_columns_that_are_selected_may_become_more(self) -> None:
        self.assert_alike(
            'SELECT "t"."a", "t"."b" FROM "t" WHERE "t"."a" = %s',
            'SELECT "t"."a", "t"."b", "t"."c" AS "d" FROM "t" WHERE "t"."a" = %s',
            'SELECT T3."a", T3."b" AS "b" FROM "t" WHERE "t"."a" = %s',
            'SELECT `t`.`a`, `t`.`b` FROM "t" WHERE "t"."a" = %s',
            expected="SELECT ... FROM t WHERE t.a = %s",
        )

    def test_an_expression_that_is_selected_stays(self) -> None:
        self.assert_alike(
            'SELECT ("u"."t_id") AS "v", "t"."a", "t"."b" FROM "t"',
            expected="SELECT (u.t_id) AS v, ... FROM t",
        )

    def test_values_that_are_looked_for_may_become_more(self) -> None:
        self.assert_alike(
            'SELECT "t"."a" FROM "t" WHERE "t"."a" IN (%s)',
            'SELECT "t"."a" FROM "t" WHERE "t"."a" IN (%s, %s, %s)',
            expected="SELECT t.a FROM t WHERE t.a IN (...)",
        )

    def test_rows_that_are_inserted_may_become_more(self) -> None:
        self.assert_alike(
            'INSERT INTO "t" ("a", "b") VALUES (%s, %s) RETURNING "t"."id"',
            'INSERT INTO "t" ("a", "b", "c") VALUES (%s, %s, DEFAULT), (%s, %s, NULL) '
            'RETURNING "t"."id"',
            expected="INSERT INTO t (...) VALUES (...) RETURNING t.id",
        )

    def test_columns_that_are_updated_may_become_more(self) -> None:
        self.assert_alike(
            'UPDATE "t" SET "a" = %s, "b" = NULL WHERE "t"."id" = %s',
            'UPDATE "t" SET "a" = %s, "b" = %s, "c" = %s WHERE "t"."id" = %s',
            expected="UPDATE t SET ... WHERE t.id = %s",
        )

    def test_an_update_with_null_is_alike_in_all_versions_of_django(self) -> None:
        self.assert_alike(
            'UPDATE "t" SET "a" = NULL WHERE "t"."id" IN (%s)',
            'UPDATE "t" SET "a" = %s WHERE "t"."id" IN (%s)',
            expected="UPDATE t SET a = %s WHERE t.id IN (...)",
        )

    def test_a_condition_on_null_stays(self) -> None:
        self.assert_alike(
            'DELETE FROM "t" WHERE "t"."a" IS NULL', expected="DELETE FROM t WHERE t.a IS NULL"
        )

    def test_arrays_of_values_may_become_more(self) -> None:
        self.assert_alike(
            'INSERT INTO "t" ("a", "b") SELECT * FROM UNNEST((%s)::integer[], (%s)::uuid[])',
            'INSERT INTO "t" ("a", "b", "c") SELECT * FROM UNNEST((%s)::varchar(5)[], '
            "(%s)::timestamp with time zone[], (%s)::uuid[])",
            expected="INSERT INTO t (...) VALUES (...)",
        )

    def test_savepoints_have_no_names(self) -> None:
        self.assert_alike('SAVEPOINT "s1_x1"', 'SAVEPOINT "s2_x7"', expected="SAVEPOINT ...")
        self.assertEqual(shape('ROLLBACK TO SAVEPOINT "s1_x1"'), "ROLLBACK TO SAVEPOINT ...")

    def test_what_a_query_is_about_stays(self) -> None:
        for sql in (
            'SELECT COUNT(*) AS "__count" FROM "t" WHERE "t"."a" = %s',
            'SELECT ... FROM "t" ORDER BY "t"."a" ASC, "t"."b" DESC LIMIT 21',
            'DELETE FROM "t" WHERE "t"."a" = %s',
            'SELECT ... FROM "t" INNER JOIN "u" ON ("t"."u_id" = "u"."id")',
        ):
            with self.subTest(sql):
                self.assertEqual(shape(sql), sql.replace('"', ""))

    def test_lines_are_joined(self) -> None:
        self.assertEqual(shape("SELECT 1\n    FROM t"), "SELECT 1 FROM t")


class RecordedShapesTests(TestCase):
    def test_they_come_in_order(self) -> None:
        with recorded_shapes() as shapes:
            list(Tag.objects.filter(pk__in=[1, 2]).order_by("name"))
            Tag.objects.count()
        self.assertEqual(
            shapes,
            [
                f"{SELECTED} WHERE blog_tag.id IN (...) ORDER BY blog_tag.name ASC",
                "SELECT COUNT(*) AS __count FROM blog_tag",
            ],
        )

    def test_one_row_and_many_are_written_alike(self) -> None:
        with recorded_shapes() as shapes:
            for number in (1, 3):
                names = [f"t{number}-{each}" for each in range(number)]
                Tag.objects.bulk_create(Tag(name=name, slug=name) for name in names)
        self.assertEqual(shapes[:1], shapes[1:])

    def test_savepoints_count_as_they_do_for_django(self) -> None:
        with recorded_shapes() as shapes, self.assertNumQueries(2), transaction.atomic():
            """Nothing else."""
        self.assertEqual(shapes, ["SAVEPOINT ...", "RELEASE SAVEPOINT ..."])

    def test_composed_statements_are_read(self) -> None:
        from psycopg import sql

        with recorded_shapes() as shapes, connection.cursor() as cursor:
            cursor.execute("SELECT %s", [1])
            cursor.execute(sql.SQL("SELECT 1").as_string())
        self.assertEqual(shapes, ["SELECT %s", "SELECT 1"])

    def test_nothing_is_noted_afterwards(self) -> None:
        with recorded_shapes() as shapes:
            """No query."""
        self.assertFalse(User.objects.exists() or BlogTag.objects.exists() or shapes)
