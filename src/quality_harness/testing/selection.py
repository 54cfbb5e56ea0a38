"""Which tests run, and in what order: shards and random order, the same under both runners."""

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quality_harness.testing.ids import group_of


@dataclass(frozen=True)
class Shard:
    """One of several parts of a suite, for as many jobs of CI.

    Attributes:
        number: from 1 on.
        count: how many parts there are.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard that "2/4" names.

        Raises:
            ValueError: the text is of another form, or there is no such part.
        """
        number, slash, count = text.partition("/")
        if not (slash and number.isdecimal() and count.isdecimal()):
            raise ValueError(f"'{text}' is no shard: write 2/4 for the second of four")
        if not 1 <= int(number) <= int(count):
            raise ValueError(f"'{text}' is no shard: there are {count}, counted from 1")
        return cls(int(number), int(count))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def of(self, ids: Sequence[str]) -> frozenset[str]:
        """Return the ids of this shard; classes stay whole, and each id is in exactly one shard.

        The largest classes are dealt first, each to the shard that has the fewest tests so far.
        """
        sizes: dict[str, int] = {}
        for each in sorted(set(ids)):
            sizes[group_of(each)] = sizes.get(group_of(each), 0) + 1
        load = [0] * self.count
        mine = set()
        for group in sorted(sizes, key=lambda name: (-sizes[name], name)):
            least = load.index(min(load))
            load[least] += sizes[group]
            if least == self.number - 1:
                mine.add(group)
        return frozenset(each for each in ids if group_of(each) in mine)


def new_seed() -> int:
    """Return a seed that is short enough to be typed."""
    return random.randrange(10**6)


def shuffled(ids: Iterable[str], seed: int) -> list[str]:
    """Return ids in the random order that belongs to a seed: modules, classes, then tests.

    The order of two tests depends on their ids and the seed alone, so it stays the same where
    others are left out, and what depends on it can be found by leaving out more and more. That is
    how Django's `Shuffler` does it, too.
    """

    def place(text: str) -> str:
        return hashlib.md5(f"{seed}{text}".encode(), usedforsecurity=False).hexdigest()

    def key(test_id: str) -> tuple[str, str, str]:
        module, _, _ = test_id.partition("::")
        return place(module), place(group_of(test_id)), place(test_id)

    return sorted(ids, key=key)
