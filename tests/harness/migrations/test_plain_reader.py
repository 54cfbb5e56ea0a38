"""What is written out is read without the evaluator, and is read as that reads it."""

import ast
import tempfile
import unittest
import warnings
from pathlib import Path
from unittest import mock

from benchmarks.sample_reader import read_samples
from quality_harness.migrations import reader
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.plain_reader import NotPlainError, read_plain
from quality_harness.migrations.reader import Reader

from .trees import HEADER

PATH = "blog/migrations/0002_x.py"
RULES = Path(__file__).parents[2] / "rules"
PROJECT = Path(__file__).parents[3] / "reference_app"
FEWEST = 300


def both(text: str) -> tuple[Migration, Migration | None]:
    """Return what a file defines as it stands there, and as the evaluator reads it.

    Raises:
        NotPlainError: it needs the evaluator.
    """
    plain = read_plain(PATH, ast.parse(text))
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(reader, "read_plain", side_effect=NotPlainError),
    ):
        evaluator = Reader(Path(folder))
        evaluated = evaluator.read(PATH, text.encode())
        assert evaluator.asked_for(PATH) == {}
    return plain, evaluated


class AgreementTest(unittest.TestCase):
    def test_samples_and_real_migrations_read_alike(self) -> None:
        texts = [each.read_text() for each in sorted(RULES.glob("*/*.py"))]
        texts += [each.read_text() for each in sorted(PROJECT.rglob("migrations/*.py"))]
        for sample in read_samples():
            texts += [each for path, each in sample.after.items() if path.endswith(".py")]
        compared = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for text in texts:
                try:
                    plain, evaluated = both(text)
                except (NotPlainError, SyntaxError):
                    continue
                compared += 1
                self.assertEqual(plain, evaluated, text)
        self.assertGreater(compared, FEWEST)


class PlainTest(unittest.TestCase):
    def check(self, text: str) -> Migration:
        """Return what a file defines, which has to be the same both ways."""
        plain, evaluated = both(text)
        self.assertEqual(plain, evaluated)
        return plain

    def body(self, *lines: str, before: str = "") -> str:
        body = "\n".join(f"    {line}" for line in lines)
        return f"{HEADER}{before}\nclass Migration(migrations.Migration):\n{body}\n"

    def test_attributes(self) -> None:
        found = self.check(
            self.body(
                '"""Why."""',
                "initial = True",
                "atomic = False",
                'dependencies = [("blog", "0001"), migrations.swappable_dependency(models.X)]',
                'replaces = (["blog", "0000"],)',
                'run_before = [("news", "0001")]',
            )
        )
        self.assertFalse(found.atomic)
        self.assertEqual(found.dependencies, (("blog", "0001"),))
        self.assertEqual(found.replaces, (("blog", "0000"),))
        self.assertEqual(found.run_before, (("news", "0001"),))

    def test_an_empty_one(self) -> None:
        self.assertEqual(self.check(self.body("pass")).operations, ())

    def test_arguments_by_name_and_by_place(self) -> None:
        found = self.check(
            self.body(
                "operations = [",
                '    migrations.RenameField("post", old_name="a", new_name="b"),',
                '    migrations.AlterOrderWithRespectTo("post", "blog"),',
                '    migrations.AlterOrderWithRespectTo(name="post"),',
                "    migrations.RemoveIndex(),",
                '    migrations.AddField(model_name="post", name="c", preserve_default=False,',
                "        field=models.JSONField(default=dict, null=True)),",
                "]",
            )
        )
        self.assertEqual([each.kind for each in found.operations][:2], [
            "RenameField", "AlterOrderWithRespectTo",
        ])  # fmt: skip
        self.assertEqual(found.operations[0].arguments, {"new_name": "b"})

    def test_imports_under_other_names(self) -> None:
        before = (
            "import django.db.models\nimport django.contrib\nimport uuid as u\n"
            "from django.db.migrations import DeleteModel as Delete\n"
            "from . import helpers\n"
        )
        self.check(
            self.body(
                "operations = [",
                '    Delete("post"),',
                '    migrations.AddField(model_name="a", name="b",',
                "        field=django.db.models.UUIDField(default=u.uuid4)),",
                '    migrations.AddField(model_name="a", name="c",',
                "        field=django.db.models.UUIDField(default=helpers.give)),",
                "]",
                before=before,
            )
        )

    def test_functions_and_classes_beside_it(self) -> None:
        before = "def forwards(apps, editor):\n    pass\n\n\nclass Helper:\n    pass\n"
        self.check(self.body('operations = [migrations.DeleteModel("post")]', before=before))


class EvaluatedTest(unittest.TestCase):
    def assert_evaluated(self, text: str) -> None:
        with self.subTest(text), self.assertRaises(NotPlainError):
            read_plain(PATH, ast.parse(text))

    def test_what_binds_names_otherwise(self) -> None:
        body = "class Migration(migrations.Migration):\n    operations = [migrations.NoOp()]\n"
        read_plain(PATH, ast.parse(HEADER + body))
        for before in (
            "name = 'post'",
            "from .base import *",
            "import settings as migrations",
            "if x:\n    pass",
            "def migrations(): pass",
            "class Migration: pass",
        ):
            self.assert_evaluated(f"{HEADER}{before}\n{body}")
        self.assert_evaluated(f"{HEADER}{body}Migration.operations += []\n")

    def test_what_is_no_migration_of_django(self) -> None:
        for line in (
            "class Other(migrations.Migration): pass",
            "class Migration: pass",
            "class Migration(Base): pass",
            "class Migration(models.Model): pass",
            "class Migration(migrations.Migration, Mixin): pass",
            "class Migration(migrations()): pass",
            "def Migration(): pass",
        ):
            self.assert_evaluated(f"{HEADER}{line}\n")

    def test_what_stands_in_the_class(self) -> None:
        for line in (
            "operations = OPERATIONS",
            "operations = []; operations = []",
            "operations = replaces = []",
            "operations[0] = 1",
            "migrations = 1",
            "atomic = ATOMIC",
            "dependencies = [DEPENDENCY]",
            "dependencies = [('a', 'b', 'c')]",
            "dependencies = [('a', NAME)]",
            "dependencies = [depends('a')]",
            "operations: list = []",
            "def __init__(self): pass",
        ):
            self.assert_evaluated(f"{HEADER}class Migration(migrations.Migration):\n    {line}\n")

    def test_operations(self) -> None:
        for operation in (
            "OPERATION",
            "Own('a')",
            "models.X('a')",
            "migrations.RunSQL('DROP TABLE a')",
            "migrations.DeleteModel(NAME)",
            "migrations.DeleteModel(name=NAME)",
            "migrations.DeleteModel(*names)",
            "migrations.DeleteModel(**names)",
            "migrations.DeleteModel('part_known_at_run_time')",
            "migrations.AddField('a', 'b', models.TextField())",
            "migrations.AddField(model_name='a', name='b', field=FIELD)",
            "migrations.AddField(model_name='a', name='b', field=models.X(default=give()))",
            "migrations.AddField(model_name='a', name='b', field=models.X(default=operations))",
        ):
            self.assert_evaluated(
                f"{HEADER}class Migration(migrations.Migration):\n    operations = [{operation}]\n"
            )
