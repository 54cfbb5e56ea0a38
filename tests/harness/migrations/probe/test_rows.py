from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Lower
from django.test import TestCase, tag
from django.test.utils import CaptureQueriesContext, isolate_apps

from quality_harness.migrations.probe.databases import empty
from quality_harness.migrations.probe.rows import Recipe, Rows
from quality_harness.migrations.probe.structure import in_order, unique_fields
from quality_harness.migrations.probe.values import STYLES, Constants, constants


class Point(models.Field):
    def db_type(self, connection):
        return "point"


class Marked(models.TextField):
    def get_prep_value(self, value):
        return f"!{value}"


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

    def derived(self, name: str, parent: type, fields: dict, **meta) -> type[models.Model]:
        options = type("Meta", (), {"app_label": "tests", **meta})
        made = type(name, (parent,), {"__module__": "tests", "Meta": options, **fields})
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

    def test_a_long_text_is_made_by_the_database(self):
        fields = {"body": models.TextField(max_length=9_000), "own": Marked(max_length=9_000)}
        model = self.model("Long", fields)

        with CaptureQueriesContext(connection) as queries:
            self.fill(model)

        bodies = set(model.objects.values_list("body", flat=True))
        self.assertIn(9_000, {len(body) for body in bodies})
        self.assertIn(("'quoted'", "漢"), {(body[13:21], body[-1:]) for body in bodies})
        # What a project's own field does with a text is done.
        owns = set(model.objects.values_list("own", flat=True))
        self.assertEqual({own[0] for own in owns}, {"!"})
        self.assertIn(9_001, {len(own) for own in owns})
        sent = next(each["sql"] for each in queries if each["sql"].startswith("INSERT"))
        self.assertIn("repeat(", sent)

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

    def test_children_are_saved_with_their_parents(self):
        parent = self.model("Base", {"n": models.IntegerField()})
        child = self.derived("Derived", parent, {"m": models.IntegerField()})

        rows = self.fill(parent, child)

        self.assertEqual(rows.failed, {})
        self.assertGreater(child.objects.count(), 0)
        self.assertEqual(len(rows.more(child)), child.objects.count())

    def test_children_are_searched_for_till_there_are_enough(self):
        parent = self.model("Elder", {"n": models.IntegerField()})
        fields = {"a": models.IntegerField(), "b": models.IntegerField()}
        check = models.CheckConstraint(condition=models.Q(a__lt=F("b")), name="child_less")
        child = self.derived("Younger", parent, fields, constraints=[check])

        rows = self.fill(parent, child)

        mixed = [recipe for recipe in rows.recipes[child] if recipe.overrides]
        self.assertEqual(rows.failed, {})
        self.assertEqual(len(mixed), 4)

    def test_fields_that_are_unique_together_differ(self):
        fields = {"a": models.IntegerField(), "b": models.TextField(), "c": models.TextField()}
        alike = {
            "unique_together": [("a", "c")],
            "constraints": [
                models.UniqueConstraint(fields=["b"], name="by_fields"),
                models.UniqueConstraint(Lower("c"), name="by_expression"),
            ],
        }
        model = self.model("Together", {**fields, "d": models.TextField()}, **alike)

        rows = self.fill(model)

        self.assertEqual(unique_fields(model), {"id", "a", "b", "c"})
        self.assertGreater(len(rows.made[model]), len(STYLES))

    def test_a_field_that_is_unique_by_its_bare_name_differs(self):
        one = models.UniqueConstraint("n", name="bare_name")
        model = self.model("Bare", {"n": models.IntegerField()}, constraints=[one])

        self.assertEqual(unique_fields(model), {"id", "n"})

    def test_each_kind_of_unique_value_differs(self):
        kinds = {
            "price": models.DecimalField(max_digits=9, decimal_places=2, unique=True),
            "ratio": models.FloatField(unique=True),
            "day": models.DateField(unique=True),
            "time": models.TimeField(unique=True),
            "address": models.GenericIPAddressField(unique=True),
            "mail": models.EmailField(unique=True),
            "state": models.CharField(max_length=9, unique=True, choices=[("a", "A")]),
            "raw": models.BinaryField(unique=True),
        }
        model = self.model("Kinds", {**kinds, "n": models.IntegerField()})

        rows = self.fill(model)

        self.assertGreaterEqual(len(rows.made[model]), 2 * len(STYLES))

    def test_choices_are_taken_each(self):
        choices = [(None, "-"), ("one", "1"), ("two", "2"), ("three", "3")]
        fields = {
            "state": models.CharField(max_length=9, null=True, choices=choices),
            "none": models.CharField(max_length=9, null=True, choices=choices[:1]),
        }
        model = self.model("Choices", fields)

        self.fill(model)

        found = set(model.objects.values_list("state", flat=True))
        self.assertEqual(found, {None, "one", "two", "three"})

    def test_numbers_of_the_migration_are_among_the_values(self):
        model = self.model("Numbers", {"n": models.SmallIntegerField(), "x": models.FloatField()})

        self.fill(model, known=Constants(("text",), (17, 1_000_000)))

        self.assertEqual(model.objects.filter(n=17).count(), 1)

    def test_arrays_are_empty_and_filled(self):
        model = self.model("Arrays", {"tags": ArrayField(models.IntegerField())})

        self.fill(model)

        found = {tuple(each) for each in model.objects.values_list("tags", flat=True)}
        self.assertEqual(found, {(), (1,)})

    def test_a_kind_of_field_that_is_not_known_takes_its_default_or_null(self):
        fields = {"a": Point(default="(1,2)"), "b": Point(null=True), "n": models.IntegerField()}
        model = self.model("Points", fields)

        rows = self.fill(model)

        self.assertEqual(rows.failed, {})
        self.assertEqual(set(model.objects.values_list("a", "b")), {("(1,2)", None)})

    def test_a_kind_of_field_that_is_not_known_and_required_is_told(self):
        model = self.model("Bare", {"a": Point()})

        rows = self.fill(model)

        self.assertIn("a is a Point, of which no value is known", rows.failed[model])

    def test_a_generated_column_is_left_to_the_database(self):
        double = models.GeneratedField(
            expression=F("n") * 2, output_field=models.BigIntegerField(), db_persist=True
        )
        model = self.model("Generated", {"n": models.IntegerField(), "double": double})

        rows = self.fill(model)

        self.assertEqual(rows.failed, {})
        self.assertTrue(model.objects.filter(double=F("n") * 2).exists())

    def test_a_required_relation_without_rows_is_told(self):
        parent = self.model("Nobody", {"a": Point()})
        child = self.model("Orphan", {"parent": models.ForeignKey(parent, models.CASCADE)})
        free = self.model("Free", {"parent": models.ForeignKey(parent, models.CASCADE, null=True)})

        rows = self.fill(parent, child, free)

        self.assertIn("parent needs a row of tests.Nobody", rows.failed[child])
        self.assertEqual({each.parent_id for each in rows.made[free]}, {None})

    def test_a_relation_that_nothing_keeps_leads_to_rows_that_are_gone(self):
        parent = self.model("Kept", {"n": models.IntegerField()})
        loose = models.ForeignKey(parent, models.DO_NOTHING, db_constraint=False)
        child = self.model("Loose", {"parent": loose, "n": models.IntegerField()})

        rows = self.fill(parent, child)

        keys = {each.pk for each in rows.made[parent]}
        found = {each.parent_id in keys for each in rows.made[child]}
        self.assertEqual(found, {True, False})

    def test_a_search_is_made_once(self):
        check = models.CheckConstraint(condition=models.Q(a__lt=models.F("b")), name="less")
        fields = {"a": models.IntegerField(), "b": models.IntegerField()}
        model = self.model("Searched", fields, constraints=[check])
        searched: dict = {}
        Rows(Constants(), searched=searched).fill([model])
        model.objects.all().delete()

        rows = Rows(Constants((), (5,)), searched=searched)
        with self.assertNumQueries(8):
            rows.fill([model])

        self.assertGreaterEqual(model.objects.count(), 4)

    def test_a_search_whose_rows_are_not_allowed_any_more_is_made_again(self):
        model = self.model("Stale", {"a": models.IntegerField(), "b": models.IntegerField()})
        check = models.CheckConstraint(condition=models.Q(a=1), name="one")
        with connection.schema_editor() as editor:
            editor.add_constraint(model, check)
        searched = {"tests.Stale": [Recipe("most")]}

        rows = Rows(Constants(), searched=searched)
        rows.fill([model])

        self.assertTrue(rows.made[model])
        self.assertNotIn(Recipe("most"), searched["tests.Stale"])

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
