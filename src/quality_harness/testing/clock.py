"""The clock of a test run: it runs on from another instant, anew for each class of tests.

What is moved: `time`, `datetime`, `date` and the time zone of this process, by time-machine, and
PostgreSQL where `CLOCK_FILE` names the file that its server reads. What is not: timers and the
monotonic clock, the times of files, Valkey, and programs that a test starts.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from quality_harness.testing.clocks import check_instant, find_instant
from quality_harness.testing.options import CLOCK
from quality_harness.tool import CLOCK_FILE, require

if TYPE_CHECKING:
    from time_machine import Traveller

# What databases hold from their set-up has to be older than what tests make.
_BEFORE = timedelta(hours=1)


class Clock:
    """This process's clock, moved until `stop`.

    It is moved once as soon as possible, so that what is computed while modules are imported is
    computed at the instant; the project's time zone is known when Django's settings are.

    Args:
        text: a name of `INSTANTS`, or an ISO time with its offset.

    Raises:
        CouldNotRun: there is no such instant, or time-machine is not installed.
    """

    def __init__(self, text: str) -> None:
        require("time_machine", "test")
        self.text = check_instant(text)
        self._began = true_time()
        self._instant = find_instant(text, self._began, "UTC")
        self._owner: object = None
        self._stack = ExitStack()
        self._stack.enter_context(_variable(CLOCK, text))
        self._traveller = self._stack.enter_context(_travelling(self._instant.at - _BEFORE))
        _moved.append(self)

    def settle(self) -> None:
        """Take the project's time zone from Django's settings, or give it the instant's."""
        zone = _zone()
        self._instant = find_instant(self.text, self._began, zone or "UTC")
        if self._instant.zone not in ("", zone):
            self._stack.enter_context(_zone_changed(self._instant.zone))
        self._show(self._instant.at - _BEFORE)

    @contextmanager
    def before(self) -> Iterator[None]:
        """Show a time before the instant: for what is set up for more than one class."""
        self._show(self._instant.at - _BEFORE)
        try:
            yield
        finally:
            self._show(self._instant.at)

    def is_new(self, owner: object) -> bool:
        """Whether another class, or module of functions, begins than the one that ran last."""
        known, self._owner = self._owner, owner
        return owner is not known

    def begin(self) -> None:
        """Show the instant, and run on from there."""
        self._show(self._instant.at)

    def stop(self) -> None:
        """Show the true time again."""
        _moved.remove(self)
        self._stack.close()
        _move_postgres(timedelta(0))

    def _show(self, at: datetime) -> None:
        # A number, because a time brings its zone along.
        self._traveller.move_to(at.timestamp())
        _move_postgres(at - true_time())


_moved: "list[Clock]" = []


def moved_clock() -> Clock | None:
    """Return the clock of this process, where it is moved."""
    return _moved[-1] if _moved else None


@contextmanager
def moved(text: str) -> Iterator[Clock]:
    """Move this process's clock, once Django's settings are there; one that is moved stays so."""
    early = moved_clock()
    clock = early or Clock(text)
    try:
        clock.settle()
        yield clock
    finally:
        if clock is not early:
            clock.stop()


@contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def _travelling(at: datetime) -> "Iterator[Traveller]":
    from time_machine import travel

    with travel(at.timestamp(), tick=True) as traveller:
        yield traveller


def true_time() -> datetime:
    """Return the time that it really is, in UTC, wherever the clock was moved to."""
    # Nobody has moved it without this.
    if "time_machine" not in sys.modules:
        return datetime.now(UTC)
    from time_machine import escape_hatch

    if not escape_hatch.is_travelling():
        return datetime.now(UTC)
    return escape_hatch.datetime.datetime.now(UTC)


def _zone() -> str | None:
    """Return the time zone of Django's settings; None where there are none."""
    if "django.conf" not in sys.modules:
        return None
    from django.conf import settings

    return (settings.TIME_ZONE or "UTC") if settings.configured else None


@contextmanager
def _zone_changed(zone: str) -> Iterator[None]:
    """Give Django, where it is set up, and this process another time zone."""
    if _zone() is None:
        with _variable("TZ", zone):
            time.tzset()
            yield
        time.tzset()
    else:
        from django.test import override_settings

        with override_settings(TIME_ZONE=zone):
            yield


def _move_postgres(offset: timedelta) -> None:
    named = os.environ.get(CLOCK_FILE)
    if named:
        file = Path(named)
        temporary = file.with_name(f"{file.name}.{os.getpid()}")
        temporary.write_text(f"{offset.total_seconds():+.6f}\n", encoding="ascii")
        temporary.replace(file)
