"""What is kept of a tree's migrations is never older than the tree."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest import mock

from quality_harness.migrations.evaluator import modules as modules_module
from quality_harness.migrations.evaluator.modules import Modules
from quality_harness.migrations.reader import kept as module, source
from quality_harness.migrations.reader.file import Reader, read
from quality_harness.migrations.reader.kept import Kept
from quality_harness.migrations.reader.tree import Reading, read_tree
from quality_harness.tool import WORK_FOLDER

from .trees import TreeCase

PATH = "blog/migrations/0002_x.py"
STORE = f"{WORK_FOLDER}/migrations-read.json"
DROP = '[migrations.DeleteModel("Blog")]'
OF_HELPER = "from blog.helper import OPERATIONS"


class KeptCase(TreeCase):
    def setUp(self) -> None:
        super().setUp()
        self.read_again: list[str] = []

    def warm(self) -> Reading:
        """Read as a later run does; note which files are read again."""
        read = Reader.read

        def noting(reader, path, data):
            self.read_again.append(path)
            return read(reader, path, data)

        self.read_again.clear()
        with mock.patch.object(Reader, "read", noting):
            return read_tree(self.root, self.paths, Kept(self.root))

    @contextmanager
    def read_before(self) -> Iterator[None]:
        """Read, let the test change something, and ask for what a run without a store reads."""
        self.assertEqual(self.warm(), self.reading())
        before = self.reading()
        yield
        after = self.reading()
        self.assertNotEqual(before.migrations, after.migrations)
        self.assertEqual(self.warm().migrations, after.migrations)


class ChangedTests(KeptCase):
    def test_a_changed_file_is_read_again(self) -> None:
        self.migration(DROP)
        with self.read_before():
            self.migration('[migrations.DeleteModel("Post")]')

    def test_a_changed_helper_is_read_again(self) -> None:
        self.write("blog/helper.py", "OPERATIONS = []")
        self.migration("OPERATIONS", before=OF_HELPER)
        with self.read_before():
            self.write(
                "blog/helper.py",
                """
                from django.db import migrations
                OPERATIONS = [migrations.DeleteModel("Blog")]
                """,
            )

    def test_a_changed_helper_of_a_helper_is_read_again(self) -> None:
        self.write("blog/helper.py", "from .inner import OPERATIONS")
        self.write("blog/inner.py", "OPERATIONS = []")
        self.migration("OPERATIONS", before=OF_HELPER)
        self.migration("OPERATIONS", before=OF_HELPER, path="blog/migrations/0003_y.py")
        with self.read_before():
            self.write("blog/inner.py", "OPERATIONS = [object()]")
        self.assertEqual(self.read_again, [PATH, "blog/migrations/0003_y.py"])

    def test_a_changed_sql_file_is_read_again(self) -> None:
        self.write("blog/migrations/x.sql", "SELECT 1")
        sql = '[migrations.RunSQL((Path(__file__).parent / "x.sql").read_text())]'
        self.migration(sql, before="from pathlib import Path")
        with self.read_before():
            self.write("blog/migrations/x.sql", "DROP TABLE blog_blog")

    def test_a_helper_that_comes_is_looked_for(self) -> None:
        self.migration("OPERATIONS", before=OF_HELPER)
        with self.read_before():
            self.write("blog/helper.py", "OPERATIONS = []")

    def test_a_helper_that_goes_is_missed(self) -> None:
        helper = self.write("blog/helper.py", "OPERATIONS = []")
        self.migration("OPERATIONS", before=OF_HELPER)
        self.paths.remove("blog/helper.py")
        with self.read_before():
            helper.unlink()

    def test_a_helper_that_comes_nearer_is_found(self) -> None:
        self.write("blog/helper.py", "OPERATIONS = []")
        self.migration("OPERATIONS", before=OF_HELPER)
        with self.read_before():
            self.write("blog/migrations/blog/helper.py", "OPERATIONS = [1]")

    def test_a_folder_that_becomes_a_package_is_noticed(self) -> None:
        self.write("blog/migrations/helper.py", "OPERATIONS = []")
        self.migration("OPERATIONS", before="from helper import OPERATIONS")
        with self.read_before():
            self.write("blog/migrations/__init__.py", "")

    def test_a_migration_that_another_one_imports(self) -> None:
        first = "blog/migrations/first.py"
        self.migration("[]", path=first)
        self.migration("Migration.operations", before="from .first import Migration as First")
        self.migration("First.operations", before="from .first import Migration as First")
        with self.read_before():
            self.migration(DROP, path=first)

    def test_the_same_content_at_another_path_is_read(self) -> None:
        file = self.root / PATH
        self.migration(DROP)
        with self.read_before():
            self.write("blog/migrations/0003_y.py", file.read_text())

    def test_a_helper_that_can_be_opened_again(self) -> None:
        self.write("blog/helper.py", "OPERATIONS = []")
        self.migration("OPERATIONS", before=OF_HELPER)
        with self.read_before():
            self.warm()
            read_bytes = source.read_bytes

            def refusing(root: Path, path: str) -> bytes:
                if path == "blog/helper.py":
                    raise source.SourceError(source.Unreadable(path, 0, "cannot be opened"))
                return read_bytes(root, path)

            with mock.patch.object(source, "read_bytes", refusing):
                self.warm()
            self.assertEqual(self.read_again, [PATH])
            self.write("blog/helper.py", "OPERATIONS = [1]")

    def test_a_helper_that_changes_while_it_is_read(self) -> None:
        helper = self.write("blog/helper.py", "OPERATIONS = [1]")
        self.migration("OPERATIONS", before=OF_HELPER)
        kept = Kept(self.root)
        save = kept.save

        def change_and_save() -> None:
            helper.write_text("OPERATIONS = [2]")
            save()

        with mock.patch.object(kept, "save", change_and_save):
            read_tree(self.root, self.paths, kept)
        self.assertEqual(self.warm(), self.reading())

    def test_a_migration_that_changes_between_two_that_import_it(self) -> None:
        first = "blog/migrations/first.py"
        self.migration("[]", path=first)
        for name in ("second", "third"):
            before = "from .first import Migration as First"
            path = f"blog/migrations/{name}.py"
            self.migration("First.operations", before=before, path=path)
        look, texts = source.look, iter(("[]", DROP))

        def changing(root: Path, path: str) -> tuple[bytes | None, str]:
            if path == first:
                self.migration(next(texts), path=first)
            return look(root, path)

        modules = Modules(self.root)
        with mock.patch.object(modules_module, "look", changing):
            for name in ("second", "third"):
                path = f"blog/migrations/{name}.py"
                data = (self.root / path).read_bytes()
                read(modules.add(path, source.parse(data, path)))
                first_file = modules.at("blog/migrations/first", path)
                assert first_file is not None
                modules.forget(first_file)
        seen = modules.asked_for("blog/migrations/second.py")
        self.assertEqual(seen[first], "changed meanwhile")


class UnchangedTests(KeptCase):
    def test_nothing_is_read_or_written_again(self) -> None:
        self.write("blog/helper.py", "OPERATIONS = []")
        self.migration("OPERATIONS", before=OF_HELPER)
        self.warm()
        self.assertEqual(self.read_again, [PATH])
        written = (self.root / STORE).stat().st_mtime_ns

        self.assertEqual(self.warm(), self.reading())

        self.assertEqual(self.read_again, [])
        self.assertEqual((self.root / STORE).stat().st_mtime_ns, written)

    def test_one_changed_file_is_the_only_one(self) -> None:
        self.migration(DROP)
        self.migration(DROP, path="news/migrations/0001_x.py")
        self.warm()
        self.migration("[]")
        self.warm()
        self.assertEqual(self.read_again, [PATH])
        self.warm()
        self.assertEqual(self.read_again, [])

    def test_files_that_share_some_of_what_they_hang_on(self) -> None:
        self.write("blog/helper.py", "OPERATIONS = []")
        self.write("blog/other.py", "MORE = []")
        self.migration("OPERATIONS", before=OF_HELPER)
        both = f"{OF_HELPER}\nfrom blog.other import MORE"
        self.migration("OPERATIONS + MORE", before=both, path="blog/migrations/0003_y.py")
        self.warm()
        self.assertEqual(self.warm(), self.reading())
        self.assertEqual(self.read_again, [])

    def test_a_file_without_a_migration(self) -> None:
        self.write("blog/none.py", "class Migration(object): pass")
        self.warm()
        self.assertEqual(self.warm().migrations, ())
        self.assertEqual(self.read_again, [])

    def test_what_is_unreadable_is_told_again(self) -> None:
        self.write(PATH, "class Migration(: pass")
        self.assertEqual(self.warm().unreadable, self.warm().unreadable)
        self.assertEqual(len(self.warm().unreadable), 1)

    def test_what_has_no_plain_form_is_read_each_time(self) -> None:
        self.migration('[migrations.AddField("x", "y", models.BinaryField(default=b"1"))]')
        self.warm()
        self.assertEqual(self.warm(), self.reading())
        self.assertEqual(self.read_again, [PATH])

    def test_a_run_on_some_files_keeps_what_is_known_of_others(self) -> None:
        other = "news/migrations/0001_x.py"
        self.migration(DROP)
        self.migration(DROP, path=other)
        self.warm()
        self.migration("[]")
        read_tree(self.root, [PATH], Kept(self.root))
        self.warm()
        self.assertEqual(self.read_again, [])

    def test_files_that_are_gone_are_forgotten(self) -> None:
        other = "news/migrations/0001_x.py"
        self.migration(DROP)
        self.migration(DROP, path=other)
        self.warm()
        (self.root / other).unlink()
        self.paths.remove(other)
        self.migration("[]")
        self.warm()
        self.assertNotIn(other, (self.root / STORE).read_text())


class StoreTests(KeptCase):
    def setUp(self) -> None:
        super().setUp()
        self.migration(DROP)
        self.warm()

    def assert_read_again(self) -> None:
        self.assertEqual(self.warm(), self.reading())
        self.assertEqual(self.read_again, [PATH])

    def test_it_is_hidden_from_git(self) -> None:
        self.assertEqual((self.root / WORK_FOLDER / ".gitignore").read_text(), "*\n")

    def test_a_damaged_store_is_none(self) -> None:
        store = self.root / STORE
        text = store.read_text()
        for damaged in ("", "x", text[:-1], text.replace("DeleteModel", "CreateModel"), "é" + text):
            store.write_text(damaged)
            with self.subTest(damaged[:30]):
                self.assert_read_again()

    def test_another_version_of_the_reader_reads_again(self) -> None:
        with mock.patch.object(module, "_version", return_value="another"):
            self.assert_read_again()

    def test_each_source_of_the_reader_makes_its_version(self) -> None:
        before = module._version()
        for name in ("statements.py", "scope.py", "plain.py", "bodies.py"):
            newer = partial(_Scanned, name)
            with self.subTest(name), mock.patch.object(module.os, "scandir", newer):
                self.assertNotEqual(module._version(), before)

    def test_a_folder_that_cannot_be_written_to(self) -> None:
        self.migration("[]")
        with mock.patch.object(module, "work_folder", side_effect=PermissionError):
            self.assert_read_again()
        self.assert_read_again()

    def test_nothing_is_left_beside_it(self) -> None:
        names = {each.name for each in (self.root / WORK_FOLDER).iterdir()}
        self.assertEqual(names, {".gitignore", "migrations-read.json"})

    def test_in_ci_nothing_is_kept(self) -> None:
        with mock.patch.dict(os.environ, {"CI": "true"}):
            self.assertIsNone(Kept.of(self.root))
        with mock.patch.dict(os.environ, {"CI": ""}):
            self.assertIsNotNone(Kept.of(self.root))


class _Scanned:
    """A folder's files, of which one is newer."""

    def __init__(self, newer, folder) -> None:
        self._entries = []
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            found = os.stat(path)
            entry = mock.Mock(path=path)
            entry.name = name
            entry.stat.return_value = mock.Mock(
                st_size=found.st_size, st_mtime_ns=found.st_mtime_ns + (name == newer)
            )
            self._entries.append(entry)

    def __enter__(self):
        return self._entries

    def __exit__(self, *error) -> None:
        pass
