"""What the options of `options` do under pytest."""

import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from quality_harness.testing import last_run
from quality_harness.testing.ids import group_of
from quality_harness.testing.options import RunOptions, summary
from quality_harness.testing.selection import new_seed, shuffled
from quality_harness.testing.settings import SuiteSettings

_SEED = "quality_harness_seed"


class Selection:
    """Runs the tests that were asked for, in the order that was asked for.

    Args:
        config: pytest's.
        settings: of `[tool.quality_harness.testing]`.
        options: of the command line.
    """

    def __init__(self, config: pytest.Config, settings: SuiteSettings, options: RunOptions) -> None:
        self.settings = replace(settings, time_limit=options.time_limit)
        self.options = options
        self.root = config.rootpath
        self.seed = _seed(config)
        self.tags: Sequence[str] = config.getoption("tag", [])
        self.exclude_tags: Sequence[str] = config.getoption("exclude_tag", [])
        self.lines = [f"clock: {options.clock}"] if options.clock else []
        self._stack = ExitStack()
        self._times = self._stack.enter_context(last_run.timed(self._is_controller(config)))
        config.add_cleanup(self._stack.close)
        self._ran: set[str] = set()
        self._failed: set[str] = set()

    def _is_controller(self, config: pytest.Config) -> bool:
        return bool(self.options.slowest) and not hasattr(config, "workerinput")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give each worker of xdist the same seed."""
        node.workerinput[_SEED] = self.seed

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None]:
        """Select and shuffle first: pytest-django sorts by the kinds of tests afterwards."""
        kept = list(self._select(items))
        if self.seed is not None:
            places = {each: index for index, each in enumerate(shuffled(_ids(kept), self.seed))}
            kept.sort(key=lambda item: places[item.nodeid])
        chosen = set(map(id, kept))
        left_out = [item for item in items if id(item) not in chosen]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
        items[:] = kept
        return (yield)

    def _select(self, items: Sequence[pytest.Item]) -> Iterable[pytest.Item]:
        kept = [item for item in items if has_tags(item, self.tags, self.exclude_tags)]
        if self.options.failed:
            kept = self._failed_before(kept)
        shard = self.options.shard
        if shard is not None:
            mine = shard.of(_ids(kept))
            if not mine:
                groups = len(set(map(group_of, _ids(kept))))
                raise pytest.UsageError(
                    f"Shard {shard} has no test: there are {groups} classes. Use fewer shards."
                )
            self.lines.append(f"shard {shard}: {len(mine)} of {len(set(_ids(kept)))} tests")
            kept = [item for item in kept if item.nodeid in mine]
        return kept

    def _failed_before(self, items: list[pytest.Item]) -> list[pytest.Item]:
        failed = last_run.read_failed(self.root)
        found = [item for item in items if item.nodeid in failed]
        if not found:
            self.lines.append("nothing of this failed in the last run, so all of it is run")
        return found or items

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what ran and what failed of it."""
        self._ran.add(report.nodeid)
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Leave what failed to the next run's `--failed`."""
        if not hasattr(session.config, "workerinput"):
            last_run.write_failed(self.root, self._ran, self._failed)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was strict, which part this was, and what took longest."""
        lines = [*self.lines, *summary(self.settings, len(self._ran))]
        if self.seed is not None:
            lines.append(f"random order: --shuffle {self.seed} repeats it")
        if self._times is not None:
            lines += last_run.slowest(self._times, self.options.slowest)
        for line in lines:
            terminalreporter.write_line(line)


def has_tags(item: pytest.Item, tags: Sequence[str], exclude_tags: Sequence[str]) -> bool:
    """Whether `--tag` and `--exclude-tag` let a test run.

    Args:
        item: the test.
        tags: of which it must have one, where there are any.
        exclude_tags: of which it must have none.
    """
    markers = {marker.name for marker in item.iter_markers()}
    return (not tags or not markers.isdisjoint(tags)) and markers.isdisjoint(exclude_tags)


def _seed(config: pytest.Config) -> int | None:
    given: int | None = getattr(config, "workerinput", {}).get(
        _SEED, config.getoption("shuffle", None)
    )
    return new_seed() if given == -1 else given


def _ids(items: Iterable[pytest.Item]) -> list[str]:
    return [item.nodeid for item in items]


class TagMarkers:
    """Declares Django's tags as markers before pytest-django adds them: `--strict-markers`."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.known: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Declare a class's tags."""
        if isinstance(collector, pytest.Class):
            self._declare(collector.obj)

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Declare a function's tags."""
        if isinstance(item, pytest.Function):
            self._declare(item.obj)

    def _declare(self, target: Any) -> None:
        if "django" not in sys.modules:
            return
        tags = getattr(target, "tags", ())
        for tag in tags if isinstance(tags, set) else ():
            if tag not in self.known:
                self.known.add(tag)
                self.config.addinivalue_line("markers", f"{tag}: Django's tag")
