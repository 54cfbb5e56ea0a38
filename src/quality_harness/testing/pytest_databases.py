"""Copies the template where pytest-django makes the test databases; keeps caches apart."""

from collections.abc import Callable, Generator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from quality_harness.gate import CouldNotRun
from quality_harness.testing.settings import TABLE

FIXTURE = "django_db_setup"
PROBLEM = "quality_harness_problem"
_REPLACED = (
    "{table}.template = true has no effect: the fixture django_db_setup in {place} makes the test "
    "databases by itself. Let it take pytest-django's fixture as an argument, "
    "`def django_db_setup(django_db_setup, django_db_blocker): ...`, or set {table}.template = "
    "false"
)


class TemplateDatabases:
    """Puts the template in before Django's `setup_databases`, and sees that it was asked for."""

    def __init__(self, config: pytest.Config, seed: str) -> None:
        if not any(map(config.pluginmanager.has_plugin, ("django", "pytest_django.plugin"))):
            raise pytest.UsageError(
                f"{TABLE}.template = true needs pytest-django, which makes the test databases. "
                "Install it, or take -p no:django away"
            )
        self.config = config
        self.seed = seed
        self.is_used = False
        self.problem = ""

    def pytest_sessionstart(self) -> None:
        """Give this process its own keys in the caches."""
        from django.conf import settings

        if settings.configured:
            from quality_harness.testing.caches import separate_caches

            separate_caches()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Let the fixture make the databases from the template."""
        if fixturedef.argname != FIXTURE:
            return (yield)
        from django.test import utils

        # Imported before Django's function is replaced: it is also what builds a template.
        from quality_harness.testing import templates

        try:
            with mock.patch.object(utils, "setup_databases", self._instead_of(templates)):
                result = yield
        except CouldNotRun as error:
            self._stop(request, str(error))
        if not self.is_used:
            place = Path(fixturedef.func.__code__.co_filename)
            self._stop(request, _REPLACED.format(table=TABLE, place=_short(request, place)))
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker of xdist has to say."""
        self.problem = self.problem or getattr(node, "workeroutput", {}).get(PROBLEM, "")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Leave nothing in the caches; end with 2 where a worker could not set up."""
        from django.conf import settings

        if settings.configured:
            from quality_harness.testing.caches import empty_caches

            empty_caches()
        if self.problem:
            session.exitstatus = 2

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what kept the workers from setting up."""
        if self.problem:
            terminalreporter.write_line(self.problem, red=True)

    def _instead_of(self, templates: ModuleType) -> Callable[..., Any]:
        def setup_databases(verbosity: int, interactive: bool, **options: Any) -> Any:
            from quality_harness.testing.databases import database_names, seed_databases

            self.is_used = True
            seeded = templates.prepare(
                root=self.config.rootpath,
                seed=self.seed,
                aliases=options.get("aliases"),
                anew=self.config.getoption("create_db"),
                verbosity=verbosity,
            )
            before = database_names()
            made = templates.setup_databases(verbosity, interactive, **options)
            if self.seed and not seeded:
                seed_databases(self.seed, before)
            return made

        return setup_databases

    def _stop(self, request: pytest.FixtureRequest, message: str) -> None:
        """End the run with exit code 2; a worker of xdist tells its controller."""
        if not hasattr(self.config, "workeroutput"):
            pytest.exit(message, returncode=2)
        self.config.workeroutput[PROBLEM] = message
        request.session.shouldfail = message
        pytest.fail(message, pytrace=False)


def _short(request: pytest.FixtureRequest, path: Path) -> str:
    root = request.config.rootpath
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
