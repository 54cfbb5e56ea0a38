import itertools
from unittest import mock

from django.db import DataError, Error, connection, models, transaction
from django.db.models import F
from django.test import TestCase, tag
from django.test.utils import isolate_apps

from quality_harness.migrations.probe import batch
from quality_harness.migrations.probe.attempts import taken


class RunTests(TestCase):
    def run_all(self, *statements: str) -> list[tuple[list, int]]:
        with connection.cursor() as cursor:
            return [(list(each.rows), each.count) for each in batch.run(cursor, statements)]

    def test_each_statement_has_its_own_result(self):
        found = self.run_all(
            "CREATE TEMP TABLE t (a int, b text)",
            "INSERT INTO t VALUES (1, 'a;b'), (2, '100%')",
            "SELECT * FROM t ORDER BY a",
            "DELETE FROM t WHERE a = 1",
        )

        rows = [(1, "a;b"), (2, "100%")]
        self.assertEqual(found[1:], [([], 2), (rows, 2), ([], 1)])

    def test_they_go_in_one_round_trip(self):
        with self.assertNumQueries(1):
            self.run_all("SELECT 1", "SELECT 2")

    def test_nothing_is_run_where_there_is_no_statement(self):
        with self.assertNumQueries(0):
            self.assertEqual(self.run_all(), [])

    def test_they_go_one_by_one_where_the_driver_keeps_the_last_result_alone(self):
        with mock.patch.object(batch, "KEEPS_ALL", False), self.assertNumQueries(2):
            found = self.run_all("SELECT 1", "SELECT 2")

        self.assertEqual(found, [([(1,)], 1), ([(2,)], 1)])


@tag("slow")
@isolate_apps("tests")
class StatementTests(TestCase):
    """The model is made in a transaction that is rolled back."""

    def setUp(self) -> None:
        class Thing(models.Model):
            title = models.CharField(max_length=3, unique=True)
            data = models.JSONField(null=True)

            class Meta:
                app_label = "tests"
                constraints = [
                    models.CheckConstraint(condition=~models.Q(title="bad"), name="not_bad")
                ]

        with connection.schema_editor() as editor:
            editor.create_model(Thing)
        self.model = Thing

    def test_rows_are_read_as_by_the_model(self):
        self.model.objects.create(title="a", data={"a": [1, "100%s"]})

        titles, data = batch.fetch(
            [batch.question(self.model.objects.values_list(name)) for name in ("title", "data")]
        )

        self.assertEqual(titles, [("a",)])
        self.assertEqual(data, [({"a": [1, "100%s"]},)])

    def test_rows_are_updated_and_deleted(self):
        made = [self.model.objects.create(title=title) for title in "ab"]
        one = self.model.objects.filter(pk=made[0].pk)

        with connection.cursor() as cursor:
            updated, deleted = batch.run(
                cursor,
                [
                    batch.update(self.model.objects.all(), {"title": F("title"), "data": ["%s"]}),
                    batch.delete(one),
                ],
            )

        self.assertEqual((updated.count, deleted.count), (2, 1))
        left = self.model.objects.values_list("title", "data")
        self.assertEqual(list(left), [("b", ["%s"])])

    def test_rows_are_inserted_with_and_without_a_key(self):
        objects = [self.model(pk=7, title="a"), self.model(title="b"), self.model(title="c")]

        statements = batch.inserts(self.model, objects)
        with connection.cursor() as cursor:
            results = batch.run(cursor, [sql for sql, _ in statements])

        self.assertEqual([count for _, count in statements], [1, 2])
        self.assertEqual([len(result.rows) for result in results], [1, 2])
        self.assertEqual(set(self.model.objects.values_list("title", flat=True)), {*"abc"})

    def test_what_the_driver_cannot_send_is_an_error_of_django(self):
        with self.assertRaises(DataError):
            batch.update(self.model.objects.all(), {"title": "\x00"})

    def test_rows_are_taken_each_beside_those_before_it(self):
        titles = ["a", "bad", "long", "a", "\x00", "b", "c"]

        found = taken(self.model, [self.model(title=title) for title in titles], 99)

        self.assertEqual(list(found), [0, 5, 6])
        self.assertFalse(self.model.objects.exists())

    def test_no_more_are_taken_than_are_wanted(self):
        found = taken(self.model, [self.model(title=title) for title in ("a", "a", "b", "c")], 2)

        self.assertEqual(list(found), [0, 2])

    def test_no_more_objects_are_asked_for_than_are_needed(self):
        objects = (self.model(title=f"{number}") for number in itertools.count())

        found = taken(self.model, objects, 30)

        self.assertEqual(list(found), list(range(30)))

    def test_a_key_of_ones_own_is_sent(self):
        self.model.objects.create(pk=7, title="a")
        objects = [self.model(pk=7, title="b"), self.model(pk=8, title="c")]

        self.assertEqual(taken(self.model, objects, 2), {1: objects[1]})

    def test_a_row_that_is_swallowed_is_not_taken(self):
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN NULL; END'"
            )
            cursor.execute(
                f"CREATE TRIGGER swallowing BEFORE INSERT ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION swallow()"
            )

        self.assertEqual(taken(self.model, [self.model(title="a")], 1), {})

    def test_a_failure_leaves_the_transaction_as_it_was(self):
        with connection.cursor() as cursor, self.assertRaises(Error), transaction.atomic():
            batch.run(cursor, ["SELECT 1", f"DROP TABLE {self.model._meta.db_table}", "SELECT 1/0"])

        self.assertFalse(self.model.objects.exists())
