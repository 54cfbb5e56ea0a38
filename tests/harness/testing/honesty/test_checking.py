import ast
import tempfile
import unittest
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.testing.honesty.checking import check_files
from quality_harness.testing.honesty.module import Module
from quality_harness.testing.honesty.naming import is_assertion_name, is_failure


class CheckFilesTests(unittest.TestCase):
    def setUp(self) -> None:
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def places(self, text: bytes) -> list[tuple[str, str, int, int]]:
        (self.root / "test_a.py").write_bytes(text)
        found = check_files(self.root, ["test_a.py"])
        return [
            (one.code, one.location.path, one.location.line, one.location.column) for one in found
        ]

    def test_a_finding_says_where(self) -> None:
        text = b"def test_a():\n    assert True\n"

        self.assertEqual(self.places(text), [("HON011", "test_a.py", 2, 5)])

    def test_a_declared_encoding_is_read(self) -> None:
        text = "# coding: latin-1\ndef test_a():\n    assert 'ä'\n".encode("latin-1")

        self.assertEqual(len(self.places(text)), 1)

    def test_what_is_no_python_could_not_be_checked(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "test_a.py:1 is not valid Python"):
            self.places(b"def test_a(:\n")

    def test_bytes_of_no_encoding_could_not_be_checked(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "test_a.py:1 is not valid Python"):
            self.places(b"# \xff\n")

    def test_a_missing_file_could_not_be_checked(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "test_b.py cannot be read"):
            check_files(self.root, ["test_b.py"])


class ModuleTests(unittest.TestCase):
    def names_in(self, path: str, text: str) -> list[str]:
        return [test.name for test in Module(path, ast.parse(text)).tests]

    def test_a_function_is_a_test_in_a_test_module_only(self) -> None:
        text = "def test_a(): ...\ndef help(): ..."

        self.assertEqual(self.names_in("tests/test_a.py", text), ["test_a"])
        self.assertEqual(self.names_in("tests/runner.py", text), [])

    def test_a_method_is_a_test_wherever_its_class_stands(self) -> None:
        text = "if x:\n    class A:\n        def test_a(self): ..."

        self.assertEqual(self.names_in("tests/base.py", text), ["test_a"])


class NamingTests(unittest.TestCase):
    def test_names_of_assertions(self) -> None:
        for name in ("assertEqual", "assert_called", "django_assert_num_queries", "assert_that"):
            with self.subTest(name):
                self.assertTrue(is_assertion_name(name))
        for name in ("AssertionError", "asserted", "check", "equal"):
            with self.subTest(name):
                self.assertFalse(is_assertion_name(name))

    def test_statements_that_fail(self) -> None:
        for text in (
            "raise AssertionError",
            "raise AssertionError('a')",
            "assert False",
            "self.fail()",
            "pytest.fail('a')",
            "self.assertTrue(False)",
            "self.assertFalse(True)",
        ):
            with self.subTest(text):
                self.assertTrue(is_failure(ast.parse(text).body[0]))

    def test_statements_that_do_not_fail(self) -> None:
        for text in (
            "raise",
            "raise ValueError",
            "assert total",
            "total()",
            "self.assertTrue(total)",
            "self.assertTrue()",
            "total = 3",
        ):
            with self.subTest(text):
                self.assertFalse(is_failure(ast.parse(text).body[0]))
