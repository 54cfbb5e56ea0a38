"""Watches what only pytest runs: test functions, and fixtures of several tests; see `watching`."""

from collections.abc import Generator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from _pytest.unittest import TestCaseFunction

from quality_harness.testing.collected import FunctionId, relative
from quality_harness.testing.watching import Running, Watcher

# As pytest calls the fixtures that it makes of set-ups of unittest and its own.
_CLASS, _MODULE = ("_unittest_setUpClass_", "_xunit_setup_class_"), ("_xunit_setup_module_",)

_TEST = pytest.StashKey[Running]()


class FunctionWatcher:
    """A plugin that tells the watches of functions and of classes without a TestCase."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self._shared: dict[pytest.FixtureDef[Any], Running] = {}

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

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Tell of a fixture that outlives a test."""
        if fixturedef.scope == "function":
            return (yield)
        shared = self._shared[fixturedef] = self._running_fixture(fixturedef, request)
        with self.watcher.shared_set_up(shared):
            made = yield
        # Finalizers run in reverse, so this one is the first.
        fixturedef.addfinalizer(lambda: self.watcher.shared_ends(shared))
        return made

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        """Tell that it is torn down."""
        __tracebackhide__ = True
        shared = self._shared.pop(fixturedef, None)
        if shared is not None:
            self.watcher.shared_is_down(shared)

    def _running_fixture(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Running:
        """Return what a fixture is for people: a class, a module or itself."""
        file = Path(fixturedef.func.__code__.co_filename)
        owner, name = "", fixturedef.argname
        if name.startswith((*_CLASS, *_MODULE)):
            file, name = request.path, "setUpModule"
        if fixturedef.argname.startswith(_CLASS) and request.cls:
            owner, name = request.cls.__qualname__, ""
        return Running(FunctionId(relative(self.watcher.root, file), owner, name), 0, None)

    def _running(self, item: pytest.Function) -> Running:
        owner = item.cls.__qualname__ if item.cls else ""
        path = relative(self.watcher.root, item.path)
        return Running.at(FunctionId(path, owner, item.originalname), item.obj)
