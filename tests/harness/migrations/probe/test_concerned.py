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

    def test_a_local_operation_concerns_its_app_and_what_it_refers_to(self):
        added = migrations.AddField("item", "n", models.IntegerField(null=True))

        self.assertEqual(self.labels(added), ["a.Group", "b.Item"])

    def test_relations_are_followed_to_their_end(self):
        self.assertEqual(self.labels(app="c"), ["a.Group", "b.Item", "c.Note"])

    def test_another_operation_concerns_what_refers_to_it_too(self):
        removed = migrations.DeleteModel("Item")

        self.assertEqual(self.labels(removed), ["a.Group", "b.Item", "c.Note"])

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
