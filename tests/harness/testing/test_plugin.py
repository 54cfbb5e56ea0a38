import subprocess
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar
from unittest import mock

import pytest
from django.test import SimpleTestCase

from quality_harness.gate import CouldNotRun
from quality_harness.testing.collected import Collected, FunctionId
from quality_harness.testing.plugin import OPTION, Seeder, pytest_configure
from tests.harness.testing.suites import SuiteCase

SEED_DATABASES = "quality_harness.testing.databases.seed_databases"


class ImportTests(unittest.TestCase):
    def test_imports_no_django(self) -> None:
        code = "import sys, quality_harness.testing.plugin as p; sys.exit('django' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], check=False)
        self.assertEqual(done.returncode, 0)


class ConfigureTests(SuiteCase):
    reuses = False
    collects = False

    def configure(self, pyproject: str, file: Path | None = None) -> list[str]:
        """Return the names of the plugins that the configuration registers."""
        self.write({"pyproject.toml": pyproject})
        registered: list[object] = []
        config = SimpleNamespace(
            rootpath=self.root,
            getoption=lambda name, default=None: {
                OPTION: file,
                "reuse_db": self.reuses,
                "collectonly": self.collects,
            }.get(name, default),
            option=SimpleNamespace(),
            add_cleanup=self.addCleanup,
            getini=lambda name: ["test_*.py"],
            pluginmanager=SimpleNamespace(register=registered.append, has_plugin=lambda name: True),
        )
        pytest_configure(config)
        return [type(plugin).__name__ for plugin in registered]

    def test_does_nothing_unasked(self) -> None:
        self.assertEqual(self.configure(""), [])

    def test_tests_are_watched_where_the_table_asks(self) -> None:
        pyproject = '[tool.quality_harness.testing]\nstrict = ["tasks"]'
        self.assertIn("FunctionWatcher", self.configure(pyproject))

    def test_nothing_is_watched_where_tests_are_only_collected(self) -> None:
        self.collects = True
        pyproject = '[tool.quality_harness.testing]\nstrict = ["tasks"]'
        self.assertEqual(self.configure(pyproject), ["TagMarkers", "Selection"])

    def test_seeds_where_the_table_asks(self) -> None:
        pyproject = '[tool.quality_harness.testing]\nseed = "shop.public:seed"'
        self.assertEqual(self.configure(pyproject), ["TagMarkers", "Selection", "Seeder"])

    def test_copies_a_template_where_the_table_asks(self) -> None:
        pyproject = "[tool.quality_harness.testing]\ntemplate = true"
        self.assertEqual(
            self.configure(pyproject), ["TagMarkers", "Selection", "TemplateDatabases"]
        )

    def test_a_database_that_is_kept_is_seeded_alone(self) -> None:
        self.reuses = True
        pyproject = '[tool.quality_harness.testing]\ntemplate = true\nseed = "shop.public:seed"'
        self.assertEqual(self.configure(pyproject), ["TagMarkers", "Selection", "Seeder"])

    def test_notes_the_collection_where_the_option_asks(self) -> None:
        self.assertEqual(self.configure("", self.root / "out.json"), ["CollectionWriter"])

    def test_an_unknown_key_is_a_usage_error(self) -> None:
        with self.assertRaisesRegex(pytest.UsageError, "'sead'"):
            self.configure("[tool.quality_harness.testing]\nsead = 1")


class SeederTests(SimpleTestCase):
    def setUp(self) -> None:
        self.unblocked = mock.MagicMock()
        blocker = SimpleNamespace(unblock=self.unblocked)
        self.request = SimpleNamespace(
            getfixturevalue={"django_db_blocker": blocker}.__getitem__,
            config=SimpleNamespace(),
            session=SimpleNamespace(),
        )

    def set_up(self, fixture: str) -> object:
        """Run our hook around a fixture that gives "made"."""
        hook = Seeder("shop:seed").pytest_fixture_setup(
            SimpleNamespace(argname=fixture), self.request
        )
        next(hook)
        with self.assertRaises(StopIteration) as stopped:
            hook.send("made")
        return stopped.exception.value

    def test_seeds_after_the_databases_are_made(self) -> None:
        with mock.patch(SEED_DATABASES) as seed:
            self.assertEqual(self.set_up("django_db_setup"), "made")
        seed.assert_called_once_with("shop:seed", mock.ANY)
        self.unblocked.assert_called_once_with()

    def test_leaves_other_fixtures_alone(self) -> None:
        with mock.patch(SEED_DATABASES) as seed:
            self.assertEqual(self.set_up("client"), "made")
        seed.assert_not_called()

    def test_ends_the_run_where_the_seed_fails(self) -> None:
        with (
            mock.patch(SEED_DATABASES, side_effect=CouldNotRun("no seed")),
            self.assertRaises(pytest.exit.Exception) as caught,
        ):
            self.set_up("django_db_setup")
        self.assertEqual((caught.exception.msg, caught.exception.returncode), ("no seed", 4))

    def test_a_worker_of_xdist_tells_its_controller(self) -> None:
        self.request.config.workerinput = {}
        with (
            mock.patch(SEED_DATABASES, side_effect=CouldNotRun("no seed")),
            self.assertRaisesRegex(pytest.fail.Exception, "no seed"),
        ):
            self.set_up("django_db_setup")
        self.assertEqual(self.request.session.shouldfail, "no seed")


class CollectionWriterTests(SuiteCase):
    collected: ClassVar[Collected]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        case = cls()
        case.setUp()
        try:
            case.write(
                {
                    "pyproject.toml": """
                    [tool.pytest.ini_options]
                    python_files = ["test_*.py"]
                    addopts = "--doctest-modules -k nothing_that_matches"
                    """,
                    "checks/test_a.py": '''
                    """
                    >>> 1
                    1
                    """
                    import pytest
                    class TestA:
                        def test_method(self): ...
                    @pytest.mark.parametrize("n", [1, 2])
                    def test_function(n): ...
                    ''',
                    "checks/test_broken.py": "import nowhere_at_all",
                    "checks/test_skipped.py": """
                    import pytest
                    pytest.skip('no', allow_module_level=True)
                    """,
                }
            )
            cls.collected = case.by_pytest()
        finally:
            case.doCleanups()

    def test_notes_functions_and_methods_but_no_doctest_though_all_are_deselected(self) -> None:
        method = FunctionId("checks/test_a.py", "TestA", "test_method")
        function = FunctionId("checks/test_a.py", "", "test_function")
        self.assertEqual(
            [case.collected_as for case in self.collected.cases], [method, function, function]
        )

    def test_notes_the_modules_that_are_opened(self) -> None:
        self.assertIn("checks/test_a.py", self.collected.opened)
        self.assertNotIn("checks/__init__.py", self.collected.opened)

    def test_notes_the_patterns(self) -> None:
        self.assertEqual(self.collected.patterns, ("test_*.py",))

    def test_notes_the_error_of_a_module_that_cannot_be_imported(self) -> None:
        self.assertIn(
            ("checks/test_broken.py", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
            self.collected.errors,
        )

    def test_notes_a_module_that_skips_itself(self) -> None:
        self.assertIn("checks/test_skipped.py", self.collected.skipped)
