"""Watches the tests of unittest classes from inside of unittest; see `watching`."""

import functools
import sys
import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.test import SimpleTestCase

from quality_harness.testing.collected import FunctionId, module_path
from quality_harness.testing.time_limit import OverTimeLimit
from quality_harness.testing.watched_classes import shared_told
from quality_harness.testing.watching import Running, StrictFailure, Watcher, started

# unittest leaves the frames of this module out of a traceback.
__unittest = True


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Watch every unittest test that runs in this process, or in one that is forked from it."""
    do_cleanups = _judged(watcher, unittest.TestCase.doCleanups)
    with (
        mock.patch.object(unittest.TestCase, "doCleanups", do_cleanups),
        # Django's class overrides the other one, and sets the database up in it.
        mock.patch.object(
            unittest.TestCase, "__call__", _told(watcher, unittest.TestCase.__call__)
        ),
        mock.patch.object(SimpleTestCase, "__call__", _told(watcher, SimpleTestCase.__call__)),
        shared_told(watcher),
        started(watcher.watches),
    ):
        yield


def running(root: Path, case: unittest.TestCase) -> Running:
    """Return the test that a test case is."""
    owner, name = type(case), case._testMethodName
    place = FunctionId(module_path(root, owner.__module__), owner.__qualname__, name)
    return Running.at(place, getattr(owner, name, None), case)


def _told(watcher: Watcher, original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a test case's `__call__`, at both ends of which the watches are told."""

    @functools.wraps(original)
    def call(case: unittest.TestCase, result: Any = None) -> Any:
        if watcher.current is not None or _is_marked(case, "__unittest_skip__"):
            return original(case, result)
        test = running(watcher.root, case)
        watcher.begin(test)
        try:
            with watcher.counted():
                return original(case, result)
        except OverTimeLimit:
            # Between two parts of the test, where unittest itself catches nothing.
            result.addError(case, sys.exc_info())
        finally:
            try:
                watcher.end(test)
            except StrictFailure:
                result.addFailure(case, sys.exc_info())

    return call


def _judged(watcher: Watcher, original: Callable[..., Any]) -> Callable[..., Any]:
    """Return unittest's `doCleanups`, after which the watches judge."""

    @functools.wraps(original)
    def do_cleanups(case: unittest.TestCase) -> Any:
        returned = original(case)
        test, outcome = watcher.current, getattr(case, "_outcome", None)
        if outcome is not None and test is not None and test.case is case and _passes(case):
            with outcome.testPartExecutor(case):
                watcher.judge(test)
        return returned

    return do_cleanups


def _passes(case: unittest.TestCase) -> bool:
    """Whether a test has neither failed nor been skipped, and is not expected to fail."""
    outcome: Any = case._outcome  # type: ignore[attr-defined]
    return bool(outcome.success) and not _is_marked(case, "__unittest_expecting_failure__")


def _is_marked(case: unittest.TestCase, mark: str) -> bool:
    method = getattr(case, case._testMethodName, None)
    return any(getattr(each, mark, False) for each in (type(case), method))
