"""Probes of logging: levels, handlers, and whether loggers are switched off."""

import logging
from typing import Any

from quality_harness.testing.leaks import MISSING, Probe, State
from quality_harness.testing.leaks.rules import PROCESS


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
    return (
        Probe(
            PROCESS,
            _loggers,
            _tell,
            "Put it back with addCleanup, or use assertLogs, assertNoLogs or mock.patch.object.",
        ),
    )
