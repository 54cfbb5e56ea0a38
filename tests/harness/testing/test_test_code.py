import tempfile
import unittest
from pathlib import Path

from quality_harness.testing.test_code import TestCode, is_test_module


class TestCodeTests(unittest.TestCase):
    def setUp(self) -> None:
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        self.is_test_code = TestCode(self.root, ("checks",))

    def test_names_that_say_test(self) -> None:
        for name in (
            "test_a.py",
            "shop/tests.py",
            "shop/tests/helpers.py",
            "a_test.py",
            "conftest.py",
            "shop_tests/a.py",
            "checks/a.py",
        ):
            with self.subTest(name):
                self.assertTrue(self.is_test_code.holds(name))

    def test_names_that_do_not(self) -> None:
        for name in (
            "shop/testing/a.py",
            "shop/contest.py",
            "latest.py",
            ".venv/lib/tests/a.py",
            "env/site-packages/shop/tests/test_a.py",
        ):
            with self.subTest(name):
                self.assertFalse(self.is_test_code.holds(name))

    def test_a_file_outside_of_the_project_is_none_of_it(self) -> None:
        self.assertTrue(self.is_test_code(str(self.root / "test_a.py")))
        self.assertFalse(self.is_test_code("/elsewhere/test_a.py"))

    def test_the_folders_are_those_of_the_settings(self) -> None:
        table = '[tool.quality_harness.testing]\npaths = ["specs"]\n'
        (self.root / "pyproject.toml").write_text(table, encoding="utf-8")

        self.assertTrue(TestCode.of(self.root).holds("specs/a.py"))

    def test_modules_of_tests(self) -> None:
        self.assertTrue(is_test_module("tests/test_a.py"))
        self.assertFalse(is_test_module("tests/helpers.py"))
