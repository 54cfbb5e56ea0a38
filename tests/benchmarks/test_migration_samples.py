import ast
import json
import unittest
from collections import Counter
from dataclasses import replace

from django.test import tag

from benchmarks.sample_reader import read_samples
from tests.benchmarks.proven import digest, run, unproven


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

    def test_each_was_run_on_postgresql(self) -> None:
        self.assertEqual(
            [sample.name for sample in unproven(self.samples)],
            [],
            "Run them: python -m tests.benchmarks.proven",
        )

    def test_some_of_them_run_now(self) -> None:
        some = [sample for sample in self.samples if int(digest(sample), 16) % 40 == 0]
        some += [sample for sample in self.samples if sample.runs][:2]

        self.assertGreater(len(some), 20)
        self.assertEqual(run(some), {})

    def test_a_sample_that_is_not_what_it_says_is_found(self) -> None:
        good = next(sample for sample in self.samples if not sample.runs)
        bad = next(sample for sample in self.samples if sample.runs)

        self.assertEqual(
            set(run([replace(good, runs="it fails"), replace(bad, runs="")])),
            {good.name, bad.name},
        )
