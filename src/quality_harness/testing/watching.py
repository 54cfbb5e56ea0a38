"""Watches tests while they run, the same under pytest and under Django's runner.

A test of a unittest class is watched from inside of unittest (`watched_cases`), so it makes no
difference who runs it or in which process; a function is watched by the pytest plugin
(`watched_functions`). Either way a watch is told of four moments: the run starts, a test begins,
its body and clean-ups are over, all of it is torn down.
"""

import inspect
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality_harness.finding import Location, Rule
from quality_harness.suppression import apply, read_suppressions
from quality_harness.testing.collected import FunctionId

# Where a gate wants to be told: a file, to which each process adds a line a test. Problems are then
# the gate's matter, and no test fails for them.
RECORD = "QUALITY_HARNESS_RECORD"

# unittest leaves the frames of this module out of a traceback.
__unittest = True


@dataclass(frozen=True)
class Running:
    """A test that runs, or what several tests share: a class, a module or a pytest fixture.

    Attributes:
        place: the file, class and function.
        line: where the function begins; 0 where there is none in the source.
        function: the function itself, unwrapped, or None.
        case: the instance of the test's class, if that is a TestCase.
    """

    place: FunctionId
    line: int
    function: Any
    case: Any = None

    @classmethod
    def at(cls, place: FunctionId, function: Any, case: Any = None) -> "Running":
        """Return the test that a function at a place is."""
        function = inspect.unwrap(function) if function is not None else None
        code = getattr(function, "__code__", None)
        return cls(place, code.co_firstlineno if code else 0, function, case)

    @property
    def name(self) -> str:
        """What people call it: Class.method, or the function's name."""
        return ".".join(filter(None, (self.place.owner, self.place.name)))


@dataclass(frozen=True)
class Problem:
    """What a watch has against a test.

    Attributes:
        rule: the rule that is broken.
        message: what is wrong, with the test's own names in it.
        hint: the edit that mends it.
    """

    rule: Rule
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.rule.code} {self.message} {self.hint}"


class Watch:
    """Looks at one thing while tests run. Each method may be left out."""

    def start(self) -> None:
        """Begin, once a process, before its first test."""

    def stop(self) -> None:
        """Take back what `start` has changed."""

    def begin(self, test: Running) -> None:
        """A test begins: nothing of it, nor of its set-up, has run."""

    def counted(self) -> AbstractContextManager[None]:
        """Return what is entered around the test's own code: in pytest, around each phase of it."""
        return nullcontext()

    def judge(self, test: Running) -> Iterable[Problem]:
        """Its body and clean-ups are over, and would pass; its database is still there."""
        return ()

    def end(self, test: Running) -> Iterable[Problem]:
        """All of it is over, and torn down, whatever its outcome."""
        return ()

    def shared_begins(self, shared: Running) -> None:
        """What several tests share is about to be set up: a class, a module, a pytest fixture."""

    def shared_is_up(self, shared: Running) -> None:
        """It has been set up, if that went well."""

    def shared_ends(self, shared: Running) -> None:
        """It is about to be torn down."""

    def shared_is_down(self, shared: Running) -> Iterable[Problem]:
        """It has been torn down."""
        return ()


class StrictFailure(AssertionError):
    """A test does not hold to what `strict` asks for."""


