"""Probes of what belongs to the process: environment, folders, threads, warnings, patches."""

import os
import sys
import threading
import warnings

# A thread of a pool waits for work, does none by itself, and ends with its pool.
from concurrent.futures.thread import _worker
from typing import Any
from unittest import mock

from quality_harness.testing.leaks import MISSING, Probe, State
from quality_harness.testing.leaks.rules import PROCESS
from quality_harness.testing.origin import PACKAGE

# A thread that is about to end gets this long.
_GRACE = 0.2
# pytest tells the running test by it.
_PYTEST = "PYTEST_CURRENT_TEST"


def _environment() -> State:
    found = dict(os.environ)
    found.pop(_PYTEST, None)
    return found


def _tell_variable(name: str, before: Any, after: Any) -> str:
    if after is MISSING:
        return f"the environment variable {name} removed"
    return f"the environment variable {name} {'set' if before is MISSING else 'changed'}"


def _folder() -> State:
    try:
        return {"folder": os.getcwd()}
    except FileNotFoundError:
        return {"folder": "one that no longer exists"}


def _import_path() -> State:
    return {"path": tuple(sys.path)}


def _tell_import_path(_key: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    added = [each for each in after if each not in before]
    removed = [each for each in before if each not in after]
    said = [f"{each} added to sys.path" for each in added]
    said += [f"{each} removed from sys.path" for each in removed]
    # Another order alone, or a second mention, comes of libraries that import and clean up.
    return ", ".join(said)


def _threads() -> State:
    return {thread: thread.name for thread in threading.enumerate()}


def _tell_thread(thread: threading.Thread, before: Any, after: Any) -> str:
    if after is MISSING or getattr(thread, "_target", None) is _worker:
        return ""
    thread.join(_GRACE)
    return f"the thread {after} running" if thread.is_alive() else ""


def _warnings() -> State:
    # A module that is imported for the first time may bring filters of its own.
    return {"filters": (tuple(warnings.filters), len(sys.modules))}


def _tell_warnings(_key: str, before: Any, after: Any) -> str:
    (old, modules), (new, more_modules) = before, after
    return "the filters of warnings changed" if old != new and modules == more_modules else ""


def _patches() -> State:
    return {id(patch): patch for patch in mock._patch._active_patches}  # type: ignore[attr-defined]


def _tell_patch(_key: int, before: Any, after: Any) -> str:
    if after is MISSING or _is_of_a_watch(getattr(after, "new", None)):
        return ""
    if not hasattr(after, "attribute"):
        return "a patch of a dictionary started and not stopped"
    target = after.target
    name = getattr(target, "__qualname__", None) or getattr(target, "__name__", target)
    return f"the patch of {name}.{after.attribute} started and not stopped"


def _is_of_a_watch(new: Any) -> bool:
    """Whether what a patch puts in place is ours: watches rest while a test runs a suite."""
    code = getattr(getattr(new, "__func__", new), "__code__", None)
    return code is not None and code.co_filename.startswith(PACKAGE)


def _frozen() -> State:
    api = sys.modules.get("freezegun.api")
    return {"frozen": len(getattr(api, "freeze_factories", ()))}


def make_probes() -> tuple[Probe, ...]:
    """Return the probes of this module."""
    return (
        Probe(PROCESS, _environment, _tell_variable, "Use mock.patch.dict(os.environ, ...)."),
        Probe(
            PROCESS,
            _folder,
            lambda _key, before, after: f"the working folder changed from {before} to {after}",
            "Use contextlib.chdir.",
        ),
        Probe(
            PROCESS,
            _import_path,
            _tell_import_path,
            "Use mock.patch.object(sys, 'path', [*sys.path]).",
        ),
        Probe(PROCESS, _threads, _tell_thread, "Let it end and join it: addCleanup(thread.join)."),
        # pytest puts them back around each test.
        Probe(
            PROCESS,
            _warnings,
            _tell_warnings,
            "Use warnings.catch_warnings.",
            of_tests_alone=True,
        ),
        Probe(PROCESS, _patches, _tell_patch, "Stop it: addCleanup(patch.stop)."),
        Probe(
            PROCESS,
            _frozen,
            lambda _key, before, after: (
                "time frozen" if after > before else "time no longer frozen"
            ),
            "Use freeze_time as a context manager or decorator.",
        ),
    )
