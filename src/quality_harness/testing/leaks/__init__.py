"""What a test can leave changed: probes look at it, a ledger tells whose change it was.

Each probe gives what it looks at as a dictionary, as flat as it goes: a change is an entry that
is new, gone or another one. The ledger keeps an opening balance for each test that runs and for
each class, module or fixture that is set up. A change that one of them makes is entered into the
balances of all others, so that nobody is blamed for it a second time.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quality_harness.finding import Rule

State = dict[Any, Any]


class Missing:
    """What stands for the value of an entry that is not there."""


MISSING = Missing()


def nothing() -> None:
    """Do nothing: what a probe does that changes nothing to be able to look."""


@dataclass(frozen=True, eq=False)
class Probe:
    """Looks at one thing that outlives a test.

    Attributes:
        rule: the rule that a change breaks.
        look: returns the state as it is now.
        tell: says what has changed, given an entry's key, its value before and after; either may
            be MISSING. An empty text is no leak after all.
        mend: what to do, as the hint of the finding.
        start: begins to keep what `look` returns.
        stop: takes back what `start` has changed.
    """

    rule: Rule
    look: Callable[[], State]
    tell: Callable[[Any, Any, Any], str]
    mend: str
    start: Callable[[], None] = nothing
    stop: Callable[[], None] = nothing


@dataclass(frozen=True)
class Change:
    """An entry that differs from the opening balance."""

    probe: Probe
    key: Any
    before: Any
    after: Any

    @property
    def text(self) -> str:
        """What people are told; empty where it is no leak after all."""
        return self.probe.tell(self.key, self.before, self.after)


def differences(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Any]:
    """Return the keys of entries that are new, gone or other ones."""
    for key, value in after.items():
        if key not in before or before[key] != value:
            yield key
    for key in before:
        if key not in after:
            yield key


@dataclass
class Ledger:
    """Opening balances of what runs or is set up, by whatever tells them apart."""

    probes: tuple[Probe, ...]
    _open: dict[Hashable, list[State]] = field(default_factory=dict)
    _before: list[State] = field(default_factory=list)

    def open(self, owner: Hashable) -> None:
        """Keep the state as the opening balance of an owner."""
        self._open[owner] = self._look()

    def pause(self) -> None:
        """Keep the state before something that no open owner is to answer for."""
        self._before = self._look()

    def resume(self, except_for: Hashable = None) -> None:
        """Enter what has changed since `pause` into all balances but one."""
        now = self._look()
        for index, (before, after) in enumerate(zip(self._before, now, strict=True)):
            if before is not after:
                self._enter(index, list(differences(before, after)), after, except_for)

    def close(self, owner: Hashable) -> list[Change]:
        """Return what has changed since `open`, and enter it into all other balances."""
        opening = self._open.pop(owner, None)
        if opening is None:
            return []
        changes = []
        for index, (before, after) in enumerate(zip(opening, self._look(), strict=True)):
            if before is not after:
                keys = list(differences(before, after))
                self._enter(index, keys, after)
                changes += [self._change(index, key, before, after) for key in keys]
        return changes

    def _look(self) -> list[State]:
        return [probe.look() for probe in self.probes]

    def _change(self, index: int, key: Any, before: State, after: State) -> Change:
        values = (before.get(key, MISSING), after.get(key, MISSING))
        return Change(self.probes[index], key, *values)

    def _enter(
        self, index: int, keys: Iterable[Any], after: State, except_for: Hashable = None
    ) -> None:
        for owner, states in self._open.items():
            if owner != except_for and keys:
                # Several balances may share the state that they were opened with.
                states[index] = state = dict(states[index])
                for key in keys:
                    state.pop(key, None)
                    if key in after:
                        state[key] = after[key]
