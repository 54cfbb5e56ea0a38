"""A migration as plain data."""

import json
import unittest

from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.reader.portable import NotPortableError, pack, unpack

from .trees import TreeCase

PATH = "blog/migrations/0002_x.py"


class ReadTests(TreeCase):
    def assert_same_again(self) -> Migration:
        migration = self.reading().migrations[0]
        plain = json.loads(json.dumps(pack(migration)))
        self.assertEqual(unpack(migration.path, plain), migration)
        return migration

    def test_fields_options_and_constraints(self) -> None:
        self.migration(
            """[
        migrations.CreateModel("A", [("b", models.IntegerField(default=f, **more))],
            options={"db_table": None, "unique_together": {("a", "b")}}),
        migrations.AddField("a", "c", models.UUIDField(default=uuid.uuid4, null=True)),
        migrations.AddConstraint("a", models.CheckConstraint(
            condition=~models.Q(b=-1) | models.Q(c=1.5), name="x")),
    ]""",
            before="import uuid\nfrom elsewhere import f, more",
        )
        self.assertEqual(len(self.assert_same_again().operations), 3)

    def test_sql_functions_and_both_directions(self) -> None:
        self.migration(
            """[
        migrations.RunSQL("DROP TABLE a; UPDATE b SET c = d; CREATE TABLE x (y int)", "SELECT 1"),
        migrations.RunSQL("CREATE TABLE x (y int)", "TRUNCATE z"),
        migrations.RunPython(fill),
        migrations.SeparateDatabaseAndState([migrations.DeleteModel("A")] if x else [], []),
    ]""",
            before="""
def fill(apps, schema_editor):
    Blog = apps.get_model("blog", "Blog")
    Blog.objects.update(title=Blog.body, body="")
    Blog.objects.all().delete()
    schema_editor.execute(unknown())
""",
            dependencies='[("blog", "0001_initial")]',
            replaces='[("blog", "0001_a")]',
            run_before='[("news", "0001_a")]',
            atomic="False",
        )
        migration = self.assert_same_again()
        self.assertTrue(any(each.deeds for each in migration.operations))
        self.assertTrue(any(each.overwrites for each in migration.operations))
        self.assertTrue(any(each.left for each in migration.operations))


class ValueTests(unittest.TestCase):
    def with_given(self, value: object) -> Migration:
        return Migration(PATH, operations=(Operation("AddField", 1, 1, given={"field": value}),))

    def test_values(self) -> None:
        inner = {"a": 1, "b": (None, True, ())}
        for value in (inner, UNKNOWN, Named("x.y"), Definition("k", (1,), inner, False), "", ((),)):
            with self.subTest(value):
                migration = self.with_given(value)
                self.assertEqual(unpack(PATH, json.loads(json.dumps(pack(migration)))), migration)

    def test_what_has_no_plain_form(self) -> None:
        for value in (b"x", 1j, ..., {1: 2}, ({"a": b"x"},)):
            with self.subTest(value), self.assertRaises(NotPortableError):
                pack(self.with_given(value))
