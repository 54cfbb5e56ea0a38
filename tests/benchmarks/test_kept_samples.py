"""What is kept of a migration is all of it."""

import tempfile
import unittest
from pathlib import Path

from benchmarks.sample_reader import read_samples
from benchmarks.sample_repository import write_files
from quality_harness.migrations.reader.kept import Kept
from quality_harness.migrations.reader.source import walk
from quality_harness.migrations.reader.tree import read_tree


class KeptSamplesTest(unittest.TestCase):
    def test_a_second_run_reads_what_the_first_one_read(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name).resolve()
            for number, sample in enumerate(read_samples()[::3]):
                write_files(sample.after, root / f"project_{number}")
            paths = list(walk(root, root))
            fresh = read_tree(root, paths)
            self.assertGreater(len(fresh.migrations), 500)

            for run in ("first", "second"):
                with self.subTest(run):
                    self.assertEqual(read_tree(root, paths, Kept(root)), fresh)
