import contextlib
import io
import subprocess
import unittest

from benchmarks import mutants
from quality_harness.gate import CouldNotRun


def ended(code: int, stderr: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], code, "", stderr)


class FirstFailureTests(unittest.TestCase):
    def test_the_first_test_that_failed_is_named(self):
        said = "..F\nERROR: test_one (tests.a.B.test_one)\nFAIL: test_two (tests.a.B.test_two)\n"
        self.assertEqual(mutants.first_failure(ended(1, said)), "ERROR: test_one")

    def test_where_all_pass_there_is_none(self):
        self.assertEqual(mutants.first_failure(ended(0, "FAIL: in a message")), "")

    def test_tests_that_did_not_run_have_noticed_nothing(self):
        imports = "ERROR: tests.a (unittest.loader._FailedTest.tests.a)\nFAILED (errors=1)"
        for said in ("", "psycopg.OperationalError: no server", imports):
            with self.subTest(said), self.assertRaisesRegex(CouldNotRun, "the tests did not run"):
                mutants.first_failure(ended(1, said))


class MainTests(unittest.TestCase):
    def test_words_that_no_change_has_measure_nothing(self):
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.assertEqual(mutants.main(["elephant"]), 2)
        self.assertEqual(
            said.getvalue(), "Nothing was measured: there is no change with elephant.\n"
        )
