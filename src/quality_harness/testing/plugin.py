"""The pytest plugin. It is loaded in every run of whoever installs the package.

So it imports no Django by itself, and does nothing unless `[tool.quality_harness.testing]` of
the pyproject.toml in pytest's rootdir, or one of our options, asks for it.
"""

from collections.abc import Generator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from quality_harness.gate import CouldNotRun
from quality_harness.testing.options import DJANGOS, OURS, RunOptions, asked_clock
from quality_harness.testing.settings import SuiteSettings, load_settings

if TYPE_CHECKING:
    from quality_harness.testing.clock import Clock

OPTION = "--quality-harness-collected"
TOLD = "--quality-harness-told"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare our options; one that another plugin has already is left to that."""
    group = parser.getgroup("quality harness")
    group.addoption(
        OPTION, metavar="FILE", type=Path, help="write what was collected to FILE, as JSON"
    )
    group.addoption(
        TOLD, metavar="FILE", help="write to FILE what is left out or reported as it did not go"
    )
    for name, settings in {**OURS, **DJANGOS}.items():
        with suppress(ValueError):
            group.addoption(name, **settings)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config,
) -> Generator[None, object, object]:
    """Move the clock and prepare for what is watched, before pytest-django or a conftest loads."""
    try:
        clock = _moved_clock(early_config)
        _prepare_watches(early_config)
    except CouldNotRun as error:
        raise pytest.UsageError(str(error)) from None
    result = yield
    if clock is not None:
        clock.settle()
    return result


def _moved_clock(early_config: pytest.Config) -> "Clock | None":
    """Return the clock that was asked for, moved, or None."""
    text = asked_clock(getattr(early_config.known_args_namespace, "clock", None))
    if not text:
        return None
    from quality_harness.testing.clock import Clock, moved_clock
    from quality_harness.testing.clock_items import ClockedItems

    clock = moved_clock()
    if clock is None:
        clock = Clock(text)
        early_config.add_cleanup(clock.stop)
    early_config.pluginmanager.register(ClockedItems(clock))
    return clock


def _prepare_watches(early_config: pytest.Config) -> None:
    """Prepare for what the table asks to watch."""
    settings = load_settings(early_config.rootpath)
    if settings.strict:
        from quality_harness.testing.watches import prepared

        stack = ExitStack()
        stack.enter_context(prepared(settings.strict, early_config.rootpath))
        early_config.add_cleanup(stack.close)


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """Translate the names of Django's options, before pytest-xdist reads its own."""
    if config.getoption("failfast", False):
        config.option.maxfail = 1
    processes = config.getoption("parallel", None)
    # A worker is given the same command line, and is to start none of its own.
    if processes is not None and not hasattr(config, "workerinput"):
        if not config.pluginmanager.hasplugin("xdist"):
            raise pytest.UsageError("--parallel needs pytest-xdist: pip install pytest-xdist")
        if processes != "auto" and not processes.isdecimal():
            raise pytest.UsageError(f"--parallel {processes}: name a number of processes, or auto")
        config.option.numprocesses = processes if processes == "auto" else int(processes)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Read the table, and register what it or an option asks for."""
    try:
        settings = load_settings(config.rootpath)
    except CouldNotRun as error:
        raise pytest.UsageError(str(error)) from None
    options = RunOptions.read(vars(config.option), settings.time_limit)
    if is_asked(config, settings, options):
        _register(config, settings, options)
    if settings.template and not config.getoption("reuse_db", False):
        from quality_harness.testing.pytest_databases import TemplateDatabases

        config.pluginmanager.register(TemplateDatabases(config, settings.seed))
    elif settings.seed:
        config.pluginmanager.register(Seeder(settings.seed))
    file = config.getoption(OPTION)
    if file is not None:
        config.pluginmanager.register(CollectionWriter(config, file))
    told = config.getoption(TOLD)
    if told is not None:
        from quality_harness.testing.run_recorder import RunRecorder

        config.pluginmanager.register(RunRecorder(config, told))


def is_asked(config: pytest.Config, settings: SuiteSettings, options: RunOptions) -> bool:
    """Whether the project, or this command line, wants anything of us."""
    given = (config.getoption(name, None) for name in ("shuffle", "tag", "exclude_tag"))
    return settings != SuiteSettings() or options != RunOptions() or any(given)


def _register(config: pytest.Config, settings: SuiteSettings, options: RunOptions) -> None:
    """Select and watch tests for as long as pytest is configured."""
    from quality_harness.testing.pytest_options import Selection, TagMarkers
    from quality_harness.testing.watched_cases import watched
    from quality_harness.testing.watched_functions import FunctionWatcher
    from quality_harness.testing.watches import watches_of
    from quality_harness.testing.watching import Watcher, recording

    config.pluginmanager.register(TagMarkers(config))
    config.pluginmanager.register(Selection(config, settings, options))
    if config.getoption("collectonly", False):
        return  # No test runs that could be watched.
    watches = watches_of(settings.strict, options.time_limit)
    if watches:
        watcher = Watcher(watches, config.rootpath, recording())
        stack = ExitStack()
        stack.enter_context(watched(watcher))
        config.add_cleanup(stack.close)
        config.pluginmanager.register(FunctionWatcher(watcher))


class Seeder:
    """Seeds the test databases right after `django_db_setup`, whoever overrides it."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Let the fixture make the databases, then seed them."""
        if fixturedef.argname != "django_db_setup":
            return (yield)
        from quality_harness.testing.databases import database_names, seed_databases

        before = database_names()
        result = yield
        with request.getfixturevalue("django_db_blocker").unblock():
            try:
                seed_databases(self.seed, before)
                return result
            except CouldNotRun as error:
                problem = str(error)
        _stop(request, problem)


def _stop(request: pytest.FixtureRequest, message: str) -> NoReturn:
    """End the run; a worker of xdist must not exit by itself, it tells its controller."""
    if not hasattr(request.config, "workerinput"):
        pytest.exit(message, returncode=pytest.ExitCode.USAGE_ERROR)
    request.session.shouldfail = message
    pytest.fail(message, pytrace=False)


class CollectionWriter:
    """Notes what is collected, before any deselection, and writes it to a file at the end."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        from quality_harness.testing import collected

        self.collected = collected
        self.root = config.rootpath
        self.file = file
        self.patterns = tuple(config.getini("python_files"))
        self.cases: list[collected.Case] = []
        self.opened: set[str] = set()
        self.skipped: set[str] = set()
        self.errors: list[tuple[str, str]] = []

    def pytest_pycollect_makemodule(self, module_path: Path) -> None:
        """Note a test module that pytest looks into."""
        self.opened.add(self.collected.relative(self.root, module_path))

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note a test; doctests and other items have no function and do not count."""
        if not isinstance(item, pytest.Function):
            return
        if item.cls is None:
            case = self.collected.function_case(self.root, item.path, item.originalname, item.obj)
        else:
            case = self.collected.method_case(self.root, item.cls, item.originalname)
        self.cases.append(case)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that cannot be imported, or that skips itself."""
        if report.failed:
            lines = [line for line in report.longreprtext.splitlines() if line.strip()]
            self.errors.append((report.nodeid, lines[-1].removeprefix("E").strip()))
        elif report.skipped:
            self.skipped.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the file, after a broken collection too."""
        self.collected.Collected(
            runner="pytest",
            patterns=self.patterns,
            cases=tuple(self.cases),
            opened=frozenset(self.opened),
            skipped=frozenset(self.skipped),
            errors=tuple(self.errors),
        ).write(self.file)
