from django.db import connection, models
from django.test import TestCase, tag
from django.test.utils import isolate_apps

from quality_harness.migrations.probe.databases import empty
from quality_harness.migrations.probe.rows import Rows, in_order
from quality_harness.migrations.probe.values import Constants, constants


class ConstantsTests(TestCase):
    def test_literals_inside_of_sql_are_found(self):
        found = constants(["DELETE FROM t WHERE a = 'it''s' AND b > 17", "closed", 5, True, None])

        self.assertEqual(found.texts, ("it's", "closed"))
        self.assertEqual(found.numbers, (17, 5))


class EmptyTests(TestCase):
    def test_another_database_is_never_emptied(self):
        with connection.cursor() as cursor, self.assertRaises(ValueError):
            empty(cursor)


@tag("slow")
@isolate_apps("tests")
class RowsTests(TestCase):
    """Models are made in a transaction that is rolled back."""

    def model(self, name: str, fields: dict[str, models.Field], **meta) -> type[models.Model]:
        options = type("Meta", (), {"app_label": "tests", **meta})
        made = type(name, (models.Model,), {"__module__": "tests", "Meta": options, **fields})
        with connection.schema_editor() as editor:
            editor.create_model(made)
        return made

    def fill(self, *wanted: type[models.Model], known: Constants | None = None) -> Rows:
        rows = Rows(known or Constants())
        rows.fill(wanted)
        return rows

    def test_each_kind_of_value_goes_to_its_edges(self):
        model = self.model(
            "Edges",
            {
                "title": models.CharField(max_length=7, null=True),
                "size": models.SmallIntegerField(),
                "price": models.DecimalField(max_digits=4, decimal_places=1),
                "at": models.DateTimeField(),
                "day": models.DateField(),
                "time": models.TimeField(),
                "length": models.DurationField(),
                "mail": models.EmailField(),
                "slug": models.SlugField(),
                "link": models.URLField(),
                "yes": models.BooleanField(),
                "key": models.UUIDField(),
                "address": models.GenericIPAddressField(),
                "raw": models.BinaryField(),
                "data": models.JSONField(),
                "ratio": models.FloatField(),
            },
        )

        rows = self.fill(model)

        self.assertEqual(rows.failed, {})
        titles = set(model.objects.values_list("title", flat=True))
        self.assertLessEqual({None, "a"}, titles)
        self.assertIn(7, {len(title) for title in titles if title})
        sizes = set(model.objects.values_list("size", flat=True))
        self.assertLessEqual({-32768, 32767, 1}, sizes)
        self.assertGreater(model.objects.filter(title="a", size=1).count(), 1)

    def test_unique_fields_differ(self):
        model = self.model(
            "Unique",
            {"code": models.CharField(max_length=4, unique=True), "n": models.IntegerField()},
        )

        rows = self.fill(model)

        codes = model.objects.values_list("code", flat=True)
        self.assertEqual(len(set(codes)), len(rows.made[model]))

    def test_a_check_constraint_is_searched_for(self):
        check = models.CheckConstraint(
            condition=models.Q(a=None, b__isnull=False) | models.Q(a__isnull=False, b=None),
            name="either",
        )
        fields = {"a": models.IntegerField(null=True), "b": models.IntegerField(null=True)}
        model = self.model("Either", fields, constraints=[check])

        rows = self.fill(model)

        self.assertTrue(rows.made[model])
        self.assertEqual(rows.failed, {})

    def test_a_model_of_which_no_row_can_be_made_is_told(self):
        check = models.CheckConstraint(condition=models.Q(a=7_654_321), name="odd")
        model = self.model("Odd", {"a": models.IntegerField()}, constraints=[check])

        rows = self.fill(model)

        self.assertEqual(rows.made, {})
        self.assertIn("odd", rows.failed[model])

    def test_constants_of_the_migration_are_among_the_values(self):
        model = self.model("State", {"state": models.CharField(max_length=9)})

        self.fill(model, known=Constants(("closed", "much too long")))

        self.assertEqual(model.objects.filter(state="closed").count(), 1)

    def test_relations_lead_to_rows(self):
        parent = self.model("Parent", {"n": models.IntegerField()})
        child = self.model(
            "Child",
            {"parent": models.OneToOneField(parent, models.CASCADE), "n": models.TextField()},
        )

        rows = self.fill(child, parent)

        self.assertEqual(list(rows.made), [parent, child])
        self.assertEqual(len(rows.made[child]), len(rows.made[parent]) // 2)

    def test_more_rows_are_the_same_each_time(self):
        model = self.model("Again", {"code": models.CharField(max_length=9, unique=True)})
        rows = self.fill(model)

        first, second = rows.more(model), rows.more(model)

        self.assertEqual([each.code for each in first], [each.code for each in second])
        self.assertTrue({each.code for each in first}.isdisjoint(x.code for x in rows.made[model]))

    def test_a_circle_of_relations_has_an_order(self):
        one = self.model("One", {"n": models.IntegerField()})
        two = self.model("Two", {"one": models.ForeignKey(one, models.CASCADE)})
        one.add_to_class("two", models.ForeignKey(two, models.CASCADE, null=True))

        self.assertEqual(in_order([two, one]), [one, two])
