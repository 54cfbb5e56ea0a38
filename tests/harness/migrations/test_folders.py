"""Files of a folder are listed as they stand in the tree, and never those outside of it."""

import tempfile
from pathlib import Path
from unittest import mock

from quality_harness.migrations.reader import folders
from quality_harness.migrations.reader.folders import covered, is_listing, listed, listing

from .trees import TreeCase


class ListedTest(TreeCase):
    def setUp(self) -> None:
        super().setUp()
        for path in (
            "sql/b.sql",
            "sql/a.sql",
            "sql/__pycache__/x.sql",
            "sql/d/e.sql",
        ):
            self.write(path, "")

    def found(self, pattern: str, folder: str = "sql") -> list[str]:
        return listed(self.root, listing(folder, pattern))

    def test_files_in_order(self) -> None:
        self.assertEqual(["sql/a.sql", "sql/b.sql"], self.found("*.sql"))
        self.assertEqual(["sql/a.sql", "sql/b.sql", "sql/d"], self.found("*"))
        self.assertIn("sql/d/e.sql", self.found("**/*.sql"))

    def test_signs_in_the_name_of_a_folder(self) -> None:
        self.write("s[1]/a.sql", "")
        self.assertEqual(["s[1]/a.sql"], self.found("*.sql", "s[1]"))

    def test_nothing_outside_of_the_tree(self) -> None:
        with tempfile.TemporaryDirectory() as outside:
            (Path(outside) / "a.sql").touch()
            (self.root / "link").symlink_to(outside)
            self.assertEqual([], self.found("*.sql", "link"))
            self.assertEqual([], self.found("*.sql", outside))
        self.assertEqual([], self.found("../*", "sql"))
        self.assertEqual([], self.found("*", "../sql"))

    def test_patterns_that_say_nothing(self) -> None:
        self.assertEqual([], self.found("a**b", ""))
        self.assertEqual([], self.found("", ""))

    def test_folder_with_too_many_files(self) -> None:
        with mock.patch.object(folders, "_MOST", 1):
            self.assertEqual([], self.found("*.sql"))


class CoveredTest(TreeCase):
    def covers(self, pattern: str, *paths: str) -> set[str]:
        return covered(paths, ["sql/other.sql", listing("sql", pattern)])

    def test_files_that_are_not_there(self) -> None:
        self.assertEqual({"sql/a.sql"}, self.covers("*.sql", "sql/a.sql", "sql/b.txt", "a.sql"))
        self.assertEqual(set(), self.covers("*.sql", "sql/d/a.sql", "sql/other.txt"))
        self.assertEqual(
            {"sql/a.sql", "sql/d/a.sql"}, self.covers("**/*.sql", "sql/a.sql", "sql/d/a.sql")
        )

    def test_only_a_listing_is_one(self) -> None:
        self.assertTrue(is_listing(listing("", "*")))
        self.assertFalse(is_listing("sql/*.sql"))
