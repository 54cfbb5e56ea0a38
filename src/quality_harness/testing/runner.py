"""Django's test runner with the project's seed and default test folders.

Name it in the settings: TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner".
"""

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any
from unittest import TestResult, TestSuite

from django.core.management import CommandError
from django.test.runner import DiscoverRunner, ParallelTestSuite

from quality_harness.config import project_root
from quality_harness.gate import CouldNotRun, Verdict
from quality_harness.testing.databases import database_names, seed_after_flush, seed_databases
from quality_harness.testing.settings import TABLE, SuiteSettings, load_settings
from quality_harness.testing.watched_cases import watched
from quality_harness.testing.watches import make_watches, prepared
from quality_harness.testing.watching import Watcher, recording


def init_worker(*arguments: Any, **options: Any) -> None:
    """Prepare a process of `--parallel`: one that was spawned inherits no patched class."""
    ParallelTestSuite.init_worker(*arguments, **options)
    root = project_root(Path.cwd())
    settings = load_settings(root)
    if settings.template:
        from quality_harness.testing.caches import empty_caches, separate_caches
        from quality_harness.testing.emptying import restore_after_tests

        restore_after_tests()
        separate_caches()
        Finalize(None, empty_caches, exitpriority=1)
    elif settings.seed:
        seed_after_flush(settings.seed)
    if multiprocessing.get_start_method() != "fork":
        # For as long as the process lives.
        _worker.enter_context(prepared(settings.strict, root))
        _worker.enter_context(_watching(root, settings))


_worker = ExitStack()


@contextmanager
def _watching(root: Path, settings: SuiteSettings) -> Iterator[None]:
    """Watch tests as the project asks; without `strict`, not at all."""
    if settings.strict:
        with watched(Watcher(make_watches(settings.strict), root, recording())):
            yield
    else:
        yield


class SeededParallelTestSuite(ParallelTestSuite):  # type: ignore[misc]
    """Django's suite of `--parallel`, whose processes seed again after a flush."""

    init_worker = init_worker


class QualityHarnessRunner(DiscoverRunner):  # type: ignore[misc]
    """Django's runner, as `[tool.quality_harness.testing]` asks.

    Without a label it searches the configured `paths`, and it calls the configured `seed`
    on the fresh test databases, before they are cloned for `--parallel`.
    """

    parallel_test_suite = SeededParallelTestSuite
    parallel: int
    keepdb: bool
    verbosity: int

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        try:
            self.root = project_root(Path.cwd())
            self.suite_settings = load_settings(self.root)
            make_watches(self.suite_settings.strict)
        except CouldNotRun as error:
            raise _command_error(str(error)) from None

    def run_tests(self, test_labels: Sequence[str], **options: Any) -> int:
        """Import and run the tests, prepared for what is watched."""
        with prepared(self.suite_settings.strict, self.root):
            failures: int = super().run_tests(test_labels, **options)
        return failures

    def build_suite(self, test_labels: Sequence[str] | None = None, **options: Any) -> TestSuite:
        """Collect the labels, or the configured folders where there is none."""
        suite: TestSuite = super().build_suite(test_labels or self._default_labels(), **options)
        return suite

    def setup_databases(self, **options: Any) -> Any:
        """Create the test databases or copy their template, seed them, then clone them."""
        seeded = self._prepare(options.get("aliases"))
        if seeded or not self.suite_settings.seed:
            return super().setup_databases(**options)
        before = database_names()
        processes, self.parallel = self.parallel, 0
        try:
            old_config = super().setup_databases(**options)
            self._seed(before, old_config)
        finally:
            self.parallel = processes
        if processes > 1:
            self._clone(old_config)
        return old_config

    def teardown_databases(self, old_config: Any, **options: Any) -> None:
        """Destroy the databases, and leave nothing in the caches."""
        super().teardown_databases(old_config, **options)
        if self.suite_settings.template:
            from quality_harness.testing.caches import empty_caches

            empty_caches()
    def run_suite(self, suite: TestSuite, **options: Any) -> TestResult:
        """Run the tests, watched as the project asks."""
        with _watching(self.root, self.suite_settings):
            result: TestResult = super().run_suite(suite, **options)
        return result

    def _default_labels(self) -> list[str]:
        folders = [self.root / path for path in self.suite_settings.paths]
        missing = [folder for folder in folders if not folder.is_dir()]
        if missing and self.suite_settings.paths == SuiteSettings.paths:
            return []  # nothing configured: Django's own default
        if missing:
            raise _command_error(f"{TABLE}.paths: there is no folder {missing[0]}")
        return [str(folder) for folder in folders]

    def _prepare(self, aliases: Any) -> bool:
        """Copy the template where that is asked for, and tell whether it holds the seed."""
        if not self.suite_settings.template or self.keepdb:
            return False
        from quality_harness.testing.caches import separate_caches
        from quality_harness.testing.templates import prepare

        separate_caches()
        try:
            return prepare(
                root=self.root,
                seed=self.suite_settings.seed,
                aliases=aliases,
                verbosity=self.verbosity,
            )
        except CouldNotRun as error:
            raise _command_error(str(error)) from error

    def _seed(self, before: dict[str, str], old_config: Any) -> None:
        try:
            seed_databases(self.suite_settings.seed, before)
        except CouldNotRun as error:
            self.teardown_databases(old_config)
            raise _command_error(str(error)) from error

    def _clone(self, old_config: Any) -> None:
        for connection, _, made_here in old_config:
            for index in range(self.parallel if made_here else 0):
                with self.time_keeper.timed(f"  Cloning '{connection.alias}'"):
                    connection.creation.clone_test_db(
                        suffix=str(index + 1), verbosity=self.verbosity, keepdb=self.keepdb
                    )


def _command_error(message: str) -> CommandError:
    return CommandError(message, returncode=Verdict.COULD_NOT_RUN.exit_code)