class Watcher:
    """Tells the watches of a run, and collects what they say.

    Args:
        watches: in the order in which they are told.
        root: the project's; paths are given relative to it.
        record: a file that gets what is found, a line a test; then nothing is raised.

    Attributes:
        current: the test that runs now. One that a test runs inside of itself is not watched.
    """

    def __init__(self, watches: Sequence[Watch], root: Path, record: Path | None = None) -> None:
        self.watches = watches
        self.root = root
        self.record = record
        self.current: Running | None = None
        self._found: list[Problem] = []

    def begin(self, test: Running) -> None:
        """Tell that a test begins."""
        self.current, self._found = test, []
        for watch in self.watches:
            watch.begin(test)

    def counted(self) -> AbstractContextManager[object]:
        """Return what is entered around the code of the test that has begun."""
        stack = ExitStack()
        for watch in self.watches:
            stack.enter_context(watch.counted())
        return stack

    def judge(self, test: Running) -> None:
        """Tell that its body and clean-ups are over.

        Raises:
            StrictFailure: a watch has something against it, and nobody records.
        """
        __tracebackhide__ = True
        self._collect(test, [each for watch in self.watches for each in watch.judge(test)])

    def end(self, test: Running) -> None:
        """Tell that all is torn down.

        Raises:
            StrictFailure: as `judge`.
        """
        __tracebackhide__ = True
        said = [each for watch in reversed(self.watches) for each in watch.end(test)]
        self.current = None
        if self.record:
            self._write(self.record, test, [*self._found, *said])
        self._collect(test, said)

    @contextmanager
    def shared_set_up(self, shared: Running) -> Iterator[None]:
        """Tell of the set-up that happens inside of this context."""
        for watch in self.watches:
            watch.shared_begins(shared)
        try:
            yield
        finally:
            for watch in self.watches:
                watch.shared_is_up(shared)

    def shared_ends(self, shared: Running) -> None:
        """Tell that what several tests share is about to be torn down."""
        for watch in self.watches:
            watch.shared_ends(shared)

    def shared_is_down(self, shared: Running) -> None:
        """Tell that what several tests share has been torn down.

        Raises:
            StrictFailure: as `judge`.
        """
        __tracebackhide__ = True
        said = [each for watch in reversed(self.watches) for each in watch.shared_is_down(shared)]
        if said and self.record:
            self._write(self.record, shared, said, is_test=False)
        self._refuse(shared, said)

    def _collect(self, test: Running, said: list[Problem]) -> None:
        __tracebackhide__ = True
        self._found += said
        self._refuse(test, said)

    def _refuse(self, test: Running, said: Iterable[Problem]) -> None:
        __tracebackhide__ = True
        # A gate looks for comments that accept a finding by itself.
        left = [] if self.record else [each for each in said if not self._is_accepted(test, each)]
        if left:
            raise StrictFailure("\n".join(map(str, left)))

    def _is_accepted(self, test: Running, problem: Problem) -> bool:
        """Whether a comment at the test accepts what is found."""
        if not (self.root / test.place.path).is_file():
            return False
        comments = read_suppressions(self.root, [test.place.path])
        found = problem.rule.finding(Location(test.place.path, test.line), "", "")
        return apply([found], comments)[0].suppressed is not None

    def _write(
        self, file: Path, test: Running, problems: Iterable[Problem], *, is_test: bool = True
    ) -> None:
        line = {
            "is_test": is_test,
            "path": test.place.path,
            "line": test.line,
            "name": test.name,
            "problems": [[each.rule.code, each.message, each.hint] for each in problems],
        }
        # One write at the end of the file: several processes do this at the same time.
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, json.dumps(line).encode() + b"\n")
        finally:
            os.close(handle)


def recording() -> Path | None:
    """Return the file that a gate has asked for, or None."""
    named = os.environ.get(RECORD, "")
    return Path(named) if named else None


@contextmanager
def started(watches: Sequence[Watch]) -> Iterator[None]:
    """Start the watches, and stop them at the end.

    Those of a run that goes on outside rest meanwhile: what a suite does that a test runs inside
    of itself is not that test's.
    """
    outside = _started[-1] if _started else ()
    begun: list[Watch] = []
    _stop(outside)
    try:
        for watch in watches:
            watch.start()
            begun.append(watch)
        _started.append(begun)
        yield
    finally:
        if _started and _started[-1] is begun:
            _started.pop()
        _stop(begun)
        for watch in outside:
            watch.start()


# Of the runs that go on in this process, the innermost last.
_started: list[Sequence[Watch]] = []


def _stop(watches: Sequence[Watch]) -> None:
    for watch in reversed(watches):
        watch.stop()
