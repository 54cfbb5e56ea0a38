"""How the migrations of a change hang together: their order, and what they make themselves.

Dropping what the change itself made is no loss: no release ever ran with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from quality_harness.migrations.operations import Migration, Operation


@dataclass(frozen=True)
class Context:
    """What a rule may ask about the whole change.

    Attributes:
        migrations: every migration of the tree.
        own: which operations act on what the change itself made: path and index.
    """

    migrations: tuple[Migration, ...]
    own: frozenset[tuple[str, int]]

    def operations(self, migration: Migration, *kinds: str) -> Iterator[Operation]:
        """Give the operations of these kinds that change what was there on the base.

        Args:
            migration: whose operations.
            kinds: names of Django's classes; all of them where none is given.
        """
        for index, operation in enumerate(migration.operations):
            wanted = not kinds or operation.kind in kinds
            if wanted and operation.changes_database and (migration.path, index) not in self.own:
                yield operation

    def is_replaced(self, migration: Migration) -> bool:
        """Return whether a squashed migration of the tree stands for this one."""
        name = (migration.app, migration.name)
        return any(name in other.replaces for other in self.migrations)

    def is_squash(self, migration: Migration) -> bool:
        """Return whether all that this one does is done by migrations that are still there."""
        if not migration.replaces:
            return False
        names = {(each.app, each.name) for each in self.migrations if each is not migration}
        return names.issuperset(migration.replaces)


def context(migrations: Iterable[Migration], together: Iterable[Migration] = ()) -> Context:
    """Return the context of a change.

    Args:
        migrations: every migration of the tree.
        together: those that are new and reach every database in one release. Each other
            migration may have been released alone: for it, only what it makes itself counts.
    """
    everything = tuple(migrations)
    new = {migration.path: migration for migration in together}
    own = set(_own_of_app(new.values()))
    for migration in everything:
        if migration.path not in new:
            own.update(_own([migration]))
    return Context(everything, frozenset(own))


def order(migrations: Iterable[Migration]) -> list[Migration]:
    """Return the migrations of one app in the order in which they run."""
    by_name: Mapping[str, Migration] = {
        each.name: each for each in sorted(migrations, key=lambda each: each.path)
    }
    graph = {
        name: [before for _, before in each.dependencies if before in by_name and before != name]
        for name, each in by_name.items()
    }
    try:
        return [by_name[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError:
        # Another app's migration of the same name was taken for ours.
        return list(by_name.values())


def _own_of_app(migrations: Iterable[Migration]) -> Iterator[tuple[str, int]]:
    apps: dict[str, list[Migration]] = {}
    for migration in migrations:
        apps.setdefault(migration.folder, []).append(migration)
    for app in apps.values():
        yield from _own(order(app))


def _own(migrations: Iterable[Migration]) -> Iterator[tuple[str, int]]:
    made = _Made()
    for migration in migrations:
        for index, operation in enumerate(migration.operations):
            if operation.changes_database and made.follow(operation):
                yield migration.path, index


class _Made:
    """The tables and columns that the operations so far have made."""

    def __init__(self) -> None:
        self._models: set[str] = set()
        self._fields: set[tuple[str, str]] = set()

    def follow(self, operation: Operation) -> bool:
        """Take in one operation; return whether it acts on what was made before it."""
        model, field = operation.model.lower(), operation.field.lower()
        if not model or "…" in model + field:
            return False
        is_own = model in self._models or (model, field) in self._fields
        match operation.kind:
            case "CreateModel" if not operation.conditional:
                self._models.add(model)
            case "AddField" if not operation.conditional:
                self._fields.add((model, field))
            case "DeleteModel":
                self._models.discard(model)
                self._fields = {each for each in self._fields if each[0] != model}
            case "RemoveField":
                self._fields.discard((model, field))
            case "RenameModel":
                self._rename_model(model, operation.arguments["new_name"].lower())
            case "RenameField" if (model, field) in self._fields:
                self._fields.discard((model, field))
                self._fields.add((model, operation.arguments["new_name"].lower()))
        return is_own

    def _rename_model(self, old: str, new: str) -> None:
        if old in self._models:
            self._models.discard(old)
            self._models.add(new)
        self._fields = {(new if model == old else model, field) for model, field in self._fields}
