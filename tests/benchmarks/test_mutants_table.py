import ast
import unittest
from pathlib import Path

from benchmarks._mutants_table import MUTANTS
from benchmarks.mutants import ROOT

TESTS = Path(ROOT, "tests", "reference_app")


class MutantsTableTests(unittest.TestCase):
    def test_every_change_can_be_made_and_is_valid_python(self):
        for mutant in MUTANTS:
            with self.subTest(mutant.promise):
                text = Path(ROOT, "reference_app", mutant.path).read_text(encoding="utf-8")
                self.assertIn(mutant.old, text)
                changed = ast.parse(text.replace(mutant.old, mutant.new, 1))
                self.assertNotEqual(ast.dump(changed), ast.dump(ast.parse(text)))

    def test_the_tests_that_should_notice_are_there(self):
        labels = {label for mutant in MUTANTS for label in mutant.tests}
        self.assertEqual([label for label in labels if not (TESTS / label).is_dir()], [])

    def test_no_promise_stands_twice(self):
        promises = [mutant.promise for mutant in MUTANTS]
        self.assertEqual(len(set(promises)), len(promises))
