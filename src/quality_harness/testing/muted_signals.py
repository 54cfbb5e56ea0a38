"""Keeps receivers of a signal from hearing it for a while."""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal

from quality_harness.testing.leaks.receivers import name_of

# What `connect` was given: a function, or the dispatch_uid.
Receiver = Callable[..., Any] | str


@contextmanager
def muted(signal: Signal, *receivers: Receiver) -> Iterator[None]:
    """Let a signal not reach these receivers; without any, it reaches nobody.

    Afterwards they are back in their places. What is connected or disconnected meanwhile stays so.
    It is a decorator, too: `@muted(blog_published, tell_author)`.

    Args:
        signal: the signal.
        receivers: functions and methods that are connected to it, or their dispatch_uid.

    Raises:
        LookupError: one of them is not connected, or nobody is.
    """
    with signal.lock:
        before = list(signal.receivers)
        silent = _chosen(signal, receivers)
        _set(signal, [each for each in before if each not in silent])
    try:
        yield
    finally:
        with signal.lock:
            _set(signal, _merged(before, silent, signal.receivers))


def _chosen(signal: Signal, receivers: tuple[Receiver, ...]) -> list[Any]:
    """Return the entries of a signal's list that belong to these receivers."""
    alive = [each for each in signal.receivers if _function(each) is not None]
    wanted: list[Receiver | None] = list(receivers) or [None]
    chosen: list[Any] = []
    for receiver in wanted:
        found = [each for each in alive if receiver is None or _is(each, receiver)]
        if not found:
            raise LookupError(_not_connected(signal, receiver, alive))
        chosen += found
    return chosen


def _is(entry: Any, receiver: Receiver) -> bool:
    known: object = entry[0][0] if isinstance(receiver, str) else _function(entry)
    return known == receiver


def _function(entry: Any) -> Any:
    """Return the function of an entry; None where it is gone."""
    return entry[1]() if isinstance(entry[1], weakref.ReferenceType) else entry[1]


def _merged(before: list[Any], silent: list[Any], now: list[Any]) -> list[Any]:
    """Return the list as it was, but for what others changed meanwhile."""
    kept = [each for each in before if each in silent or each in now]
    keys = {each[0] for each in kept}
    kept += [each for each in now if each[0] not in keys]
    return [each for each in kept if _function(each) is not None]


def _set(signal: Signal, entries: list[Any]) -> None:
    signal.receivers = entries
    # Who hears it is remembered for each sender.
    signal.sender_receivers_cache.clear()


def _not_connected(signal: Signal, receiver: Receiver | None, alive: list[Any]) -> str:
    name = name_of(signal)
    if not alive:
        return f"Nothing is connected to {name}, so there is nothing to mute."
    connected = ", ".join(_title(_function(each)) + _uid(each) for each in alive)
    wanted = repr(receiver) if isinstance(receiver, str) else _title(receiver)
    return f"{wanted} is not connected to {name}. Connected: {connected}."


def _uid(entry: Any) -> str:
    return f" (uid {entry[0][0]!r})" if isinstance(entry[0][0], str) else ""


def _title(function: Any) -> str:
    return f"{function.__module__}.{getattr(function, '__qualname__', type(function).__name__)}"
