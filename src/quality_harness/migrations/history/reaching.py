"""Which migrations have run before another one, whatever database it is: what it depends on.

A set of migrations is a number with a bit for each: there are many, and each knows its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from quality_harness.migrations.history.apps import App
from quality_harness.migrations.operations import Migration

SETTING, UNTOLD = "__setting__", ""


class Reach:
    """What each migration depends on, over all that stands between.

    Args:
        apps: the apps by their folders.
        by_label: the apps by their labels.
    """

    def __init__(self, apps: Mapping[str, App], by_label: Mapping[str, Sequence[App]]) -> None:
        self._apps = apps
        self._by_label = by_label
        self._bits: dict[str, int] = {}
        self._labels: set[str] = set()
        self._found: dict[str, int] = {}

    def reaches(self, migration: Migration, others: Iterable[Migration]) -> bool:
        """Whether one of some migrations has always run before this one."""
        found = self._before(migration)
        return any(found & self._bit(each.path) for each in others)

    def outside(self, migration: Migration) -> set[str]:
        """Return the labels of the apps beyond this tree that have run before.

        That of a model that the settings choose is SETTING, and UNTOLD stands for what only a
        running project knows.
        """
        found = self._before(migration)
        return {label for label in self._labels if found & self._bit(f"label {label}")}

    def makers(self, app: App, model: str) -> Sequence[Migration]:
        """Return the migrations that make a model, or give it its name."""
        return self._makers.get((app.folder, model), ())

    @cached_property
    def _makers(self) -> Mapping[tuple[str, str], list[Migration]]:
        found: dict[tuple[str, str], list[Migration]] = defaultdict(list)
        for app in self._apps.values():
            for each in app.members.values():
                for operation in each.operations:
                    if operation.kind == "CreateModel":
                        found[app.folder, operation.model.lower()].append(each)
                    elif operation.kind == "RenameModel":
                        name = operation.arguments["new_name"].lower()
                        found[app.folder, name].append(each)
        return found

    def _bit(self, name: str) -> int:
        return self._bits.setdefault(name, 1 << len(self._bits))

    def _before(self, migration: Migration) -> int:
        """Return the migration itself and all that it depends on."""
        waiting = [migration]
        # What is in a circle is looked at once: it is told elsewhere.
        seen: set[str] = set()
        while waiting:
            each = waiting[-1]
            parents = self._parents(each) if each.path not in self._found else ()
            new = [one for one in parents if one.path not in self._found and one.path not in seen]
            seen.add(each.path)
            if new:
                waiting += new
                continue
            waiting.pop()
            if each.path not in self._found:
                found = self._bit(each.path) | self._beyond(each)
                for one in parents:
                    found |= self._found.get(one.path, 0)
                self._found[each.path] = found
        return self._found[migration.path]

    def _parents(self, migration: Migration) -> list[Migration]:
        own = self._apps[migration.folder]
        found = list(self._earlier.get(migration.path, ()))
        for label, name in migration.dependencies:
            for app in [own] if label == own.label else self._by_label.get(label, ()):
                found += _meant(app, name)
        for label, name in migration.replaces:
            if label == own.label and name != migration.name and name in own.members:
                found.append(own.members[name])
        return found

    def _beyond(self, migration: Migration) -> int:
        labels = {label for label, _ in migration.dependencies if label not in self._by_label}
        labels |= {UNTOLD} if migration.untold else set()
        labels |= {SETTING} if migration.by_setting else set()
        self._labels |= labels
        found = 0
        for label in labels:
            found |= self._bit(f"label {label}")
        return found

    @cached_property
    def _earlier(self) -> Mapping[str, list[Migration]]:
        """The migrations that say themselves, in `run_before`, that they run before another."""
        found: dict[str, list[Migration]] = defaultdict(list)
        for app in self._apps.values():
            for each in app.members.values():
                for label, name in each.run_before:
                    for other in [app] if label == app.label else self._by_label.get(label, ()):
                        for later in _meant(other, name):
                            found[later.path].append(each)
        return found


def _meant(app: App, name: str) -> Iterator[Migration]:
    """Give the migration of a name, and the squashed one that stands for it."""
    if name == "__latest__":
        yield from app.members.values()
    elif name == "__first__":
        yield from (each for each in app.members.values() if not any(app.parents(each)))
    else:
        for one in {name, app.stands_for(name)}:
            if one in app.members:
                yield app.members[one]
