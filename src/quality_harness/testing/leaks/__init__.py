"""What a test can leave changed: probes look at it, a ledger tells whose change it was.

Each probe gives what it looks at as a dictionary, as flat as it goes: a change is an entry that
is new, gone or another one. The ledger keeps an opening balance for each test that runs and for
each class, module or fixture that is set up. A change that one of them makes is entered into the
balances of all others, so that nobody is blamed for it a second time.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
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
        of_tests_alone: whether it says nothing of what several tests share.
    """

    rule: Rule
    look: Callable[[], State]
    tell: Callable[[Any, Any, Any], str]
    mend: str
    start: Callable[[], None] = nothing
    stop: Callable[[], None] = nothing
    of_tests_alone: bool = False


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


class Ledger:
    """Opening balances of the test that runs, and of whatever several tests share.

    Args:
        probes: what is looked at.
    """

    def __init__(self, probes: tuple[Probe, ...]) -> None:
        self.probes = probes
        self._test: list[State] | None = None
        self._changes: list[Change] = []
        self._shared: dict[Hashable, list[State]] = {}
        self._before: list[State] = []

    def begin(self) -> None:
        """A test begins."""
        self._test, self._changes = self._look(), []

    def end(self) -> list[Change]:
        """Return what the test has left changed, and enter it into all other balances."""
        self._settle()
        self._test = None
        return self._changes

    def shared_begins(self, owner: Hashable) -> None:
        """Something that several tests share is set up, maybe while the first of them runs."""
        now = self._look()
        # What the test has changed by now, it may put back: that is no matter of this owner.
        self._shared[owner] = list(self._test or now)
        self._before = now

    def shared_is_up(self, owner: Hashable) -> None:
        """What has changed meanwhile is the owner's."""
        self._enter_since_before(owner)

    def shared_ends(self) -> None:
        """It is about to be torn down: the test that runs, its last one, is over."""
        self._settle()
        self._before = self._look()

    def shared_is_down(self, owner: Hashable) -> list[Change]:
        """Return what it has left changed, and enter it into all other balances."""
        self._enter_since_before(owner)
        opening = self._shared.pop(owner, None)
        return [] if opening is None else self._closed(opening, of_test=False)

    def _settle(self) -> None:
        """Charge what has changed up to now to the test that runs."""
        if self._test is not None:
            self._changes += self._closed(self._test, of_test=True)

    def _closed(self, opening: list[State], *, of_test: bool) -> list[Change]:
        changes = []
        for index, (before, after) in enumerate(zip(list(opening), self._look(), strict=True)):
            if before != after:
                keys = list(differences(before, after))
                self._enter(index, keys, after)
                changes += [self._change(index, key, before, after) for key in keys]
        return [each for each in changes if of_test or not each.probe.of_tests_alone]

    def _look(self) -> list[State]:
        return [probe.look() for probe in self.probes]

    def _change(self, index: int, key: Any, before: State, after: State) -> Change:
        values = (before.get(key, MISSING), after.get(key, MISSING))
        return Change(self.probes[index], key, *values)

    def _enter_since_before(self, owner: Hashable) -> None:
        """Enter what has changed into all balances but the owner's."""
        for index, (before, after) in enumerate(zip(self._before, self._look(), strict=True)):
            if before != after:
                self._enter(index, list(differences(before, after)), after, owner)

    def _enter(
        self, index: int, keys: Iterable[Any], after: State, except_for: Hashable = None
    ) -> None:
        balances = [states for owner, states in self._shared.items() if owner != except_for]
        if self._test is not None:
            balances.append(self._test)
        for states in balances:
            # Several balances may share the state that they were opened with.
            states[index] = state = dict(states[index])
            for key in keys:
                state.pop(key, None)
                if key in after:
                    state[key] = after[key]
