"""Files that merged migrations read are compared by what they say."""

import os
from unittest import mock

from quality_harness.changes import find_changes
from quality_harness.gate import ChangeKind
from quality_harness.migrations.command import check_tree
from quality_harness.migrations.history.edited_data_files import edited_data, meaning
from quality_harness.migrations.history.history import Base
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.reader.tree import Reading
from tests.harness.projects import ProjectCase

VIEW = "CREATE VIEW slugs AS SELECT slug FROM blog_post;\n"
SQL = "blog/migrations/slugs.sql"
OTHER = "blog/migrations/other.sql"
HEAD = "from pathlib import Path\nfrom django.db import migrations\n"
TOOLS = (
    "from pathlib import Path\n\n\ndef load(name):\n"
    "    return (Path(__file__).parent / name).read_text()\n"
)
BODY = (
    "\n\nclass Migration(migrations.Migration):\n    dependencies = [{}]\n"
    "    operations = [migrations.RunSQL({}, 'DROP VIEW slugs')]\n"
)
FIRST, SECOND = "blog/migrations/0001_initial.py", "blog/migrations/0002_other.py"


class DataFilesTest(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        head = f"{HEAD}from blog.migrations import tools\n"
        self.second = head + BODY.format("('blog', '0001_initial')", "tools.load('other.sql')")
        files = {
            FIRST: head + BODY.format("", "tools.load('slugs.sql')"),
            SECOND: self.second,
            "blog/migrations/tools.py": TOOLS,
            SQL: VIEW,
            OTHER: VIEW.replace("slugs", "others"),
        }
        self.base = self.commit(files)

    def found(self) -> list[tuple[str, str]]:
        """Return the codes and places of what is found against the base."""
        checked = check_tree(self.root, changes=find_changes(self.root, self.base, ""))
        return [(each.code, each.location.path) for each in checked.findings]

    def test_edited(self) -> None:
        self.write({SQL: VIEW.replace("slug ", "title ")})
        self.assertEqual([("MIG051", FIRST)], self.found())

    def test_deleted_and_renamed(self) -> None:
        self.git("rm", "--quiet", SQL)
        self.git("mv", OTHER, "blog/others.sql")
        self.assertEqual([("MIG051", FIRST), ("MIG051", SECOND)], self.found())

    def test_form_alone(self) -> None:
        text = "/* The slugs. */\ncreate view slugs AS\n  SELECT slug -- each\n  FROM blog_post"
        self.write({SQL: text, "blog/migrations/README.txt": "x"})
        self.assertEqual([], self.found())

    def test_file_that_nobody_reads(self) -> None:
        self.base = self.commit({"blog/notes.txt": "x"})
        self.write({"blog/notes.txt": "y"})
        self.assertEqual([], self.found())

    def test_file_of_a_new_migration(self) -> None:
        parent, path = "('blog', '0002_other')", "Path(__file__).parents[1] / 'third.sql'"
        self.base = self.commit({"blog/third.sql": "SELECT 1"})
        self.write(
            {"blog/migrations/0003_third.py": HEAD + BODY.format(parent, f"({path}).read_text()")}
        )
        self.write({"blog/third.sql": "SELECT 2"})
        self.assertNotIn("MIG051", [code for code, _ in self.found()])

    def test_reader_that_is_reformatted_too(self) -> None:
        self.write({SQL: "SELECT 1", FIRST: "# Why.\n" + (self.root / FIRST).read_text()})
        self.assertEqual([("MIG051", FIRST)], self.found())

    def test_reader_that_is_edited_too_is_judged_anew(self) -> None:
        self.write({OTHER: "DROP TABLE blog_post", SECOND: self.second.replace("slugs", "others")})
        self.assertIn(("MIG006", SECOND), self.found())

    def test_what_an_earlier_run_has_kept(self) -> None:
        with mock.patch.dict(os.environ):
            os.environ.pop("CI", None)
            self.assertEqual([], self.found())
            self.write({SQL: "SELECT 1"})
            self.assertEqual([("MIG051", FIRST)], self.found())
            self.assertEqual([("MIG051", FIRST)], self.found())

    def test_file_of_a_folder_of_which_all_are_read(self) -> None:
        views = "(Path(__file__).parents[1] / 'views').glob('*.sql')"
        texts = f"[each.read_text() for each in {views}]"
        third = "blog/migrations/0003_third.py"
        self.base = self.commit(
            {
                third: HEAD + BODY.format("('blog', '0002_other')", texts),
                "blog/views/a.sql": VIEW.replace("slugs", "a"),
                "blog/views/b.sql": VIEW.replace("slugs", "b"),
            }
        )
        self.assertEqual([], self.found())
        for change in ("edited", "deleted", "new", "other"):
            with self.subTest(change):
                self.git("checkout", "--quiet", "--", ".")
                for path in (self.root / "blog/views").iterdir():
                    if path.name not in ("a.sql", "b.sql"):
                        path.unlink()
                if change == "edited":
                    self.write({"blog/views/a.sql": "SELECT 1"})
                elif change == "deleted":
                    (self.root / "blog/views/a.sql").unlink()
                elif change == "new":
                    self.write({"blog/views/c.sql": "SELECT 1"})
                else:
                    self.write({"blog/views/notes.txt": "SELECT 1", "blog/views/d/e.sql": "x"})
                expected = [("MIG051", third)] if change != "other" else []
                self.assertEqual(expected, [e for e in self.found() if e[0] == "MIG051"])
                if change == "other":
                    (self.root / "blog/views/d/e.sql").unlink()
                    (self.root / "blog/views/d").rmdir()

    def test_file_that_git_has_not(self) -> None:
        kinds = {SQL: ChangeKind.MODIFIED}
        base = Base(kinds, {}, lambda path: None, lambda path: b"")
        reading = Reading((Migration(FIRST),), (), {}, lambda path, files: files)
        self.assertEqual({}, edited_data(reading, base))


class MeaningTest(ProjectCase):
    def same(self, path: str, one: str, other: str) -> bool:
        return meaning(path, one.encode()) == meaning(path, other.encode())

    def test_sql(self) -> None:
        function = "CREATE FUNCTION f() RETURNS int AS $${}$$ LANGUAGE sql"
        self.assertTrue(self.same("a.sql", "select 1;", "SELECT  1 -- one\n"))
        self.assertTrue(
            self.same("a.sql", function.format("SELECT 1"), function.format("\n select 1 -- x\n"))
        )
        self.assertFalse(self.same("a.sql", "SELECT 'a'", "SELECT 'A'"))
        self.assertFalse(self.same("a.sql", 'SELECT "a"', 'SELECT "A"'))
        self.assertFalse(
            self.same("a.sql", function.format("SELECT 1"), function.format("SELECT 2"))
        )

    def test_other_data(self) -> None:
        self.assertTrue(self.same("a.json", '{"a": [1]}', '{"a":\n[1]}\n'))
        self.assertFalse(self.same("a.json", '{"a": [1]}', '{"a": [2]}'))
        self.assertFalse(self.same("a.json", "{", "{ "))
        self.assertTrue(self.same("a.csv", "a,b\r\n", "a,b \n\n"))
        self.assertFalse(self.same("a.csv", "a,b", "a,c"))
        self.assertNotEqual(meaning("a.csv", b"\xff"), meaning("a.csv", b"\xfe"))
