import unittest

from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from quality_harness.migrations.probe.concerned import concerned


def state() -> ProjectState:
    """Return a chain of relations over four apps: d.Mark > c.Note > b.Item > a.Group; z alone."""
    made = ProjectState()
    parents = {"a": ("Group", ""), "b": ("Item", "a.Group"), "c": ("Note", "b.Item")}
    parents |= {"d": ("Mark", "c.Note"), "z": ("Alone", "")}
    for label, (name, parent) in parents.items():
        fields = [("id", models.BigAutoField(primary_key=True))]
        if parent:
            fields.append(("parent", models.ForeignKey(parent, models.CASCADE)))
        made.add_model(ModelState(label, name, fields))
    made.add_model(ModelState("b", "Other", fields[:1]))
    made.add_model(ModelState("b", "Foreign", fields[:1], {"managed": False}))
    return made


class OwnOperation(migrations.AddField):
    """A class that the project has written itself."""


class ConcernedTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.models = state().apps.get_models(include_auto_created=True)

    def labels(self, *operations, app: str = "b", dependencies=()) -> list[str]:
        migration = migrations.Migration("0002_x", app)
        migration.operations, migration.dependencies = list(operations), list(dependencies)
        return sorted(model._meta.label for model in concerned(self.models, [migration]))

    def test_a_local_operation_concerns_its_model_and_what_it_refers_to(self):
        added = migrations.AddField("Item", "n", models.IntegerField(null=True))
        options = migrations.AlterModelOptions("item", {})

        self.assertEqual(self.labels(added), ["a.Group", "b.Item"])
        self.assertEqual(self.labels(options), ["a.Group", "b.Item"])

    def test_a_new_relation_concerns_the_model_to_which_it_leads(self):
        added = migrations.AddField("other", "z", models.ForeignKey("z.Alone", models.CASCADE))
        own = migrations.AddField("other", "o", models.ForeignKey("self", models.CASCADE))

        self.assertEqual(self.labels(added), ["b.Other", "z.Alone"])
        self.assertEqual(self.labels(own), ["b.Other"])

    def test_a_new_table_concerns_no_other_one(self):
        fields = [("other", models.ForeignKey("b.Other", models.CASCADE))]

        self.assertEqual(self.labels(migrations.CreateModel("New", fields)), [])

    def test_relations_are_followed_to_their_end(self):
        self.assertEqual(self.labels(app="c"), ["a.Group", "b.Item", "c.Note"])

    def test_another_operation_concerns_what_refers_to_it_too(self):
        removed = migrations.DeleteModel("Item")

        self.assertEqual(self.labels(removed), ["a.Group", "b.Item", "b.Other", "c.Note"])

    def test_a_local_operation_beside_another_one_concerns_the_app(self):
        added = migrations.AddField("other", "n", models.IntegerField(null=True))

        self.assertIn("b.Item", self.labels(added, migrations.DeleteModel("Other")))

    def test_a_field_of_many_to_many_has_a_table_of_its_own(self):
        changed = migrations.AlterField("other", "zs", models.ManyToManyField("z.Alone"))

        self.assertIn("b.Item", self.labels(changed))

    def test_a_field_concerns_those_that_refer_to_it(self):
        made = ProjectState()
        fields = [("id", models.BigAutoField(primary_key=True))]
        code = ("code", models.CharField(max_length=5, unique=True))
        by_code = models.ForeignKey("b.Item", models.CASCADE, to_field="code")
        made.add_model(ModelState("b", "Item", [*fields, code]))
        made.add_model(ModelState("c", "Note", [*fields, ("item", by_code)]))
        migration = migrations.Migration("0002_x", "b")
        longer = models.CharField(max_length=9, unique=True)
        migration.operations = [migrations.AlterField("item", "code", longer)]

        found = concerned(made.apps.get_models(), [migration])

        self.assertEqual([model._meta.label for model in found], ["b.Item", "c.Note"])

    def test_a_new_primary_key_concerns_what_refers_to_it(self):
        key = migrations.AlterField("item", "id", models.UUIDField(primary_key=True))
        other = migrations.AlterField("item", "parent", models.IntegerField())

        self.assertIn("c.Note", self.labels(key))
        self.assertNotIn("c.Note", self.labels(other))

    def test_code_concerns_the_apps_that_its_migration_depends_on(self):
        code = migrations.RunPython(migrations.RunPython.noop)

        self.assertIn("z.Alone", self.labels(code, dependencies=[("z", "0001_initial")]))

    def test_an_operation_of_the_projects_own_is_code(self):
        own = OwnOperation("item", "n", models.IntegerField(null=True))

        self.assertIn("z.Alone", self.labels(own, dependencies=[("z", "0001_initial")]))
