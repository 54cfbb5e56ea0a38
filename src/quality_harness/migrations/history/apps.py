"""The migrations of one app as a graph, with squashed ones in the place of those they replace."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from quality_harness.migrations.operations import Migration

SPECIAL = ("__first__", "__latest__")


@dataclass(frozen=True)
class App:
    """The migrations of one folder.

    Attributes:
        folder: where they lie.
        label: the app's label.
        members: by their names.
        partial: whether some of the folder's files were not read.
    """

    folder: str
    label: str
    members: Mapping[str, Migration]
    partial: bool

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """The squashed migration that stands for each replaced one, also where that is gone."""
        return {
            name: squash.name
            for squash in self.members.values()
            for label, name in squash.replaces
            if label == self.label and name != squash.name
        }

    @cached_property
    def by_number(self) -> Mapping[str, list[Migration]]:
        """The migrations that replace none, by their numbers and in the order of their names."""
        found: dict[str, list[Migration]] = {}
        for name, each in sorted(self.members.items()):
            if not each.replaces:
                found.setdefault(name[:4], []).append(each)
        return found

    def stands_for(self, name: str) -> str:
        """Return the migration that Django runs in the place of this one."""
        seen = {name}
        while name in self.replaced and self.replaced[name] not in seen:
            name = self.replaced[name]
            seen.add(name)
        return name

    def has(self, name: str) -> bool:
        """Whether a migration, or a squashed one in its place, is there."""
        return name in self.members or name in self.replaced or name in SPECIAL

    def parents(self, migration: Migration) -> Iterator[str]:
        """Give the names in the same app that a migration depends on, as they are written."""
        for label, name in migration.dependencies:
            if label == self.label and name not in (*SPECIAL, migration.name):
                yield name

    def leaves(self) -> list[Migration]:
        """Return the migrations that no other one of the app depends on.

        Nothing where a dependency is known only at run time or is not there, or where not all
        migrations were read.
        """
        if self.partial or not all(map(self._is_whole, self.members.values())):
            return []
        followed = {
            self.stands_for(parent)
            for each in self.members.values()
            for parent in self.parents(each)
            if self.stands_for(parent) != self.stands_for(each.name)
        }
        return [
            each
            for name, each in sorted(self.members.items())
            if self.stands_for(name) == name and name not in followed and name[0] not in "_~"
        ]

    def _is_whole(self, migration: Migration) -> bool:
        return not migration.untold and all(map(self.has, self.parents(migration)))

    def within(self, squash: Migration) -> list[str]:
        """Return migrations that stay between those that a squashed one replaces."""
        gone = {name for label, name in squash.replaces if label == self.label}
        if not gone:
            return []
        before = self._reach(gone, dict(self._edges()))
        after = self._reach(gone, _turned(self._edges()))
        return sorted(
            name
            for name in (before & after & set(self.members)) - gone - {squash.name}
            if not {one for _, one in self.members[name].replaces} & gone
        )

    def _edges(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, each in self.members.items():
            yield name, tuple(self.parents(each))

    @staticmethod
    def _reach(start: set[str], graph: Mapping[str, Iterable[str]]) -> set[str]:
        seen: set[str] = set()
        waiting = list(start)
        while waiting:
            for each in graph.get(waiting.pop(), ()):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return seen


def _turned(edges: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, parents in edges:
        for parent in parents:
            found.setdefault(parent, []).append(name)
    return found
