"""Finds out why a test fails in another order than its own: which test it depends on.

The tests before it are halved until one is left. A test whose outcome one earlier test decides
is explained after about log2(n) runs; each of them begins in a fresh process.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

# Runs tests in the order given, and returns the message of each one that fails.
Run = Callable[[Sequence[str]], Mapping[str, str]]


class OutOfTime(Exception):
    """There is no time for another run."""


@dataclass(frozen=True)
class Dependence:
    """A test that fails in one order and passes in another one.

    Attributes:
        test: its id.
        message: how it fails.
        other: the id of the test that decides; empty where none was found.
        is_needed: whether it fails without the other test, not after it.
        note: why no other test was found.
    """

    test: str
    message: str
    other: str = ""
    is_needed: bool = False
    note: str = ""


class Search:
    """Explains the failures of one run.

    Args:
        normal: the ids of all tests in the order in which they pass.
        order: the same in the order in which some fail.
        run: runs some of them in a fresh process; raises OutOfTime.
    """

    def __init__(self, normal: Sequence[str], order: Sequence[str], run: Run) -> None:
        self.normal = normal
        self.order = order
        self.run = run
        self._known: list[str] = []

    def dependences(self) -> Iterator[Dependence]:
        """Run all tests in the other order and explain what fails.

        A test that fails in both orders is left out: that is no matter of order.

        Raises:
            OutOfTime: there was not even time for the first run.
        """
        for test, message in self.run(self.order).items():
            try:
                found = self._explained(test, message)
            except OutOfTime:
                note = "there was no time to find the test that it depends on"
                found = Dependence(test, message, note=note)
            if found:
                yield found

    def _explained(self, test: str, message: str) -> Dependence | None:
        if self._fails([], test):
            return self._needing(test, message)
        before = self.order[: self.order.index(test)]
        for polluter in self._known:
            if polluter in before and self._fails([polluter], test):
                return Dependence(test, message, polluter)
        found = self._one_of(before, lambda some: self._fails(some, test))
        if found:
            self._known.append(found)
        return Dependence(test, message, found, note="" if found else _NOT_ONE)

    def _needing(self, test: str, message: str) -> Dependence | None:
        """Explain a test that fails alone, unless it always fails."""
        before = self.normal[: self.normal.index(test)]
        if self._fails(before, test):
            return None
        found = self._one_of(before, lambda some: not self._fails(some, test))
        note = "" if found else _NOT_ONE
        return Dependence(test, message, found, is_needed=True, note=note)

    def _one_of(self, tests: Sequence[str], decides: Callable[[Sequence[str]], bool]) -> str:
        """Return the one test that decides, or an empty text where no single one does."""
        is_sure = False
        while len(tests) > 1:
            half, rest = tests[: len(tests) // 2], tests[len(tests) // 2 :]
            is_sure = decides(half)
            tests = half if is_sure else rest
        if tests and (is_sure or decides(tests)):
            return tests[0]
        return ""

    def _fails(self, before: Sequence[str], test: str) -> bool:
        return test in self.run([*before, test])


_NOT_ONE = "no single test before it decides; it may fail by chance, or for several of them"
