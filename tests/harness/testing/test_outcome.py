import json
import tempfile
import unittest
from pathlib import Path

from django.test import tag

from quality_harness.testing.outcome import Failure, first_line, read_django, read_junit
from quality_harness.tool import run_module

SUITE = """
import unittest

import pytest


class SumTests(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(1 + 1, 2)

    def test_skips_thrice(self):
        for number in range(3):
            with self.subTest(number=number):
                self.skipTest("later")

    def test_skips_and_fails(self):
        with self.subTest(number=1):
            self.skipTest("later")
        with self.subTest(number=2):
            self.fail("no")

    @unittest.expectedFailure
    def test_is_expected_to_fail(self):
        self.fail("as expected")


class SkippedTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("later")

    def test_one(self):
        pass


@pytest.fixture
def broken():
    yield
    raise OSError("no disk")


def test_torn_down(broken):
    assert not "wrong"
"""


class DjangoTests(unittest.TestCase):
    def test_what_the_driver_wrote_is_read(self):
        failure = {"path": "a.py", "line": 3, "name": "ATests.test_it", "message": "no"}
        written = {
            "tests": 2,
            "skipped": 5,
            "failures": [failure],
            "unimportable": [["tests.b", "ImportError: c"]],
            "skips": [failure],
        }
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "outcome.json")
            file.write_text(json.dumps(written))

            outcome = read_django(file)

        self.assertEqual((outcome.tests, outcome.skipped), (2, 5))
        self.assertEqual(outcome.failures, (Failure("a.py", 3, "ATests.test_it", "no"),))
        self.assertEqual(outcome.unimportable, (("tests.b", "ImportError: c"),))
        self.assertEqual(outcome.skips, outcome.failures)


class FirstLineTests(unittest.TestCase):
    def test_a_quotation_that_goes_on_ends_in_dots(self):
        self.assertEqual(first_line("Error: no 'a\nb' here"), "Error: no 'a ...")

    def test_what_is_whole_stays_as_it_is(self):
        for text in ("Error: no 'a'\nmore", "Error: it's", ""):
            self.assertEqual(first_line(text), text.partition("\n")[0])


@tag("slow")
class JunitTests(unittest.TestCase):
    """Reads what pytest really writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            root.joinpath("test_sum.py").write_text(SUITE)
            root.joinpath("test_later.py").write_text(
                "import pytest\npytest.skip('no', allow_module_level=True)"
            )
            root.joinpath("test_broken.py").write_text("import nowhere")
            options = ["--continue-on-collection-errors"]
            options += ["-p", "no:django", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
            run_module(
                "pytest",
                [*options, "--junit-xml=report"],
                cwd=root,
                extra="test",
                environment={"PYTEST_ADDOPTS": ""},
            )
            cls.outcome = read_junit(root / "report")

    def test_each_test_that_ran_counts_once(self):
        # test_passes, test_skips_and_fails, test_is_expected_to_fail and test_torn_down
        self.assertEqual(self.outcome.tests, 4)

    def test_a_module_that_cannot_be_imported_is_no_test(self):
        self.assertEqual(
            self.outcome.unimportable,
            (("test_broken.py", "ModuleNotFoundError: No module named 'nowhere'"),),
        )

    def test_each_skipped_test_or_module_counts_once(self):
        # test_skips_thrice, SkippedTests.test_one and test_later.py
        self.assertEqual(self.outcome.skipped, 3)
        self.assertEqual(len(self.outcome.skips), 3)
        self.assertIn("SkippedTests.test_one", {skip.name for skip in self.outcome.skips})

    def test_a_test_that_fails_and_cannot_be_torn_down_is_told_twice(self):
        names = [failure.name for failure in self.outcome.failures]
        self.assertEqual(
            sorted(names),
            ["SumTests.test_skips_and_fails", "test_sum.test_torn_down", "test_sum.test_torn_down"],
        )
