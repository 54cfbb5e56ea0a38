"""Tells watches of the set-up of classes and modules that unittest's suites run; see `watching`.

pytest runs no suite: there, classes and modules are fixtures (`watched_functions`).
"""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import TestSuite, mock

from quality_harness.testing.collected import FunctionId, module_path
from quality_harness.testing.watching import Running, StrictFailure, Watcher

# unittest leaves the frames of this module out of a traceback.
__unittest = True


@contextmanager
def shared_told(watcher: Watcher) -> Iterator[None]:
    """Tell of each class and module that is set up or torn down in this process."""
    patched: dict[str, Any] = {
        "_handleClassSetUp": _set_up(watcher, _class),
        "_handleModuleFixture": _set_up(watcher, _module),
        "_tearDownPreviousClass": _torn_down(watcher, _previous_class, "tearDownClass"),
        "_handleModuleTearDown": _torn_down(watcher, _previous_module, "tearDownModule"),
    }
    with ExitStack() as stack:
        for name, wrap in patched.items():
            wrapped = wrap(getattr(TestSuite, name))
            stack.enter_context(mock.patch.object(TestSuite, name, wrapped))
        yield


_Find = Callable[[Watcher, Any, Any], Running | None]
_Wrapper = Callable[[Callable[..., Any]], Callable[..., Any]]


def _set_up(watcher: Watcher, find: _Find) -> _Wrapper:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def set_up(suite: TestSuite, test: Any, result: Any) -> Any:
            shared = find(watcher, test, result)
            if shared is None:
                return original(suite, test, result)
            with watcher.shared_set_up(shared):
                return original(suite, test, result)

        return set_up

    return wrap


def _torn_down(watcher: Watcher, find: _Find, name: str) -> _Wrapper:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def tear_down(suite: Any, *arguments: Any) -> Any:
            test, result = arguments[0], arguments[-1]
            shared = find(watcher, test, result)
            if shared is None:
                return original(suite, *arguments)
            watcher.shared_ends(shared)
            original(suite, *arguments)
            try:
                watcher.shared_is_down(shared)
            except StrictFailure as failure:
                parent = f"{shared.place.path}: {shared.name}"
                suite._createClassOrModuleLevelException(
                    result, failure, name, parent, info=sys.exc_info()
                )

        return tear_down

    return wrap


def _class(watcher: Watcher, test: Any, result: Any) -> Running | None:
    """Return the class that is set up now, if it is another one than before."""
    owner = type(test)
    is_new = owner is not getattr(result, "_previousTestClass", None)
    return _at(watcher, owner, owner.__qualname__) if is_new else None


def _module(watcher: Watcher, test: Any, result: Any) -> Running | None:
    """Return the module that is set up now, if it is another one than before."""
    owner, previous = type(test), getattr(result, "_previousTestClass", None)
    is_new = previous is None or owner.__module__ != previous.__module__
    return _at(watcher, owner, "") if is_new else None


def _previous_class(watcher: Watcher, test: Any, result: Any) -> Running | None:
    """Return the class that is over."""
    previous = getattr(result, "_previousTestClass", None)
    if previous is None or type(test) is previous:
        return None
    return _at(watcher, previous, previous.__qualname__)


def _previous_module(watcher: Watcher, test: Any, result: Any) -> Running | None:
    """Return the module that is over."""
    previous = getattr(result, "_previousTestClass", None)
    return _at(watcher, previous, "") if previous is not None else None


def _at(watcher: Watcher, owner: type, name: str) -> Running | None:
    # A suite that a test runs inside of itself is not watched.
    if watcher.current is not None:
        return None
    path = module_path(watcher.root, owner.__module__)
    return Running(FunctionId(path, name, "" if name else "setUpModule"), 0, None)
