import builtins
import unittest
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.init.planning import Planned
from quality_harness.init.writing import ask, diff_of, write_agreed
from tests.harness.projects import ProjectCase


class DiffTests(unittest.TestCase):
    def test_a_new_file_comes_from_nowhere(self):
        diff = diff_of(Planned("a.yml", None, "a: 1\n"))

        self.assertEqual(diff, "--- /dev/null\n+++ b/a.yml\n@@ -0,0 +1 @@\n+a: 1\n")

    def test_a_changed_file_shows_what_changes(self):
        diff = diff_of(Planned("a.yml", "a: 1\nb: 1", "a: 1\nb: 1\r\nc: 1\r\n"))

        self.assertIn("--- a/a.yml\n+++ b/a.yml\n", diff)
        self.assertIn("-b: 1\n\\ No newline at end of file\n+b: 1\n+c: 1\n", diff)

    def test_of_rows_the_beginning_is_shown(self):
        rows = "".join(f"{number}\n" for number in range(100))

        self.assertTrue(diff_of(Planned("a.json", None, rows)).endswith("and 63 lines more\n"))
        self.assertIn("+99\n", diff_of(Planned("a.yml", None, rows)))


class AskTests(unittest.TestCase):
    def test_only_yes_is_yes(self):
        for said, expected in (("y", True), (" Yes ", True), ("", False), ("n", False)):
            with self.subTest(said), mock.patch.object(builtins, "input", return_value=said):
                self.assertIs(ask("Write a.yml?"), expected)

    def test_the_end_of_the_input_is_no(self):
        with mock.patch.object(builtins, "input", side_effect=EOFError):
            self.assertFalse(ask("Write a.yml?"))


class WriteTests(ProjectCase):
    def test_only_what_is_agreed_is_written(self):
        files = [Planned("a/b.yml", None, "b\r\n"), Planned("c.yml", None, "c\n")]
        shown: list[str] = []

        written = write_agreed(self.root, files, lambda path: path == "a/b.yml", shown.append)

        self.assertEqual(written, ["a/b.yml"])
        self.assertEqual((self.root / "a/b.yml").read_bytes(), b"b\r\n")
        self.assertFalse((self.root / "c.yml").exists())
        self.assertEqual(len(shown), 2)

    def test_a_file_that_somebody_wrote_meanwhile_is_left_alone(self):
        self.write({"a.yml": "theirs\n"})

        with self.assertRaisesRegex(CouldNotRun, "has changed meanwhile"):
            write_agreed(self.root, [Planned("a.yml", None, "ours\n")], lambda path: True, str)

        self.assertEqual((self.root / "a.yml").read_text(), "theirs\n")
