import os
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from django.test import tag

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates import test_collection
from quality_harness.gates.test_collection import GATE, Options
from quality_harness.testing.collected import Case, Collected, FunctionId
from tests.harness.projects import ProjectCase, places

SETTINGS = """
SECRET_KEY = "not secret"
TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"
"""
PYPROJECT = """
[tool.pytest.ini_options]
python_files = ["test_*.py"]
"""
TEST = """
from django.test import SimpleTestCase

class BlogTests(SimpleTestCase):
    def test_one(self): self.assertTrue(1)
"""
PYTEST = Options(runners=("pytest",))
PLACE = FunctionId("tests/test_blog.py", "BlogTests", "test_one")


@tag("slow")
class RealRunTests(ProjectCase):
    def test_compares_the_source_with_what_both_runners_really_collect(self) -> None:
        self.write(
            {
                "pyproject.toml": PYPROJECT,
                "site/shop_settings.py": SETTINGS,
                "tests/__init__.py": "",
                "tests/test_blog.py": TEST,
                "tests/tests_draft.py": TEST,
            }
        )
        # The project needs no plugin but ours, which the gate names.
        with mock.patch.dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"):
            checked = self.check(GATE, python_path=("site",), settings="shop_settings")
        self.assertEqual(places(checked), [("COL001", "tests/tests_draft.py", 0)])
        self.assertEqual((checked.checked, checked.unit), (2, "tests"))
        self.assertEqual(
            checked.note, "in the source; pytest collects 1, Django's runner collects 2"
        )


@tag("slow")
class BrokenRunTests(ProjectCase):
    """What the runners really print where they break."""

    def setUp(self) -> None:
        super().setUp()
        self.write({"pyproject.toml": PYPROJECT, "settings.py": SETTINGS})
        self.write({"tests/__init__.py": "", "tests/test_blog.py": TEST})
        patched = mock.patch.dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        patched.start()
        self.addCleanup(patched.stop)

    def message(self, runner: str) -> str:
        with self.assertRaises(CouldNotRun) as caught:
            self.check(GATE, options=Options(runners=(runner,)), settings="settings")
        return str(caught.exception)

    def test_pytest_cannot_import_what_a_test_imports(self) -> None:
        self.write({"tests/test_blog.py": "import shop\n" + TEST, "shop.py": "\nx = 1\ndef (\n"})
        self.assertIn(
            "pytest cannot import tests/test_blog.py: shop.py:2: SyntaxError",
            self.message("pytest"),
        )

    def test_pytest_refuses_a_marker_halfway(self) -> None:
        hook = "def pytest_itemcollected(item):\n    item.add_marker('later')\n"
        options = PYPROJECT + 'addopts = "--strict-markers"\n'
        self.write({"conftest.py": hook, "pyproject.toml": options})
        self.assertIn(
            "pytest broke off the collection with exit code 3: conftest.py:2: Failed: 'later' not",
            self.message("pytest"),
        )

    def test_django_cannot_load_the_settings(self) -> None:
        self.write({"settings.py": "import nowhere\n"})
        self.assertEqual(
            self.message("django"),
            "django could not collect: settings.py:1: "
            "ModuleNotFoundError: No module named 'nowhere'",
        )


class GivenRunnersCase(ProjectCase):
    """A project with one test, and runners that collect what a test gives them."""

    def setUp(self) -> None:
        super().setUp()
        self.write({"tests/test_blog.py": TEST})
        case = Case(PLACE, frozenset({PLACE}))
        self.found = Collected("pytest", ("test_*.py",), (case,), frozenset({PLACE.path}))
        self.done = CompletedProcess([], 0, "", "")

    def check_given(self, options: Options = PYTEST) -> Checked:
        """Check with pytest replaced by `self.found`."""

        def run(project: object, file: Path) -> CompletedProcess[str]:
            self.found.write(file)
            return self.done

        with mock.patch.dict(test_collection.RUNNERS, pytest=run):
            return self.check(GATE, options=options)


