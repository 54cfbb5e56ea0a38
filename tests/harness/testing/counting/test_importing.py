"""Test modules count from their import on, and compiled ones are kept."""

import ast
import importlib
import os
import sys
import types
import unittest
from pathlib import Path
from unittest import mock

from quality_harness.testing.counting import importing
from quality_harness.testing.counting.importing import CountingLoader, counted_imports
from quality_harness.testing.counting.tally import TALLY
from quality_harness.testing.test_code import TestCode
from tests.harness.testing.suites import SuiteCase

ASSERTS = "x = 1\nassert x\n"


class CountedImportsTests(SuiteCase):
    def made_by_import(self, name: str) -> int:
        """Import a module of the project, and return how many assertions that made."""
        before = TALLY.made
        importlib.invalidate_caches()
        with self.inside(), counted_imports(TestCode(self.root, ())):
            sys.path.insert(0, str(self.root))
            importlib.import_module(name)
        return TALLY.made - before

    def kept(self) -> list[Path]:
        return list(self.root.rglob(f"*{importing._TAG}*"))

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch.object(sys, "dont_write_bytecode", False))

    def test_test_code_counts_and_other_code_does_not(self) -> None:
        self.write({"counted_a_test.py": ASSERTS, "plain_a.py": ASSERTS})

        self.assertEqual(self.made_by_import("counted_a_test"), 1)
        self.assertEqual(self.made_by_import("plain_a"), 0)

    def test_a_module_that_does_not_exist_is_not_found(self) -> None:
        with self.assertRaises(ModuleNotFoundError):
            self.made_by_import("test_counted_nowhere")

    @unittest.skipUnless("_pytest.assertion.rewrite" in sys.modules, "pytest does not run this")
    def test_what_pytest_rewrites_counts(self) -> None:
        self.write({"test_rewritten.py": ASSERTS})

        self.assertEqual(self.made_by_import("test_rewritten"), 1)

    def test_what_pytest_rewrites_beside_test_code_does_not_count(self) -> None:
        rewritten = []
        rewrite = types.SimpleNamespace(
            rewrite_asserts=lambda tree, *_: rewritten.append(ast.unparse(tree)), PYC_TAIL=".pyc"
        )

        with importing._counted_by_pytest(rewrite, TestCode(self.root, ())):
            for name in ("shop_plugin.py", "test_shop.py"):
                rewrite.rewrite_asserts(ast.parse(ASSERTS), b"", str(self.root / name))

        self.assertEqual(rewritten[0], ASSERTS.strip())
        self.assertNotEqual(rewritten[1], ASSERTS.strip())

    def test_a_module_of_a_package_counts(self) -> None:
        self.write({"shop_a/__init__.py": "", "shop_a/tests.py": ASSERTS})

        self.assertEqual(self.made_by_import("shop_a.tests"), 1)

    def test_a_package_without_a_file_is_left_alone(self) -> None:
        self.write({"test_space_a/readme.txt": ""})

        self.assertEqual(self.made_by_import("test_space_a"), 0)

    def test_a_package_from_elsewhere_is_left_alone(self) -> None:
        self.assertEqual(self.made_by_import("json.tool"), 0)

    def test_a_compiled_module_is_taken_for_an_unchanged_source(self) -> None:
        self.write({"counted_b_test.py": ASSERTS})
        self.made_by_import("counted_b_test")

        with mock.patch.object(importing, "count_in", side_effect=AssertionError):
            count = self.made_by_import("counted_b_test")

        self.assertEqual(count, 1)

    def test_a_changed_source_is_compiled_anew(self) -> None:
        self.write({"counted_c_test.py": ASSERTS})
        self.made_by_import("counted_c_test")
        self.write({"counted_c_test.py": ASSERTS + "assert x == 1\n"})

        self.assertEqual(self.made_by_import("counted_c_test"), 2)

    def test_a_damaged_compiled_module_is_replaced(self) -> None:
        self.write({"counted_d_test.py": ASSERTS})
        self.made_by_import("counted_d_test")
        self.kept()[0].write_bytes(b"none")

        self.assertEqual(self.made_by_import("counted_d_test"), 1)

    def test_nothing_is_kept_where_python_keeps_nothing(self) -> None:
        self.write({"counted_e_test.py": ASSERTS})

        with mock.patch.object(sys, "dont_write_bytecode", True):
            self.made_by_import("counted_e_test")

        self.assertEqual(self.kept(), [])

    def test_pythons_own_compiled_module_does_not_count(self) -> None:
        self.write({"counted_f_test.py": ASSERTS})
        self.made_by_import("counted_f_test")
        before = TALLY.made

        with self.inside():
            sys.path.insert(0, str(self.root))
            importlib.invalidate_caches()
            importlib.import_module("counted_f_test")

        self.assertEqual(TALLY.made, before)

    def test_without_pytest_its_rewriting_is_left_alone(self) -> None:
        self.write({"counted_g_test.py": ASSERTS})

        with mock.patch.dict(sys.modules):
            sys.modules.pop("_pytest.assertion.rewrite", None)
            count = self.made_by_import("counted_g_test")

        self.assertEqual(count, 1)

    def test_a_source_that_is_no_python_says_so(self) -> None:
        self.write({"counted_h_test.py": "def f(:\n"})

        with self.assertRaisesRegex(SyntaxError, "counted_h_test.py"):
            self.made_by_import("counted_h_test")

    def test_a_folder_that_cannot_be_written_is_no_hindrance(self) -> None:
        self.write({"counted_i_test.py": ASSERTS, "__pycache__": "a file"})

        self.assertEqual(self.made_by_import("counted_i_test"), 1)
        self.assertEqual(os.listdir(self.root).count("__pycache__"), 1)


class LoaderTests(unittest.TestCase):
    def test_the_loader_gives_the_source_as_it_is(self) -> None:
        loader = CountingLoader(__name__, __file__)

        self.assertIn("class LoaderTests", str(loader.get_source(__name__)))
