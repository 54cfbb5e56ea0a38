"""The generated project is the same each time, whole, and of the size that is told."""

import os
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from benchmarks._generated_project import APPS, files, write_project
from quality_harness.migrations.checking import check
from quality_harness.migrations.operations import UNRESOLVED, Direction
from quality_harness.migrations.reader.file import read_tree
from quality_harness.migrations.reader.source import walk


class GeneratedProjectTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name).resolve()
        write_project(cls.root)
        cls.reading = read_tree(cls.root, walk(cls.root, cls.root))

    def test_it_is_the_same_on_every_call(self) -> None:
        self.assertEqual(files(), files())

    def test_its_size_is_netboxs(self) -> None:
        kinds = Counter(
            operation.kind
            for migration in self.reading.migrations
            for operation in migration.operations
            if operation.direction is Direction.FORWARD
        )

        self.assertEqual(len(self.reading.migrations), 22 * len(APPS))
        self.assertEqual((kinds["CreateModel"], kinds["DeleteModel"]), (156, 12))
        for kind, netbox in (("AddField", 683), ("AlterField", 376), ("AddConstraint", 136)):
            self.assertAlmostEqual(kinds[kind], netbox, delta=netbox * 0.05)

    def test_all_of_it_can_be_told(self) -> None:
        self.assertEqual(check(self.reading).problem, "")
        unresolved = [
            operation
            for migration in self.reading.migrations
            for operation in migration.operations
            if operation.kind == UNRESOLVED
        ]
        self.assertEqual(unresolved, [])

    def test_django_finds_no_migration_missing(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
            cwd=self.root,
            env={
                **os.environ,
                "PYTHONPATH": str(self.root),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )

        self.assertEqual((done.returncode, done.stdout), (0, "No changes detected\n"), done.stderr)
