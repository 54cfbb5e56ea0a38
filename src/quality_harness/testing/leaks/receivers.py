"""A probe of the receivers that are connected to signals."""

import functools
import gc
import sys
import weakref
from collections.abc import Iterator
from types import FrameType
from typing import Any
from unittest import mock

from django.dispatch import Signal

from quality_harness.testing.leaks import MISSING, Probe, State
from quality_harness.testing.leaks.rules import DJANGO
from quality_harness.testing.origin import is_installed, origin_of


class _Receivers:
    """Knows the signals that all tests share, and the receivers that modules connect on import."""

    def __init__(self) -> None:
        self._signals: weakref.WeakSet[Signal] = weakref.WeakSet()
        self._by_import: set[Any] = set()
        self._patches = (
            mock.patch.object(Signal, "__init__", self._noting_signals(Signal.__init__)),
            mock.patch.object(Signal, "connect", self._noting_imports(Signal.connect)),
        )

    def start(self) -> None:
        """Find all signals, and note those that modules make from now on."""
        self._signals.update(all_signals())
        for patch in self._patches:
            patch.start()

    def stop(self) -> None:
        """Put Django's own methods back."""
        for patch in self._patches:
            patch.stop()

    def look(self) -> State:
        """Return the receivers that live; what is kept of them does not keep them alive."""
        found: State = {}
        for signal in self._signals:
            for receiver in signal.receivers:
                # Of the tuple only these two are the same in all versions of Django.
                key, function = receiver[0], receiver[1]
                if not isinstance(function, weakref.ReferenceType) or function() is not None:
                    found[id(signal), key] = (function, signal)
        return found

    def tell(self, key: Any, before: Any, after: Any) -> str:
        """Say what happened to a receiver."""
        if key in self._by_import:
            return ""
        function, signal = before if after is MISSING else after
        if isinstance(function, weakref.ReferenceType):
            function = function()
        # What is dead has gone by itself; packages connect their own when they are first used.
        if function is None or is_installed(function):
            return ""
        verb = "disconnected" if after is MISSING else "connected"
        return f"the receiver {origin_of(function)} of {name_of(signal)} {verb}"

    def _noting_signals(self, original: Any) -> Any:
        @functools.wraps(original)
        def made(signal: Signal, *arguments: Any, **options: Any) -> None:
            original(signal, *arguments, **options)
            # One that a test makes for itself is known to no other test.
            if _imports_now():
                self._signals.add(signal)

        return made

    def _noting_imports(self, original: Any) -> Any:
        @functools.wraps(original)
        def connect(signal: Signal, *arguments: Any, **options: Any) -> Any:
            before = {receiver[0] for receiver in signal.receivers}
            returned = original(signal, *arguments, **options)
            if _imports_now():
                keys = {receiver[0] for receiver in signal.receivers} - before
                self._by_import.update((id(signal), key) for key in keys)
            return returned

        return connect


def all_signals() -> list[Signal]:
    """Return the signals that live in this process."""
    # What somebody has frozen is not listed: every signal would be passed over in silence.
    gc.unfreeze()
    # `isinstance` would ask a weak proxy for the class of an object that may be dead.
    return [each for each in gc.get_objects() if issubclass(type(each), Signal)]


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame:
        yield frame
        frame = frame.f_back


def _imports_now() -> bool:
    return any(map(_is_importing, _frames()))


def _is_importing(frame: FrameType) -> bool:
    """Whether a frame is the body of a module that is just imported."""
    is_body = frame.f_code.co_name == "<module>"
    return is_body and bool(getattr(frame.f_globals.get("__spec__"), "_initializing", False))


def name_of(signal: Signal) -> str:
    """Return the name under which a module holds a signal."""
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if value is signal:
                return str(name)
    return "a signal"


def make_probes() -> tuple[Probe, ...]:
    """Return the probe."""
    receivers = _Receivers()
    mend = "Put it back: addCleanup(signal.disconnect, receiver), or mock what it does instead."
    return (Probe(DJANGO, receivers.look, receivers.tell, mend, receivers.start, receivers.stop),)