class FilesTests(GivenRunnersCase):
    def test_one_runner_alone_is_named_in_the_note(self) -> None:
        self.assertEqual(self.check_given().note, "in the source; pytest collects 1")

    def test_the_note_counts_what_the_runner_runs_beside_what_stands_in_the_source(self) -> None:
        self.found = replace(self.found, cases=self.found.cases * 3)

        checked = self.check_given()

        self.assertEqual(checked.checked, 1)
        self.assertEqual(checked.note, "in the source; pytest collects 3")

    def test_looks_at_files_elsewhere_whose_names_say_test(self) -> None:
        self.write({"blog/tests.py": TEST, "blog/blog_test.py": TEST, "blog/views.py": TEST})
        found = [path for _, path, _ in places(self.check_given())]
        self.assertEqual(found, ["blog/blog_test.py", "blog/tests.py"])

    def test_looks_at_every_file_of_the_configured_folders(self) -> None:
        self.write({"checks/blog.py": TEST})
        options = Options(paths=("tests", "checks"), runners=("pytest",))
        found = [path for _, path, _ in places(self.check_given(options))]
        self.assertEqual(found, ["checks/blog.py"])

    def test_a_project_needs_no_tests_folder(self) -> None:
        (self.root / PLACE.path).rename(self.root / "test_site.py")
        (self.root / "tests").rmdir()
        self.assertEqual(places(self.check_given()), [("COL001", "test_site.py", 0)])

    def test_leaves_out_excluded_folders(self) -> None:
        self.write({"tests/samples/test_a.py": "def broken(:"})
        options = Options(exclude=("tests/samples",), runners=("pytest",))
        self.assertEqual(self.check_given(options).findings, ())

    def test_counts_what_only_a_runner_knows_to_be_a_test(self) -> None:
        self.write({"tests/checks.py": "def test_a(): return 1"})
        place = FunctionId("tests/checks.py", "", "test_a")
        case = Case(place, frozenset({place}))
        self.found = Collected("pytest", (), (*self.found.cases, case))
        self.assertEqual(self.check_given().checked, 2)

    def test_reads_a_file_in_the_encoding_that_it_names(self) -> None:
        text = TEST.replace("test_one", "test_größe")
        for start, encoding in (("\ufeff", "utf-8"), ("# coding: latin-1\n", "latin-1")):
            (self.root / PLACE.path).write_bytes((start + text).encode(encoding))
            place = PLACE._replace(name="test_größe")
            self.found = Collected("pytest", ("test_*.py",), (Case(place, frozenset({place})),))
            with self.subTest(encoding=encoding):
                self.assertEqual((self.check_given().findings, self.check_given().checked), ((), 1))

    def test_pytest_may_say_that_it_found_nothing(self) -> None:
        self.done = CompletedProcess([], 5, "", "")
        self.assertEqual(self.check_given().checked, 1)


