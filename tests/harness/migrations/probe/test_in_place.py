import unittest

from django.db import connection, migrations, models, transaction
from django.db.migrations.operations.base import Operation
from django.test import TestCase, tag
from django.test.utils import isolate_apps

from quality_harness.migrations.probe.catalog import schema
from quality_harness.migrations.probe.history import Step
from quality_harness.migrations.probe.in_place import is_possible, is_restored
from tests.harness.migrations.probe.runs import app, codes, migration, probe

ADDED = migrations.AddField("thing", "n", models.IntegerField(null=True))
AFTER = "[('shop', '0002_change')]"


def step(*operations: Operation) -> Step:
    made = migrations.Migration("0002_x", "tests")
    made.operations = list(operations)
    return Step(made, "", "", judged=True)


@isolate_apps("tests")
class InPlaceTests(TestCase):
    """The model is made in a transaction that is rolled back."""

    def setUp(self) -> None:
        class Thing(models.Model):
            class Meta:
                app_label = "tests"

        with connection.schema_editor() as editor:
            editor.create_model(Thing)
        self.model = Thing

    def schema(self) -> list[str]:
        with connection.cursor() as cursor:
            return schema(cursor)

    def test_what_acts_on_empty_tables_of_its_own_is_proved_in_place(self):
        self.assertTrue(is_possible([step(ADDED)], [self.model]))

    def test_code_is_not(self):
        code = migrations.RunPython(migrations.RunPython.noop)

        self.assertFalse(is_possible([step(ADDED, code)], [self.model]))

    def test_several_migrations_are_not(self):
        self.assertFalse(is_possible([step(ADDED), step(ADDED)], [self.model]))

    def test_tables_that_hold_rows_are_not(self):
        self.model.objects.create()

        self.assertFalse(is_possible([step(ADDED)], [self.model]))

    def test_the_rows_are_deleted(self):
        before = self.schema()
        self.model.objects.create()

        self.assertTrue(is_restored(before, [self.model]))
        self.assertFalse(self.model.objects.exists())

    def test_what_is_left_over_is_seen(self):
        before = self.schema()
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {self.model._meta.db_table} ADD COLUMN left_over int")

        self.assertFalse(is_restored(before, [self.model]))

    def test_a_table_that_is_gone_is_seen(self):
        before = self.schema()
        with connection.schema_editor() as editor:
            editor.delete_model(self.model)

        with transaction.atomic():
            self.assertFalse(is_restored(before, [self.model]))
            transaction.set_rollback(True)


@tag("slow")
class WholeRunTests(unittest.TestCase):
    def test_the_next_release_is_proved_on_the_schema_that_was_made(self):
        made = "[AddIndexConcurrently('item', models.Index(fields=['size'], name='on_size'))]"
        files = app("shop", made, atomic=False)
        files["shop/migrations/0003_again.py"] = migration(
            "[migrations.RunSQL('DROP INDEX on_size', migrations.RunSQL.noop)]", dependencies=AFTER
        )

        answer = probe(files, base={"shop/migrations/0001_initial.py"}, together=False)

        self.assertEqual(answer.problem, "")
        self.assertEqual([codes(each) for each in answer.proofs], [[], ["PRB005"]])
        self.assertTrue(answer.proofs[0].complete)

    def test_what_fails_on_the_base_as_well_is_no_fault(self):
        """Neither in place nor on a copy."""
        mark = (
            "migrations.CreateModel('Mark', [('id', models.UUIDField(primary_key=True)), "
            "('n', models.TextField())]), migrations.RunSQL('CREATE RULE kept AS ON UPDATE TO "
            "shop_mark DO INSTEAD NOTHING', 'DROP RULE kept ON shop_mark'),"
        )
        index = "AddIndexConcurrently('mark', models.Index(fields=['n'], name='on_n'))"
        for operation in (index, "migrations.RunSQL('SELECT 1', 'SELECT 1')"):
            for made in (mark, mark.replace("ON UPDATE", "ON DELETE")):
                with self.subTest(operation, made=made):
                    answer = probe(app("shop", f"[{operation}]", models=made, atomic=False))

                    self.assertEqual(answer.problem, "")
                    self.assertEqual([codes(each) for each in answer.proofs], [[]])

    def test_what_stops_half_way_is_proved_on_a_database_made_anew(self):
        unique = "migrations.AddConstraint('item', models.UniqueConstraint('size', name='one'))"
        added = "migrations.AddField('item', 'x', models.TextField(null=True))"
        files = app("shop", f"[{added}, {unique}]", atomic=False)
        files["shop/migrations/0003_again.py"] = migration(
            "[migrations.AddField('item', 'y', models.TextField(null=True))]", dependencies=AFTER
        )

        answer = probe(files, base={"shop/migrations/0001_initial.py"}, together=False)

        self.assertEqual(answer.problem, "")
        self.assertIn("PRB003", codes(answer.proofs[0]))
        self.assertEqual(codes(answer.proofs[1]), [])
