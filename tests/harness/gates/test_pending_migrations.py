import json
import tempfile
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.db import migrations, models
from django.test import SimpleTestCase

from blog.models import Tag
from quality_harness.gates import _pending_migrations
from quality_harness.gates._pending_migrations import main, pending


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
