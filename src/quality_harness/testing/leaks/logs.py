"""Probes of logging: levels, handlers, and whether loggers are switched off."""

import functools
import logging
import sys
from types import FrameType
from typing import Any
from unittest import mock

from quality_harness.testing.leaks import MISSING, Probe, State
from quality_harness.testing.leaks.rules import PROCESS
from quality_harness.testing.origin import is_own


class _OfPackages:
    """Knows the loggers that an installed package makes, which it sets up on its first use."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        get_logger = self._noting(logging.Manager.getLogger)
        self._patch = mock.patch.object(logging.Manager, "getLogger", get_logger)

    def start(self) -> None:
        """Note what is made from now on."""
        self._patch.start()

    def stop(self) -> None:
        """Put the library's own method back."""
        self._patch.stop()

    def tell(self, name: str, before: Any, after: Any) -> str:
        """Say what has changed, unless it is a package's own and new."""
        return "" if before is MISSING and name in self._names else _tell(name, before, after)

    def _noting(self, original: Any) -> Any:
        @functools.wraps(original)
        def get_logger(manager: logging.Manager, name: str) -> logging.Logger:
            is_new = name not in manager.loggerDict
            logger: logging.Logger = original(manager, name)
            if is_new and not is_own(_asking_file()):
                self._names.add(name)
            return logger

        return get_logger


def _asking_file() -> str:
    """Return the file that asks for a logger."""
    frame: FrameType | None = sys._getframe(2)
    while frame and frame.f_code.co_filename == logging.__file__:
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def _state_of(logger: logging.Logger) -> tuple[Any, ...]:
    return logger.level, logger.disabled, logger.propagate, tuple(logger.handlers)


def _loggers() -> State:
    """Return what is set on each logger that has anything set."""
    manager = logging.root.manager
    found: State = {"": manager.disable, "root": _state_of(logging.root)}
    for name, logger in manager.loggerDict.items():
        # Most of them are placeholders or have nothing of their own.
        if isinstance(logger, logging.Logger) and (
            logger.level or logger.handlers or logger.disabled or not logger.propagate
        ):
            found[name] = _state_of(logger)
    return found


def _tell(name: str, before: Any, after: Any) -> str:
    if not name:
        return f"logging.disable({after}) in force"
    old, new = before, after
    if before is MISSING:
        old = (logging.NOTSET, False, True, ())
    if after is MISSING:
        new = (logging.NOTSET, False, True, ())
    labels = ("level", "disabled", "propagate", "handlers")
    changed = [label for label, one, other in zip(labels, old, new, strict=True) if one != other]
    if changed == ["handlers"] and _that_matter(old[3]) == _that_matter(new[3]):
        return ""
    return f"the logger {name} changed ({', '.join(changed)})"


def _that_matter(handlers: Any) -> list[Any]:
    """Leave out those that do nothing, and pytest's, which it takes on and off."""
    return [
        each
        for each in handlers
        if not isinstance(each, logging.NullHandler)
        and not type(each).__module__.startswith("_pytest.")
    ]


def make_probes() -> tuple[Probe, ...]:
    """Return the probes of this module."""
    of_packages = _OfPackages()
    mend = "Put it back with addCleanup, or use assertLogs, assertNoLogs or mock.patch.object."
    return (Probe(PROCESS, _loggers, of_packages.tell, mend, of_packages.start, of_packages.stop),)
