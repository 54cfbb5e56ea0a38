"""Watches the test functions that only pytest runs; see `watching`."""

from collections.abc import Generator
from contextlib import AbstractContextManager, nullcontext

import pytest
from _pytest.unittest import TestCaseFunction

from quality_harness.testing.collected import FunctionId, relative
from quality_harness.testing.watching import Running, Watcher

_TEST = pytest.StashKey[Running]()


class FunctionWatcher:
    """A plugin that tells the watches of functions and of classes without a TestCase."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        """Begin before any fixture is made."""
        if isinstance(item, pytest.Function) and not isinstance(item, TestCaseFunction):
            item.stash[_TEST] = test = self._running(item)
            self.watcher.begin(test)
        with self._counted(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Judge after a body that passed."""
        __tracebackhide__ = True
        with self._counted(item):
            yield
        if _TEST in item.stash and item.get_closest_marker("xfail") is None:
            self.watcher.judge(item.stash[_TEST])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None]:
        """End after the test's own fixtures are finished, whether that went well or not."""
        __tracebackhide__ = True
        try:
            with self._counted(item):
                return (yield)
        finally:
            if _TEST in item.stash:
                test = item.stash[_TEST]
                del item.stash[_TEST]
                self.watcher.end(test)

    def _counted(self, item: pytest.Item) -> AbstractContextManager[object]:
        return self.watcher.counted() if _TEST in item.stash else nullcontext()

    def _running(self, item: pytest.Function) -> Running:
        owner = item.cls.__qualname__ if item.cls else ""
        path = relative(self.watcher.root, item.path)
        return Running.at(FunctionId(path, owner, item.originalname), item.obj)
