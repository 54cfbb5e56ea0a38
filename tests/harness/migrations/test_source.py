"""Finding and reading migration files."""

import gc
import os
import warnings

from quality_harness.gate import CouldNotRun
from quality_harness.migrations.reader import source

from .trees import TreeCase


class WalkTest(TreeCase):
    def walk(self, start: str = "") -> list[str]:
        return list(source.walk(self.root, self.root / start))

    def test_python_files_in_order(self) -> None:
        for path in ("b/x.py", "a/z.py", "a/y.txt", "top.py"):
            self.write(path, "")
        self.assertEqual(["top.py", "a/z.py", "b/x.py"], self.walk())

    def test_from_a_folder_inside(self) -> None:
        self.write("a/b/c.py", "")
        self.assertEqual(["a/b/c.py"], self.walk("a"))

    def test_from_one_file(self) -> None:
        self.write("a/b/c.py", "")
        self.assertEqual(["a/b/c.py"], self.walk("a/b/c.py"))

    def test_installed_and_hidden_files_are_left_out(self) -> None:
        for path in (
            ".git/a.py",
            "node_modules/a.py",
            "locale/de/LC_MESSAGES/a.py",
            "lib/site-packages/a.py",
            "venv/pyvenv.cfg",
            "venv/inner/a.py",
            "venv/a.py",
            "a/.#lock.py",
        ):
            self.write(path, "")
        self.assertEqual([], self.walk())

    def test_folder_link_that_leads_round_is_not_followed(self) -> None:
        self.write("a/b.py", "")
        os.symlink(self.root / "a", self.root / "a" / "again")
        os.symlink(self.root / "a", self.root / "a" / "module.py")
        self.assertEqual(["a/b.py"], self.walk())

    def test_missing_folder(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "nowhere cannot be read: No such file"):
            self.walk("nowhere")


class FindTest(TreeCase):
    CLASS = "class Migration(migrations.Migration):\n    operations = []\n"

    def found(self) -> list[str]:
        return [migration.path for migration in self.reading().migrations]

    def test_folder_of_any_name(self) -> None:
        self.migration("[]", path="blog/changes/first.py")
        self.assertEqual(["blog/changes/first.py"], self.found())

    def test_other_files_are_no_migrations(self) -> None:
        self.write("a.py", "import migrations\n")
        self.write("b.py", "class Migration(models.Model):\n    operations = []\n")
        self.write("c.py", "class Migration(Base):\n    name = ''\n")
        self.write("d.py", "TEXT = '''\nclass Migration(migrations.Migration):\n'''\n")
        self.write("e.py", "def f():\n    class Migration(migrations.Migration): pass\n")
        self.write("f.txt", f"from django.db import migrations\n{self.CLASS}")
        self.write(
            "g.py", "from django.db import models\nclass Migration(models.Model):\n    x = 1\n"
        )
        self.write(
            "h.py", "from x import FooMigration\nclass Migration(FooMigration):\n    x = 1\n"
        )
        self.assertEqual([], self.found())

    def test_base_of_another_package(self) -> None:
        self.write(
            "a.py",
            "from x import SafeMigration\nclass Migration(SafeMigration):\n    operations = []\n",
        )
        self.assertEqual(["a.py"], self.found())

    def test_base_of_the_same_tree_gives_operations(self) -> None:
        self.write(
            "base.py",
            "from django.db import migrations\n"
            "class Plain: pass\n"
            "class Base(Plain, migrations.Migration):\n"
            "    operations = [migrations.DeleteModel('A')]\n",
        )
        self.write("m.py", "from base import Base\nclass Migration(Base):\n    dependencies = []\n")
        self.assertEqual(["MIG001"], self.codes())

    def test_base_without_operations(self) -> None:
        self.write(
            "m.py",
            "from django.db import migrations\nclass Migration(migrations.Migration):\n    pass\n",
        )
        self.assertEqual((), self.read().operations)

    def test_either_of_two_classes(self) -> None:
        self.write(
            "m.py",
            """
            from django.db import migrations
            try:
                import fast
                class Migration(migrations.Migration):
                    operations = [migrations.DeleteModel("A")]
            except ImportError:
                class Migration(migrations.Migration):
                    operations = [migrations.DeleteModel("B")]
            """,
        )
        self.assertEqual(["A", "B"], [operation.model for operation in self.read().operations])
        self.assertTrue(self.read().operations[0].conditional)

    def test_names_of_a_migration(self) -> None:
        self.migration(
            "[]",
            path="apps/news/migrations/0002_x.py",
            dependencies='[("news", "0001_initial"), migrations.swappable_dependency("x")]',
            replaces='[("news", "0001_a")]',
        )
        migration = self.read()
        self.assertEqual(("news", "0002_x"), (migration.app, migration.name))
        self.assertEqual("apps/news/migrations", migration.folder)
        self.assertEqual((("news", "0001_initial"),), migration.dependencies)
        self.assertEqual((("news", "0001_a"),), migration.replaces)


class UnreadableTest(TreeCase):
    def refusal(self, path: str, data: bytes) -> str:
        self.write(path, data)
        (unreadable,) = self.reading().unreadable
        return str(unreadable)

    def test_syntax_error(self) -> None:
        text = self.refusal("a/m.py", b"class Migration(\n    x = = 1\n")
        self.assertRegex(text, r"^a/m\.py:\d: ")

    def test_undecodable(self) -> None:
        self.assertIn("a/m.py: ", self.refusal("a/m.py", b"# \xff\nclass Migration(x): pass\n"))

    def test_null_byte(self) -> None:
        self.assertIn("null bytes", self.refusal("a/m.py", b"class Migration(x): pass\0"))

    def test_nested_too_deeply(self) -> None:
        data = b"class Migration(x):\n    operations = " + b"-" * 50_000 + b"1"
        self.assertRegex(self.refusal("a/m.py", data), r"^a/m\.py: cannot be parsed: \w+")

    def test_sum_of_too_many(self) -> None:
        self.migration(" + ".join(["[]"] * 400))
        (unreadable,) = self.reading().unreadable
        self.assertEqual("is nested too deeply to be read", unreadable.reason)

    def test_broken_file_that_is_no_migration(self) -> None:
        self.write("template.py", "{{ name }} =\n")
        self.assertEqual((), self.reading().unreadable)

    def test_link_that_leads_round(self) -> None:
        os.symlink("b.py", self.root / "a.py")
        os.symlink("a.py", self.root / "b.py")
        self.paths = ["a.py"]
        (unreadable,) = self.reading().unreadable
        self.assertIn("a.py: cannot be opened: ", str(unreadable))

    def test_warning_in_a_migration_is_not_shown(self) -> None:
        self.migration('[migrations.DeleteModel("\\d")]')
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertEqual(1, len(self.reading().migrations))

    def test_garbage_collection_is_left_as_it_was(self) -> None:
        self.migration("[]")
        for was_on, set_so in ((True, gc.enable), (False, gc.disable)):
            with self.subTest(was_on=was_on):
                self.addCleanup(gc.enable)
                set_so()
                self.reading()
                self.assertEqual(was_on, gc.isenabled())
