from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import SimpleTestCase

from quality_harness.migrations.probe.cloning import clone


class CloneTests(SimpleTestCase):
    def test_each_clone_is_made_of_the_same_arguments(self):
        field = models.CharField(max_length=7, choices=[("a", "A")], default="a", unique=True)

        clones = [clone(field) for _ in range(3)]

        expected = field.deconstruct()[1:]
        self.assertEqual([each.deconstruct()[1:] for each in clones], [expected] * 3)
        self.assertEqual(len({id(each) for each in (field, *clones)}), 4)

    def test_clones_are_sorted_as_they_are_made(self):
        first, second = models.TextField(), models.TextField()

        clones = [clone(each) for each in (second, first, second)]

        self.assertEqual(sorted(clones), clones)

    def test_a_clone_of_a_model_leaves_the_field_alone(self):
        field = models.TextField()
        made = clone(field)

        made.set_attributes_from_name("title")

        self.assertIsNone(clone(field).name)
        self.assertIsNone(field.name)

    def test_a_relation_is_cloned_as_it_is_now(self):
        field = models.ForeignKey("shop.Item", models.CASCADE, to_field="code")
        clone(field)

        field.remote_field.field_name = "number"

        self.assertEqual(clone(field).remote_field.field_name, "number")

    def test_relations_share_nothing(self):
        field = models.ForeignKey("shop.Item", models.CASCADE, related_name="parts")

        first, second = clone(field), clone(field)

        self.assertIsNot(first.remote_field, second.remote_field)
        self.assertIs(first.remote_field.field, first)
        self.assertEqual(first.deconstruct()[1:], field.deconstruct()[1:])

    def test_a_relation_of_many_to_many_is_made_of_its_arguments(self):
        field = models.ManyToManyField("shop.Item")

        self.assertIsNot(clone(field).remote_field, clone(field).remote_field)

    def test_a_field_inside_of_another_is_not_shared(self):
        field = ArrayField(models.TextField())

        self.assertIsNot(clone(field).base_field, clone(field).base_field)
