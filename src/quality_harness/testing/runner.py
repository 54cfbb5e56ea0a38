"""Django's test runner with the project's seed and default test folders.

Name it in the settings: TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner".
"""

import argparse
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.util import Finalize
from pathlib import Path
from dataclasses import replace
from typing import Any
from unittest import TestCase, TestResult, TestSuite

import django
from django.core.management import CommandError
from django.test.runner import DiscoverRunner, ParallelTestSuite

from quality_harness.config import project_root
from quality_harness.gate import CouldNotRun, Verdict
from quality_harness.testing import last_run
from quality_harness.testing.clock import moved
from quality_harness.testing.clock_suites import ClockedSuite
from quality_harness.testing.databases import database_names, seed_after_flush, seed_databases
from quality_harness.testing.django_results import result_class
from quality_harness.testing.ids import as_label, case_id, group_of
from quality_harness.testing.options import OURS, RunOptions, asked_clock, summary
from quality_harness.testing.settings import TABLE, SuiteSettings, load_settings
from quality_harness.testing.watched_cases import watched
from quality_harness.testing.watches import prepared, watches_of
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
        if asked_clock(None):
            _worker.enter_context(moved(asked_clock(None)))


_worker = ExitStack()


@contextmanager
def _watching(root: Path, settings: SuiteSettings) -> Iterator[None]:
    """Watch tests as the project asks; where it asks for nothing, not at all."""
    watches = watches_of(settings.strict, settings.time_limit)
    if watches:
        with watched(Watcher(watches, root, recording())):
            yield
    else:
        yield


class SeededParallelTestSuite(ParallelTestSuite):  # type: ignore[misc]
    """Django's suite of `--parallel`, whose processes seed again after a flush."""

    init_worker = init_worker

    def __init__(self, *arguments: Any, **options: Any) -> None:
        # Such a process is set up by Django 6 and newer; Django 5.2 waits for it forever.
        if multiprocessing.get_start_method() == "forkserver" and django.VERSION < (6, 0):
            raise _command_error(
                "Django 5.2 cannot start the processes of --parallel by a fork server, which is "
                "the preset of Python 3.14. Take --parallel 1 or a newer Django, or call "
                'multiprocessing.set_start_method("fork") at the top of manage.py.'
            )
        super().__init__(*arguments, **options)


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
            settings = load_settings(self.root)
            self.options = RunOptions.read(options, settings.time_limit)
            self.suite_settings = replace(settings, time_limit=self.options.time_limit)
            watches_of(settings.strict)
        except CouldNotRun as error:
            raise _command_error(str(error)) from None
        self.ids: list[str] = []
        self.lines: list[str] = []
        self.clock = ExitStack()

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """Add the options that Django's runner lacks."""
        super().add_arguments(parser)
        for name, settings in OURS.items():
            parser.add_argument(name, **settings)

    def run_tests(self, test_labels: Sequence[str], **options: Any) -> int:
        """Import and run the tests, prepared for what is watched."""
        with prepared(self.suite_settings.strict, self.root):
            failures: int = super().run_tests(test_labels, **options)
        return failures

    def build_suite(self, test_labels: Sequence[str] | None = None, **options: Any) -> TestSuite:
        """Collect the labels, ids of tests among them, or the configured folders without any."""
        self._move_clock()
        labels = [as_label(each) for each in test_labels or self._default_labels()]
        suite: TestSuite = super().build_suite(labels, **options)
        return suite

    def test_suite(self, tests: Sequence[TestCase]) -> TestSuite:
        """Return the suite of those tests that the options choose; Django's runner calls this."""
        chosen = self._in_shard(self._failed_before(list(tests)))
        self.ids = [case_id(self.root, each) for each in chosen]
        return ClockedSuite(chosen)

    def _move_clock(self) -> None:
        """Move the clock before tests are imported, if that is asked for."""
        if self.options.clock:
            try:
                self.clock.enter_context(moved(self.options.clock))
            except CouldNotRun as error:
                raise _command_error(str(error)) from None
            self.lines.append(f"clock: {self.options.clock}")

    def _failed_before(self, tests: list[TestCase]) -> list[TestCase]:
        if not self.options.failed:
            return tests
        failed = last_run.read_failed(self.root)
        found = [each for each in tests if case_id(self.root, each) in failed]
        if not found:
            self.lines.append("nothing of this failed in the last run, so all of it is run")
        return found or tests

    def _in_shard(self, tests: list[TestCase]) -> list[TestCase]:
        shard = self.options.shard
        if shard is None:
            return tests
        # A module that cannot be imported is every shard's matter.
        broken = [each for each in tests if type(each).__module__.startswith("unittest.")]
        ids = [case_id(self.root, each) for each in tests if each not in broken]
        mine = shard.of(ids)
        if not mine:
            groups = len(set(map(group_of, ids)))
            raise _command_error(
                f"Shard {shard} has no test: there are {groups} classes. Use fewer shards."
            )
        self.lines.append(f"shard {shard}: {len(mine)} of {len(set(ids))} tests")
        return [each for each in tests if each in broken or case_id(self.root, each) in mine]

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
        with (
            self.clock,
            last_run.timed(bool(self.options.slowest)) as times,
            _watching(self.root, self.suite_settings),
        ):
            result: Any = super().run_suite(suite, **options)
            last_run.write_failed(self.root, result.ran, result.failed())
            if times is not None:
                self.lines += last_run.slowest(times, self.options.slowest)
        for line in (*summary(self.suite_settings, len(result.ran)), *self.lines):
            self.log(line)
        return result  # type: ignore[no-any-return]

    def get_resultclass(self) -> type[Any]:
        """Return the class that Django would take, with ids and progress."""
        base = super().get_resultclass() or self.test_runner.resultclass
        return result_class(base, self.root, len(self.ids))

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
