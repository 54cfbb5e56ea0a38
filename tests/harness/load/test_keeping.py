import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.load.keeping import keep

# A disk that fills: no file may grow beyond 100 bytes.
FULL = """
import pathlib, resource, sys
from quality_harness.gate import CouldNotRun
from quality_harness.load.keeping import keep
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    keep(pathlib.Path(sys.argv[1]), "x" * 10_000)
except CouldNotRun as error:
    print(error)
"""


class KeepTests(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_a_file_is_written_with_its_folder_for_everybody_to_read(self) -> None:
        path = self.folder / "new" / "result.json"

        keep(path, "text")

        self.assertEqual(path.read_text(), "text")
        self.assertEqual(path.stat().st_mode & 0o777, 0o644)
        self.assertEqual(os.listdir(path.parent), ["result.json"])

    def test_a_full_disk_is_told_and_leaves_what_was_there(self) -> None:
        path = self.folder / "result.json"
        keep(path, "what was measured before")

        done = subprocess.run(
            [sys.executable, "-c", FULL, path], capture_output=True, text=True, check=True
        )

        self.assertIn(f"{path} cannot be written: File too large.", done.stdout)
        self.assertEqual(path.read_text(), "what was measured before")
        self.assertEqual(os.listdir(self.folder), ["result.json"])

    def test_the_same_in_this_process(self) -> None:
        path = self.folder / "folder"
        (path / "in-the-way").mkdir(parents=True)

        with self.assertRaisesRegex(CouldNotRun, "folder cannot be written: Is a directory"):
            keep(path, "text")
        self.assertEqual(os.listdir(self.folder), ["folder"])

    def test_a_folder_that_cannot_be_made_is_told(self) -> None:
        (self.folder / "file").write_text("")

        with self.assertRaisesRegex(CouldNotRun, "cannot be written: "):
            keep(self.folder / "file" / "result.json", "text")
