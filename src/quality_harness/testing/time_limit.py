"""A limit on the time that one test takes, set-up and tear-down included."""

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from quality_harness.finding import Rule
from quality_harness.testing.watching import Problem, Running, Watch

OVER = Rule(
    code="TST002",
    name="over-time-limit",
    summary="A test takes longer than `time_limit` allows.",
    reason=(
        "A test that hangs holds up everybody until CI gives up, and nobody is told which one it "
        "was. The limit ends it where it waits, and the traceback shows the line."
    ),
    instead="Wait for less: for an event and not for a time, for a fake and not for a service.",
    bad="def test_mail(self):\n    time.sleep(60)\n    self.assertEqual(len(mail.outbox), 1)",
    good="def test_mail(self):\n    send_due_mail()\n    self.assertEqual(len(mail.outbox), 1)",
)
_HINT = "Let it wait for less, or raise time_limit in [tool.quality_harness.testing]."


class OverTimeLimit(Exception):
    """The test that runs has taken longer than it may."""


class TimeLimit(Watch):
    """Ends a test after a time, on systems with alarms and in the main thread.

    Args:
        seconds: how long each test may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._left = seconds
        self._name = ""
        self._message = ""

    def begin(self, test: Running) -> None:
        """Give the test all of its time."""
        self._left, self._name, self._message = self.seconds, test.name, ""

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the time within; what the runner does between two such parts is left out."""
        if threading.current_thread() is not threading.main_thread() or self._message:
            yield
            return
        previous = signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, self._left)
        try:
            yield
        finally:
            self._left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)

    def judge(self, test: Running) -> Iterable[Problem]:
        """Tell of an alarm that the code under test has swallowed."""
        if self._message:
            yield Problem(OVER, self._message, _HINT)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self._message = f"{self._name} takes longer than {self.seconds:g} s."
        raise OverTimeLimit(f"{OVER.code} {self._message} {_HINT}")
