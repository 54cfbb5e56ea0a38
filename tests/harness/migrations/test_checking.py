"""What is checked of a tree, and what a finding says."""

from quality_harness.finding import Severity
from quality_harness.gate import ChangeKind, CouldNotRun
from quality_harness.migrations.checking import check

from .trees import TreeCase

DROP = '[migrations.DeleteModel("Blog")]'


class CheckTest(TreeCase):
    def test_only_what_changed_is_judged(self) -> None:
        for number in range(1, 6):
            before = f'[("blog", "000{number - 1}_x")]' if number > 1 else "[]"
            self.migration(DROP, path=f"blog/migrations/000{number}_x.py", dependencies=before)
        kinds = {
            "blog/migrations/0001_x.py": ChangeKind.ADDED,
            "blog/migrations/0003_x.py": ChangeKind.MODIFIED,
            "blog/migrations/0005_x.py": ChangeKind.RENAMED,
        }
        judgement = check(self.reading(), kinds)
        self.assertEqual(list(kinds), [migration.path for migration in judgement.judged])
        found = [each.location.path for each in judgement.findings if each.counts]
        self.assertEqual(list(kinds), found)

    def test_findings_come_in_the_order_of_their_places(self) -> None:
        self.migration(
            '[f, migrations.RunPython(f), migrations.DeleteModel("A")]',
            before="def f(apps, editor):\n    a.delete()\n",
        )
        self.assertEqual(["MIG010", "MIG011", "MIG001"], self.codes())

    def test_unreadable_files_are_named(self) -> None:
        for number in range(7):
            self.write(f"m{number}.py", "class Migration(:\n")
        with self.assertRaises(CouldNotRun) as caught:
            check(self.reading())
        self.assertIn("m0.py:1: invalid syntax; m1.py:1:", str(caught.exception))
        self.assertIn("m4.py:1: invalid syntax (and 2 more). Mend", str(caught.exception))

    def test_single_unreadable_file(self) -> None:
        self.write("m.py", "class Migration(:\n")
        with self.assertRaisesRegex(CouldNotRun, r"m\.py:1: invalid syntax\. Mend or remove"):
            check(self.reading())


class DeletedTest(TreeCase):
    def deleted(self, *paths: str) -> list[str]:
        judgement = check(self.reading(), dict.fromkeys(paths, ChangeKind.DELETED))
        return [finding.location.path for finding in judgement.findings]

    def test_folder_of_another_name_that_holds_migrations(self) -> None:
        self.migration("[]", path="blog/changes/0001_x.py")
        self.assertEqual(["blog/changes/0002_y.py"], self.deleted("blog/changes/0002_y.py"))

    def test_folder_that_holds_none(self) -> None:
        self.assertEqual([], self.deleted("blog/changes/0002_y.py"))

    def test_message_names_the_migration(self) -> None:
        judgement = check(self.reading(), {"blog/migrations/0002_y.py": ChangeKind.DELETED})
        self.assertIn("Migration blog.0002_y is deleted", judgement.findings[0].message)


class WordsTest(TreeCase):
    """A finding names the user's own things and says how to mend and how to accept."""

    def test_message_and_hint(self) -> None:
        for expression, code, words in (
            ('migrations.DeleteModel("Blog")', "MIG001", "table of Blog"),
            ('migrations.RemoveField("Blog", "subtitle")', "MIG002", "Blog.subtitle"),
            ('migrations.RenameModel("Blog", "Site")', "MIG003", "Blog"),
            ('migrations.RenameField("Blog", "title", "name")', "MIG004", "Blog.title"),
            ('migrations.AlterModelTable("Blog", "x")', "MIG005", "table of Blog"),
            ('migrations.RunSQL("DROP TABLE a")', "MIG006", "RunSQL drops table a."),
            ('migrations.RunSQL("TRUNCATE a")', "MIG007", "RunSQL empties table a."),
            ('migrations.RunSQL("DELETE FROM a")', "MIG008", "RunSQL deletes rows of table a."),
            ('migrations.RunSQL("ALTER TABLE a RENAME TO b")', "MIG009", "renames table a."),
            ("migrations.RunPython(f)", "MIG010", "f() deletes rows: a.delete()"),
            ("migrations.RunSQL(X)", "MIG011", "known only at run time."),
        ):
            with self.subTest(code=code):
                self.migration(f"[{expression}]", before="def f(a, b):\n    a.delete()\n")
                (finding,) = self.findings()
                self.assertEqual((code, Severity.ERROR), (finding.code, finding.severity))
                self.assertIn(words, finding.message)
                self.assertIn(f"`# quality-harness: ignore[{code}]: reason`", finding.hint)

    def test_place_of_a_deed_is_its_call(self) -> None:
        self.migration("[migrations.RunPython(f)]", before="def f(a, b):\n    a.delete()\n")
        (finding,) = self.findings()
        self.assertEqual((3, 5), (finding.location.line, finding.location.column))

    def test_place_of_a_deed_elsewhere_is_the_operation(self) -> None:
        self.write("tools.py", "def f(a, b):\n    a.delete()\n")
        self.migration("[migrations.RunPython(f)]", before="from tools import f")
        (finding,) = self.findings()
        self.assertEqual(
            ("blog/migrations/0002_x.py", 4), (finding.location.path, finding.location.line)
        )

    def test_place_of_an_update_elsewhere_is_the_operation(self) -> None:
        self.write("tools.py", "def f(a, b):\n    a.objects.update(x=1)\n")
        self.migration("[migrations.RunPython(f)]", before="from tools import f")
        (finding,) = self.findings()
        self.assertEqual(
            ("MIG023", "blog/migrations/0002_x.py"), (finding.code, finding.location.path)
        )
