from pathlib import Path

from django.test import SimpleTestCase

from quality_harness.testing.imported import files_of, is_ours, walk
from tests.harness.testing.suites import SuiteCase


class WalkTests(SuiteCase, SimpleTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.write(
            {"qh_shop/__init__.py": "", "qh_shop/money.py": "", "qh_shop/deep/__init__.py": ""}
        )
        self.write({"qh_shop/deep/prices.py": "from ..money import Money", "qh_top.py": ""})

    def reached(self, text: str, name: str = "qh_shop/step.py") -> set[str]:
        """Return the files that a file with `text` imports, itself left out."""
        self.write({name: text})
        with self.inside():
            import sys

            sys.path.insert(0, str(self.root))
            found = walk([self.root / name]).files
        return {path.relative_to(self.root).as_posix() for path in found} - {name}

    def test_follows_every_form_of_import(self) -> None:
        forms = {
            "import qh_shop.money": {"qh_shop/__init__.py", "qh_shop/money.py"},
            "import os, qh_top as top": {"qh_top.py"},
            "import os; import qh_top": {"qh_top.py"},
            "if True: import qh_top": {"qh_top.py"},
            "def late():\n    import qh_top": {"qh_top.py"},
            "from qh_shop import money": {"qh_shop/__init__.py", "qh_shop/money.py"},
            "from qh_shop import (  # a (note)\n    money,\n)": {
                "qh_shop/__init__.py",
                "qh_shop/money.py",
            },
            "from qh_shop import \\\n    money": {"qh_shop/__init__.py", "qh_shop/money.py"},
            "from qh_shop.money import Money": {"qh_shop/__init__.py", "qh_shop/money.py"},
            "from . import money": {"qh_shop/__init__.py", "qh_shop/money.py"},
            "from .money import *": {"qh_shop/__init__.py", "qh_shop/money.py"},
            "f('qh_shop.money.Money')": {"qh_shop/__init__.py", "qh_shop/money.py"},
        }
        for text, files in forms.items():
            with self.subTest(text):
                self.assertEqual(self.reached(text), files)

    def test_follows_what_is_imported_by_what_is_imported(self) -> None:
        self.assertIn("qh_shop/money.py", self.reached("from qh_shop.deep import prices"))

    def test_leaves_django_the_library_and_packages_alone(self) -> None:
        text = "import django.db, json, pytest, nowhere_at_all\nfrom sys import path"
        self.assertEqual(self.reached(text), set())

    def test_leaves_a_relative_import_above_the_root_alone(self) -> None:
        self.assertEqual(self.reached("from " + "." * 60 + "money import x"), set())

    def test_a_missing_file_is_passed_over(self) -> None:
        self.assertEqual(walk([self.root / "nowhere.py"]).files, {})

    def test_a_folder_without_init_is_a_package_too(self) -> None:
        self.write({"qh_space/part.py": ""})
        self.assertEqual(self.reached("import qh_space.part"), {"qh_space/part.py"})

    def test_notes_what_the_files_ask_for(self) -> None:
        self.write({"one.py": """
                settings.SHOP_NAME; getattr(settings, "SHOP_PLACE", 1)
                os.environ["HOME_A"]; os.environ.get("HOME_B")
                os.getenv("HOME_C"); env.str("HOME_D")
                """})
        found = walk([self.root / "one.py"])
        self.assertEqual(found.settings, {"SHOP_NAME", "SHOP_PLACE"})
        self.assertEqual(found.variables, {"HOME_A", "HOME_B", "HOME_C", "HOME_D"})
        self.assertFalse(found.reads_files or found.imports_by_name)

    def test_notes_files_that_read_files_or_import_by_name(self) -> None:
        self.write({"one.py": "open('prices.csv')", "two.py": "import_module(name)"})
        found = walk([self.root / "one.py", self.root / "two.py"])
        self.assertTrue(found.reads_files)
        self.assertEqual(found.imports_by_name, {self.root / "two.py"})

    def test_another_file_is_read_and_not_searched(self) -> None:
        self.write({"one.sql": "import qh_top; settings.NAME"})
        found = walk([self.root / "one.sql"])
        self.assertEqual((len(found.files), found.settings), (1, set()))


class OursTests(SimpleTestCase):
    def test_installed_packages_are_not_ours(self) -> None:
        self.assertTrue(is_ours(Path("/srv/shop/money.py")))
        self.assertFalse(is_ours(Path("/srv/.venv/lib/site-packages/rest_framework/fields.py")))

    def test_a_module_without_a_spec_has_no_file(self) -> None:
        self.assertEqual(list(files_of("__main__.x")), [])
