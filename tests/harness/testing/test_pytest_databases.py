from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.test import SimpleTestCase, utils

from quality_harness.gate import CouldNotRun
from quality_harness.testing import databases, entry_point, plugin, templates
from quality_harness.testing.pytest_databases import PROBLEM, TemplateDatabases

ROOT = Path(__file__).parent


def django_db_setup() -> None:
    """Stand in for a fixture of a project."""


class HookCase(SimpleTestCase):
    def setUp(self) -> None:
        self.options = {"create_db": False}
        self.config = SimpleNamespace(
            rootpath=ROOT,
            getoption=self.options.get,
            pluginmanager=SimpleNamespace(has_plugin="django".__eq__),
        )
        self.session = SimpleNamespace(exitstatus=1)
        self.request = SimpleNamespace(config=self.config, session=self.session)
        self.prepare = self.enterContext(mock.patch.object(templates, "prepare", return_value=True))
        self.make = self.enterContext(
            mock.patch.object(templates, "setup_databases", return_value="made")
        )
        self.seed = self.enterContext(mock.patch.object(databases, "seed_databases"))

    def hook(self, seed: str = "shop:seed") -> TemplateDatabases:
        return TemplateDatabases(self.config, seed)

    def set_up(self, hook: TemplateDatabases, *, calls: bool = True, fixture: str = "") -> Any:
        """Run the hook around a fixture that makes databases, or does not."""
        name = fixture or "django_db_setup"
        definition = SimpleNamespace(argname=name, func=django_db_setup)
        step = hook.pytest_fixture_setup(definition, self.request)
        next(step)
        try:
            made = utils.setup_databases(0, False, aliases={"default"}) if calls else None
        except CouldNotRun as error:
            step.throw(error)
        with self.assertRaises(StopIteration) as stopped:
            step.send(made)
        return stopped.exception.value


class SetUpTests(HookCase):
    def test_prepares_before_django_makes_the_databases(self) -> None:
        self.assertEqual(self.set_up(self.hook()), "made")
        self.prepare.assert_called_once_with(
            root=ROOT, seed="shop:seed", aliases={"default"}, anew=False, verbosity=0
        )
        self.make.assert_called_once_with(0, False, aliases={"default"})
        self.seed.assert_not_called()

    def test_puts_djangos_function_back(self) -> None:
        function = utils.setup_databases
        self.set_up(self.hook())
        self.assertIs(utils.setup_databases, function)

    def test_seeds_where_the_template_does_not_hold_the_seed(self) -> None:
        self.prepare.return_value = False
        self.set_up(self.hook())
        self.seed.assert_called_once_with("shop:seed", mock.ANY)

    def test_seeds_nothing_where_there_is_no_seed(self) -> None:
        self.prepare.return_value = False
        self.set_up(self.hook(""))
        self.seed.assert_not_called()

    def test_create_db_builds_anew(self) -> None:
        self.options["create_db"] = True
        self.set_up(self.hook())
        self.assertTrue(self.prepare.call_args.kwargs["anew"])

    def test_leaves_other_fixtures_alone(self) -> None:
        self.assertIsNone(self.set_up(self.hook(), calls=False, fixture="client"))


class StopTests(HookCase):
    def test_ends_with_2_where_there_is_no_template(self) -> None:
        self.prepare.side_effect = CouldNotRun("no right")
        with self.assertRaises(pytest.exit.Exception) as caught:
            self.set_up(self.hook())
        self.assertEqual((caught.exception.msg, caught.exception.returncode), ("no right", 2))

    def test_ends_where_the_fixture_makes_the_databases_by_itself(self) -> None:
        with self.assertRaisesRegex(pytest.exit.Exception, "in test_pytest_databases.py makes"):
            self.set_up(self.hook(), calls=False)

    def test_a_fixture_outside_of_the_project_is_named_in_full(self) -> None:
        self.config.rootpath = Path("/elsewhere")
        with self.assertRaisesRegex(pytest.exit.Exception, "in /.*/test_pytest_databases.py"):
            self.set_up(self.hook(), calls=False)

    def test_a_worker_of_xdist_tells_its_controller(self) -> None:
        self.prepare.side_effect = CouldNotRun("no right")
        self.config.workeroutput = {}
        with self.assertRaisesRegex(pytest.fail.Exception, "no right"):
            self.set_up(self.hook())
        self.assertEqual(self.session.shouldfail, "no right")
        self.assertEqual(self.config.workeroutput, {PROBLEM: "no right"})

    def test_needs_pytest_django(self) -> None:
        self.config.pluginmanager.has_plugin = lambda name: False
        with self.assertRaisesRegex(pytest.UsageError, "needs pytest-django"):
            self.hook()


class ControllerTests(HookCase):
    def setUp(self) -> None:
        super().setUp()
        for name in ("separate_caches", "empty_caches"):
            patched = mock.patch(f"quality_harness.testing.caches.{name}")
            setattr(self, name, self.enterContext(patched))
        self.terminal = mock.Mock()

    def finish(self, *outputs: dict[str, str]) -> None:
        hook = self.hook()
        hook.pytest_sessionstart()
        for output in outputs:
            hook.pytest_testnodedown(SimpleNamespace(workeroutput=output))
        hook.pytest_testnodedown(SimpleNamespace())
        hook.pytest_sessionfinish(self.session)
        hook.pytest_terminal_summary(self.terminal)

    def test_ends_with_2_where_a_worker_could_not_set_up(self) -> None:
        self.finish({PROBLEM: "no right"}, {PROBLEM: "another"})
        self.assertEqual(self.session.exitstatus, 2)
        self.terminal.write_line.assert_called_once_with("no right", red=True)

    def test_says_nothing_where_all_could(self) -> None:
        self.finish({})
        self.assertEqual(self.session.exitstatus, 1)
        self.terminal.write_line.assert_not_called()

    def test_keeps_caches_apart_and_leaves_nothing_there(self) -> None:
        self.finish()
        self.separate_caches.assert_called_once_with()
        self.empty_caches.assert_called_once_with()

    def test_without_settings_there_are_no_caches(self) -> None:
        with mock.patch.object(type(settings), "configured", False):
            self.finish()
        self.separate_caches.assert_not_called()
        self.empty_caches.assert_not_called()


class EntryPointTests(SimpleTestCase):
    def test_registers_the_plugin_once(self) -> None:
        manager = pytest.PytestPluginManager()
        for _ in range(2):
            entry_point.pytest_addoption(manager)
        self.assertIs(manager.get_plugin("quality_harness.testing.plugin"), plugin)
