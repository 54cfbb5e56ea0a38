import ast
import json
import subprocess
import sys
import unittest
from collections import Counter

from django.test import tag

from benchmarks.sample_reader import FOLDER, read_samples
from quality_harness import services

ROOT = FOLDER.parents[1]


@tag("slow")
class MigrationSampleTests(unittest.TestCase):
    """The samples are what they say, as far as a machine can tell without the gate itself."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.samples = read_samples()

    def test_there_are_enough_of_both_kinds(self) -> None:
        kinds = Counter(sample.destructive for sample in self.samples)

        self.assertGreaterEqual(kinds[True], 160)
        self.assertGreaterEqual(kinds[False], 110)

    def test_both_kinds_stand_in_every_category(self) -> None:
        faults = {sample.category for sample in self.samples if sample.destructive}
        lookalikes = {sample.category for sample in self.samples if not sample.destructive}

        self.assertEqual(faults, lookalikes)

    def test_a_database_is_needed_for_a_handful_only(self) -> None:
        self.assertLessEqual(len([sample for sample in self.samples if sample.static]), 5)

    def test_all_python_parses(self) -> None:
        modules = [
            ast.parse(text, f"{sample.name}: {path}")
            for sample in self.samples
            for files in (sample.base, sample.head)
            for path, text in files.items()
            if path.endswith(".py")
        ]

        self.assertGreater(len(modules), len(self.samples))

    def test_no_two_samples_are_the_same_change(self) -> None:
        changes = Counter(
            json.dumps([sample.base, sample.head, sample.deleted]) for sample in self.samples
        )

        self.assertEqual([change for change, count in changes.items() if count > 1], [])

    def test_base_and_head_migrate_on_postgresql(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.running", services.database_url()],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

        self.assertEqual(done.returncode, 0, done.stderr)
        results = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(
            [result.pop("name") for result in results], [sample.name for sample in self.samples]
        )
        for sample, errors in zip(self.samples, results, strict=True):
            with self.subTest(sample.name):
                if sample.runs:
                    self.assertTrue({"head", "empty"} & set(errors), "migrate succeeds")
                    self.assertEqual(set(errors) - {"head", "empty"}, set())
                else:
                    self.assertEqual(errors, {})
