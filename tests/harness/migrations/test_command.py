"""The static check on any tree."""

import argparse
import subprocess
import sys
from pathlib import Path

from quality_harness.gate import ChangeKind, Changes, CouldNotRun
from quality_harness.migrations.command import add_arguments, check_tree

from .trees import TreeCase

DROP = '[migrations.DeleteModel("Blog")]'
FIRST = "blog/migrations/0001_x.py"


class CheckTreeTest(TreeCase):
    def setUp(self) -> None:
        super().setUp()
        self.migration(DROP, path=FIRST)
        self.migration(DROP, path="news/migrations/0001_x.py")

    def test_whole_tree(self) -> None:
        checked = check_tree(self.root)
        self.assertEqual(2, sum(each.counts for each in checked.findings))
        self.assertEqual(
            (2, "migrations", False), (checked.checked, checked.unit, checked.nothing_new)
        )
        self.assertRegex(
            checked.note, r"^read 2 migration files in 2 apps, 2 operations, \d+\.\d\d s$"
        )

    def test_some_paths(self) -> None:
        checked = check_tree(self.root, [self.root / "blog", self.root / FIRST])
        self.assertEqual([FIRST], [each.location.path for each in checked.findings if each.counts])

    def test_nothing_found(self) -> None:
        (self.root / "empty").mkdir()
        with self.assertRaisesRegex(CouldNotRun, "No migration files found under .*empty"):
            check_tree(self.root, [self.root / "empty"])

    def test_missing_path(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "gone cannot be read"):
            check_tree(self.root, [self.root / "gone"])

    def test_path_outside(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "is not under"):
            check_tree(self.root / "blog", [self.root / "news"])

    def test_changes(self) -> None:
        checked = check_tree(self.root, changes=Changes("1a2b", "x", {FIRST: ChangeKind.ADDED}))
        self.assertEqual((1, 1), (checked.checked, sum(each.counts for each in checked.findings)))

    def test_changes_outside_the_paths(self) -> None:
        changes = Changes("1a2b", "main, 1a2b", {"blog/migrations/0009_y.py": ChangeKind.DELETED})
        checked = check_tree(self.root, [self.root / "news"], changes)
        self.assertEqual(((), 0, True), (checked.findings, checked.checked, checked.nothing_new))
        self.assertTrue(checked.note.endswith("; no migration is new against main, 1a2b"))

    def test_no_base(self) -> None:
        self.assertEqual(2, check_tree(self.root, changes=Changes(None, "no history")).checked)

    def test_last_migration_is_deleted(self) -> None:
        (self.root / "empty").mkdir()
        changes = Changes("1a2b", "x", {"empty/migrations/0001_x.py": ChangeKind.DELETED})
        checked = check_tree(self.root, [self.root / "empty"], changes)
        self.assertEqual(["MIG012"], [finding.code for finding in checked.findings])


class ArgumentsTest(TreeCase):
    def test_arguments(self) -> None:
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        self.assertEqual(([], None), tuple(vars(parser.parse_args([])).values()))
        found = parser.parse_args(["a", "b", "--base", "main"])
        self.assertEqual(([Path("a"), Path("b")], "main"), (found.paths, found.base))


class ImportsTest(TreeCase):
    def test_neither_django_nor_the_sql_tokenizer_is_imported_without_need(self) -> None:
        self.migration('[migrations.RunSQL("SELECT 1"), migrations.DeleteModel("A")]')
        code = (
            "import sys\nfrom pathlib import Path\n"
            "from quality_harness.migrations.command import check_tree\n"
            "assert check_tree(Path(sys.argv[1])).findings\n"
            "sys.exit(bool({'django', 'sqlparse', 'pytest'} & sys.modules.keys()))"
        )
        command = [sys.executable, "-c", code, str(self.root)]
        self.assertEqual(0, subprocess.run(command, check=False).returncode)
