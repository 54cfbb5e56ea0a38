import contextlib
import json
import tempfile
from pathlib import Path
from unittest import mock

import django
from django.apps import apps
from django.db import migrations, models
from django.test import SimpleTestCase, override_settings

from blog.models import Tag
from quality_harness.gates import _pending_migrations
from quality_harness.gates._pending_migrations import main, pending


def load_disk(loader):
    loader.load_disk()


def changes_of(*operations):
    """Return the patch under which `blog` misses a migration with these operations."""
    migration = migrations.Migration("0002_planted", "blog")
    migration.operations = list(operations)
    return mock.patch.object(
        _pending_migrations.MigrationAutodetector, "changes", return_value={"blog": [migration]}
    )


class PendingTests(SimpleTestCase):
    def test_a_project_that_misses_nothing_has_no_operation(self):
        found = pending()

        self.assertEqual((found["operations"], found["conflicts"]), ([], {}))
        self.assertEqual(found["models"], len(apps.get_models()))

    def test_an_operation_is_placed_at_its_model(self):
        with changes_of(migrations.AddField("tag", "colour", models.TextField())):
            (operation,) = pending()["operations"]

        self.assertEqual(operation["description"], "Add field colour to tag")
        self.assertEqual((operation["app"], operation["model"]), ("blog", "tag"))
        lines = Path(operation["file"]).read_text().splitlines()
        self.assertTrue(lines[operation["line"] - 1].startswith(f"class {Tag.__name__}("))

    def test_an_operation_on_a_model_that_is_gone_is_placed_in_its_app(self):
        with changes_of(migrations.DeleteModel("Label")):
            (operation,) = pending()["operations"]

        self.assertTrue(operation["file"].endswith("blog/models.py"))
        self.assertEqual(operation["line"], 0)

    def test_an_operation_on_a_model_that_no_class_statement_makes_is_placed_in_its_app(self):
        made = type("HistoricalTag", (), {"__module__": Tag.__module__})
        with (
            changes_of(migrations.CreateModel("HistoricalTag", [])),
            mock.patch.object(_pending_migrations.apps, "get_model", return_value=made),
        ):
            (operation,) = pending()["operations"]

        self.assertTrue(operation["file"].endswith("blog/models.py"))
        self.assertEqual((operation["line"], operation["model"]), (0, "HistoricalTag"))

    def test_a_model_without_a_module_is_placed_in_its_app(self):
        with (
            changes_of(migrations.CreateModel("Number", [])),
            mock.patch.object(_pending_migrations.apps, "get_model", return_value=int),
        ):
            (operation,) = pending()["operations"]

        self.assertTrue(operation["file"].endswith("blog/models.py"))

    def test_a_conflict_ends_the_comparison(self):
        conflict = {"blog": {"0002_b", "0002_a"}}
        with mock.patch.object(
            _pending_migrations.MigrationLoader, "detect_conflicts", return_value=conflict
        ):
            found = pending()

        self.assertEqual(found["conflicts"], {"blog": ["0002_a", "0002_b"]})
        self.assertEqual(found["operations"], [])

    def test_the_answer_is_written_as_json(self):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "pending.json")

            main(str(target))

            self.assertEqual(json.loads(target.read_text())["operations"], [])


class UnmigratedTests(SimpleTestCase):
    """Looks at installed apps whose migrations are said to be in a module that does not exist."""

    def unmigrated(self, app, module="nowhere", root=None, kind="unmigrated"):
        """Return the apps that are found without migrations, from the folder `root`."""
        root = root or Path(apps.get_app_config(app).path).parent
        with (
            contextlib.chdir(root),
            override_settings(MIGRATION_MODULES={app: module}),
            mock.patch.object(_pending_migrations.MigrationLoader, "build_graph", load_disk),
            mock.patch.object(_pending_migrations.MigrationLoader, "detect_conflicts") as conflicts,
        ):
            conflicts.return_value = {"the graph": ["is not built"]}
            return pending()[kind]

    def test_an_app_is_placed_at_its_first_model(self):
        (found,) = self.unmigrated("blog")

        first = next(apps.get_app_config("blog").get_models())
        self.assertEqual((found["app"], found["model"]), ("blog", first.__name__))
        lines = Path(found["file"]).read_text().splitlines()
        self.assertTrue(lines[found["line"] - 1].startswith(f"class {first.__name__}("))
        self.assertEqual(found["unread"], "")

    def test_an_app_that_is_to_have_no_migrations_is_left_alone(self):
        self.assertEqual(self.unmigrated("blog", None), [])

    def test_an_app_whose_migrations_are_switched_off_is_told_with_their_folder(self):
        (found,) = self.unmigrated("blog", None, kind="switched_off")

        self.assertEqual(found["app"], "blog")
        self.assertTrue(found["unread"].endswith("blog/migrations"))

    def test_an_app_of_somebody_else_may_be_switched_off(self):
        with tempfile.TemporaryDirectory() as folder:
            switched_off = self.unmigrated("blog", None, root=folder, kind="switched_off")

        self.assertEqual(switched_off, [])

    def test_an_app_outside_of_the_project_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.unmigrated("blog", root=folder), [])

    def test_an_app_that_is_installed_below_the_project_is_left_alone(self):
        folder = Path(django.__file__).parents[2]

        self.assertEqual(self.unmigrated("contenttypes", root=folder), [])

    def test_an_app_whose_models_have_no_tables_of_their_own_is_left_alone(self):
        for attribute, value in (("managed", False), ("proxy", True)):
            with self.subTest(attribute=attribute), contextlib.ExitStack() as stack:
                for model in apps.get_app_config("blog").get_models():
                    stack.enter_context(mock.patch.object(model._meta, attribute, value))

                self.assertEqual(self.unmigrated("blog"), [])