class CouldNotRunTests(GivenRunnersCase):
    def test_without_any_test(self) -> None:
        self.write({"tests/test_blog.py": "x = 1"})
        with self.assertRaisesRegex(CouldNotRun, "no test function in tests.*paths = "):
            self.check_given()

    def test_where_nothing_is_surely_a_test(self) -> None:
        self.write({"tests/test_blog.py": "", "tests/factories.py": "def test_user(): ..."})
        self.found = Collected("pytest", ("test_*.py",))
        with self.assertRaisesRegex(CouldNotRun, "No runner collects anything"):
            self.check_given()

    def test_gives_the_last_words_of_a_runner_that_breaks_off(self) -> None:
        usage = "ERROR: usage: pytest [options]\npytest: error: no settings\n  rootdir: /shop\n"
        for stdout, stderr in (
            ("", "Traceback\nno settings\n"),
            ("no settings\n", ""),
            ("", "ImportError while loading conftest\nE   no settings\n"),
            ("", usage),
        ):
            done = CompletedProcess([], 1, stdout, stderr)
            with (
                self.subTest(stdout=stdout),
                mock.patch.dict(test_collection.RUNNERS, pytest=lambda *_, done=done: done),
                self.assertRaisesRegex(CouldNotRun, "^pytest could not collect: no settings$"),
            ):
                self.check(GATE, options=PYTEST)

    def test_names_the_module_that_cannot_be_imported(self) -> None:
        errors = (("tests/test_blog.py", "ImportError: nowhere"),)
        self.found = Collected("pytest", ("test_*.py",), errors=errors)
        expected = (
            "^pytest cannot import tests/test_blog.py: ImportError: nowhere. "
            "Try it: pytest --collect-only tests/test_blog.py$"
        )
        with self.assertRaisesRegex(CouldNotRun, expected):
            self.check_given()

    def test_names_the_line_that_breaks_an_import(self) -> None:
        self.write({"shop/models.py": "def (", ".venv/library.py": "", "tests/test_c.py": ""})
        printed = {
            "as pytest prints it": "tests/test_blog.py:2: in <module>\nshop/models.py:7: in save\n"
            f"<frozen importlib>:1: in load\n{self.root}/.venv/library.py:3: in load\n",
            "as Python prints it": f"tests/test_blog.py:2: in <module>\n"
            f'E     File "{self.root}/shop/models.py", line 7\nE    def (\n',
        }
        errors = (("tests/test_blog.py::BlogTests", "TypeError: no"),)
        self.found = Collected("pytest", ("test_*.py",), errors=errors)
        for name, text in printed.items():
            stdout = (
                "__ ERROR collecting tests/test_a.py __\ntests/test_c.py:1: in <module>\n"
                f"__ ERROR collecting tests/test_blog.py __\n{text}"
                "__ ERROR collecting tests/test_c.py __\ntests/test_c.py:1: in <module>\n"
            )
            self.done = CompletedProcess([], 2, stdout, "")
            with (
                self.subTest(name),
                self.assertRaisesRegex(CouldNotRun, ": shop/models.py:7: TypeError: no. Try it"),
            ):
                self.check_given()

    def test_a_collection_that_breaks_off_is_no_collection(self) -> None:
        self.write({"conftest.py": ""})
        stdout = (
            f'INTERNALERROR>   File "{self.root}/conftest.py", line 3, in pytest_itemcollected\n'
            "INTERNALERROR> Failed: 'later' not found in `markers`\n\n1 test collected in 0.1s\n"
        )
        self.done = CompletedProcess([], 3, stdout, "")
        expected = (
            "^pytest broke off the collection with exit code 3: "
            "conftest.py:3: Failed: 'later' not found in `markers`. Try it: pytest --collect-only$"
        )
        with self.assertRaisesRegex(CouldNotRun, expected):
            self.check_given()

    def test_an_interrupt_without_a_recorded_error_is_no_collection(self) -> None:
        self.done = CompletedProcess([], 2, "", "")
        with self.assertRaisesRegex(CouldNotRun, "exit code 2: no reason given"):
            self.check_given()

    def test_names_the_file_that_cannot_be_parsed(self) -> None:
        self.write({"tests/test_blog.py": "def broken(:"})
        with self.assertRaisesRegex(CouldNotRun, "^tests/test_blog.py:1 is not valid Python"):
            self.check_given()

    def test_names_the_file_that_cannot_be_read(self) -> None:
        (self.root / "tests/test_blog.py").write_bytes(b"# \xff")
        with self.assertRaisesRegex(CouldNotRun, "^tests/test_blog.py cannot be read"):
            self.check_given()

    def test_refuses_an_unknown_runner(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "names 'nose'; known: pytest, django"):
            self.check_given(Options(runners=("nose",)))

    def test_refuses_no_runner(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "runners is empty"):
            self.check_given(Options(runners=()))

    def test_refuses_an_exclude_that_does_not_exist(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "exclude names 'samples', which does not exist"):
            self.check_given(Options(exclude=("samples",), runners=("pytest",)))

    def test_refuses_a_path_that_does_not_exist(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "paths names 'checks', which does not exist"):
            self.check_given(Options(paths=("checks",), runners=("pytest",)))

    def test_asks_for_settings(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, r"needs settings.*runners = \[\"pytest\"\]"):
            self.check_given(Options(runners=("django",)))
