"""What is written out is read without the evaluator, and is read as that reads it."""

import ast
import tempfile
import unittest
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from unittest import mock

from benchmarks.sample_reader import read_samples
from benchmarks.sample_repository import write_files
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.reader import file as reader
from quality_harness.migrations.reader.file import Reader
from quality_harness.migrations.reader.plain import NotPlainError, read_plain
from quality_harness.migrations.reader.source import SourceError, looks_like_migration

from .trees import HEADER

PATH = "blog/migrations/0002_x.py"
RULES = Path(__file__).parents[2] / "rules"
PROJECT = Path(__file__).parents[3] / "reference_app"
# Reading all samples twice takes long, and one is much like another to this reader.
PART = 3
FEWEST = 500
SHARED = f"""{HEADER}
NAME = "blog"
FIELD = models.TextField()
CHOSEN = models.TextField() if load() else models.JSONField()


def forwards(apps, editor):
    apps.get_model("blog", "Post").objects.all().delete()


class Migration(migrations.Migration):
    initial = True
"""


def both(text: str) -> tuple[Migration | None, Migration | None]:
    """Return what a file defines as it stands there, and as the evaluator reads it.

    Raises:
        NotPlainError: it needs the evaluator as a whole.
    """
    with tempfile.TemporaryDirectory() as folder:
        with mock.patch.object(reader, "read", side_effect=NotPlainError):
            plain = Reader(Path(folder)).read(PATH, text.encode())
        with mock.patch.object(reader, "read_plain", side_effect=NotPlainError):
            return plain, Reader(Path(folder)).read(PATH, text.encode())


def no_scope() -> Scope:
    """Stand in for the names of a module that nobody is to ask for.

    Raises:
        AssertionError: always.
    """
    raise AssertionError("the evaluator was asked")


def read(text: str) -> Migration:
    """Return what a file defines, which is read without the evaluator."""
    return read_plain(PATH, ast.parse(text), no_scope)


def read_all(files: Mapping[str, str], root: Path) -> dict[str, Migration | None]:
    """Return what each of the files defines; None too where it is not valid Python."""
    found: dict[str, Migration | None] = dict.fromkeys(files)
    everything = Reader(root)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path, text in files.items():
            with suppress(SourceError):
                found[path] = everything.read(path, text.encode())
    return found


class AgreementTest(unittest.TestCase):
    def test_samples_and_real_migrations_read_alike(self) -> None:
        texts = [each.read_text() for each in sorted(RULES.glob("*/*.py"))]
        texts += [each.read_text() for each in sorted(PROJECT.rglob("migrations/*.py"))]
        trees = [sample.after for sample in read_samples()[::PART]] + [
            {PATH: each} for each in texts
        ]
        with tempfile.TemporaryDirectory() as folder:
            files = dict(self.files(trees, Path(folder)))
            with mock.patch.object(reader, "read", wraps=reader.read) as whole:
                plain = read_all(files, Path(folder))
            with mock.patch.object(reader, "read_plain", side_effect=NotPlainError):
                evaluated = read_all(files, Path(folder))
        for path, text in files.items():
            self.assertEqual(plain[path], evaluated[path], text)
        self.assertGreater(len(list(filter(None, plain.values()))) - whole.call_count, FEWEST)

    def files(self, trees: list[Mapping[str, str]], root: Path) -> Iterator[tuple[str, str]]:
        """Give each migration of the trees; where there is more to import, the tree is written."""
        for number, tree in enumerate(trees):
            if any(not path.endswith("/models.py") and "/migrations/" not in path for path in tree):
                write_files(tree, root / f"project_{number}")
            for path, text in tree.items():
                if path.endswith(".py") and looks_like_migration(text.encode()):
                    yield f"project_{number}/{path}", text


class PlainTest(unittest.TestCase):
    def check(self, text: str) -> Migration:
        """Return what a file defines, which has to be the same both ways."""
        plain, evaluated = both(text)
        assert plain is not None
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
            read(text)

    def test_what_binds_names_otherwise(self) -> None:
        body = "class Migration(migrations.Migration):\n    operations = [migrations.NoOp()]\n"
        read(HEADER + body)
        read(f"{HEADER}name = give('post')\n{body}")
        for before in (
            "name = name = 'post'",
            "names['a'] = 'post'",
            "name = 'post'; name = 'blog'",
            "from .base import *",
            "import settings as migrations",
            "if x:\n    pass",
            "def migrations(): pass",
            "class Migration: pass",
        ):
            self.assert_evaluated(f"{HEADER}{before}\n{body}")
        self.assert_evaluated(f"{HEADER}{body}Migration.operations += []\n")
        self.assert_evaluated(f"{HEADER}{body}more = Migration.operations.append(1)\n")

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
            "operations = [*OPERATIONS]",
            "operations = []; more = operations.append(1)",
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

    def test_one_operation_among_others(self) -> None:
        for operation in (
            "OPERATION",
            "CHOSEN",
            "Own('a')",
            "models.X('a')",
            "[migrations.DeleteModel('a')]",
            "migrations.RunSQL('DROP TABLE a')",
            "migrations.RunPython(forwards)",
            "migrations.DeleteModel(NAME)",
            "migrations.DeleteModel(name=NAME)",
            "migrations.DeleteModel(*names)",
            "migrations.DeleteModel(**names)",
            "migrations.DeleteModel('part_known_at_run_time')",
            "migrations.AddField('a', 'b', models.TextField())",
            "migrations.AddField(model_name='a', name='b', field=FIELD)",
            "migrations.AddField(model_name='a', name='b', field=CHOSEN)",
            "migrations.AddField(model_name='a', name='b', field=models.X(default=give()))",
            "migrations.AddField(model_name='a', name='b', field=models.X(default=initial))",
        ):
            text = f"{SHARED}    operations = [{operation}, migrations.DeleteModel('post')]\n"
            with self.subTest(operation):
                self.assertRaises(AssertionError, read, text)
                plain, evaluated = both(text)
                self.assertEqual(plain, evaluated)
                assert plain is not None
                self.assertEqual(plain.operations[-1].model, "post")

    def test_functions_of_sql_are_known_to_what_follows(self) -> None:
        made = "CREATE FUNCTION empty() RETURNS void AS 'DELETE FROM post' LANGUAGE sql"
        plain, evaluated = both(
            f'{SHARED}    operations = [migrations.RunSQL("{made}"),\n'
            '        migrations.RunSQL("SELECT empty()")]\n'
        )
        self.assertEqual(plain, evaluated)
        assert plain is not None
        self.assertTrue(plain.operations[1].statements)
