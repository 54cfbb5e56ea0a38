"""How the migrations of a change hang together: their order, and what they make themselves.

Dropping what the change itself made is no loss: no release ever ran with it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field as with_default
from functools import cached_property
from itertools import chain
from typing import Any

from quality_harness.migrations.fields import Field
from quality_harness.migrations.history.history import History
from quality_harness.migrations.history.ordering import (
    everything_in_order,
    labels,
    order,
    unique_labels,
)
from quality_harness.migrations.made import own_in, own_of_apps
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.releases import Releases
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.state import Change, States, follow_back

UsedOnBase = Callable[[str], bool]
_NOTHING = Change(None, None)


@dataclass(frozen=True)
class Step:
    """One operation with the model that it acts on.

    Attributes:
        operation: what is done.
        index: its place in the migration.
        before: the model before it; None where it is not in this tree.
        after: the model after it; None where it is gone or not in this tree.
        app: the app's label.
    """

    operation: Operation
    index: int
    before: Model | None
    after: Model | None
    app: str
    context: "Context"
    migration: Migration

    @property
    def field(self) -> Field:
        """The field that the operation gives the model."""
        name = self.operation.field
        found = None if self.after is None else self.after.field(name)
        return found or Field(name, self.operation.given["field"])

    @cached_property
    def base(self) -> Model | None:
        """The model before the first migration of the change; None where that makes it."""
        return self.context.base(self.migration, self.index, self.before)

    @cached_property
    def end(self) -> Model | None:
        """The model after the last operation of the migration."""
        return self.context.end(self.migration, self.index, self.after)


@dataclass(frozen=True)
class Context:
    """What a rule may ask about the whole change.

    Attributes:
        migrations: every migration of the tree.
        own: which operations of `together` act on what the change itself made: path and index.
        together: the paths of the migrations that are new and reach every database in one
            release; each other one is a release of its own.
        app_labels: the label of each folder's app, no two the same.
        used_on_base: whether code on the base, outside migrations, holds a word; None where
            that cannot be told.
        history: the graph of the migrations, and what the base has of them.
    """

    migrations: tuple[Migration, ...]
    own: frozenset[tuple[str, int]]
    together: frozenset[str] = frozenset()
    app_labels: Mapping[str, str] = with_default(default_factory=dict)
    used_on_base: UsedOnBase | None = None
    history: History = History()

    def operations(self, migration: Migration, *kinds: str) -> list[Operation]:
        """Give the operations of these kinds that change what was there on the base.

        Args:
            migration: whose operations.
            kinds: names of Django's classes; all of them where none is given.
        """
        return [operation for _, operation in self._relevant(migration, kinds)]

    def steps(self, migration: Migration, *kinds: str) -> list[Step]:
        """Give the same operations, with the models that they act on."""
        found = self._relevant(migration, kinds)
        return [self._step(migration, index, operation) for index, operation in found]

    def steps_on_new(self, migration: Migration, kind: str) -> Iterator[Step]:
        """Give those that act on what the change itself has made, with their models."""
        own = self._own(migration)
        for index, operation in enumerate(migration.operations) if own else ():
            if operation.kind == kind and (migration.path, index) in own:
                yield self._step(migration, index, operation)

    def _own(self, migration: Migration) -> Collection[tuple[str, int]]:
        if migration.path in self.together:
            return self.own
        found = self._made.get(migration.path)
        if found is None:
            found = self._made[migration.path] = frozenset(own_in([migration]))
        return found

    @cached_property
    def _made(self) -> dict[str, frozenset[tuple[str, int]]]:
        return {}

    def _step(self, migration: Migration, index: int, operation: Operation) -> Step:
        place = (migration.path, index)
        known = self._steps.get(place)
        if known is None:
            before, after = self.states.changes.get(place, _NOTHING)
            label = self.label(migration)
            known = Step(operation, index, before, after, label, self, migration)
            self._steps[place] = known
        return known

    @cached_property
    def _steps(self) -> dict[tuple[str, int], Step]:
        return {}

    def label(self, migration: Migration) -> str:
        """Return the label of a migration's app."""
        return self.app_labels[migration.folder]

    @cached_property
    def remembered(self) -> dict[str, list[Any]]:
        """What several rules work out of a migration, by its path."""
        return {}

    @cached_property
    def statements(self) -> dict[str, list[tuple[Operation, Statement]]]:
        """What the SQL of a migration does, by its path, as several rules ask for it."""
        return {}

    @cached_property
    def ordered(self) -> list[Migration]:
        """Every migration, in the order in which they run."""
        return list(everything_in_order(self.migrations, self.app_labels))

    @cached_property
    def states(self) -> States:
        """The models as each migration leaves them."""
        return States((each, self.label(each)) for each in self.ordered)

    @cached_property
    def releases(self) -> Releases:
        """What SQL of earlier releases has done."""
        return Releases(self.ordered, self.together)

    @cached_property
    def created(self) -> dict[tuple[str, str], list[Model]]:
        """The models as CreateModel made them, by their keys."""
        found: dict[tuple[str, str], list[Model]] = {}
        for migration in self.migrations:
            for index, operation in enumerate(migration.operations):
                if operation.kind == "CreateModel":
                    made = self.states.changes.get((migration.path, index), _NOTHING).after
                    if made is not None:
                        found.setdefault(made.key, []).append(made)
        return found

    @cached_property
    def own_tables(self) -> frozenset[str]:
        """The tables that the migrations of `together` make, in lower case."""
        return frozenset(
            table
            for migration in self.migrations
            if migration.path in self.together
            for table in self._tables_made(migration)
        )

    def is_own_table(self, migration: Migration, table: str) -> bool:
        """Whether the change that a migration belongs to has made a table, or "view shop_sales"."""
        if migration.path in self.together:
            return table in self.own_tables
        return table in self._tables_made(migration)

    def _tables_made(self, migration: Migration) -> frozenset[str]:
        found = self._tables.get(migration.path)
        if found is None:
            found = self._tables[migration.path] = frozenset(self._made_by(migration))
        return found

    @cached_property
    def _tables(self) -> dict[str, frozenset[str]]:
        return {}

    def existing(self, migration: Migration, table: str) -> Model | None:
        """Return the model of a table, as it was before the change; None where it is new."""
        model = self.states.of_table(table, migration.path)
        return self.base(migration, 0, model)

    def models_before(self, migration: Migration, app: str) -> list[tuple[Model, Model | None]]:
        """Return an app's models before a migration that writes rows, and before the change."""
        found = self.states.before(migration.path, app)
        return [(each, self.base(migration, 0, each)) for each in found]

    def has_left(self, migration: Migration, table: str, column: str = "") -> bool:
        """Whether dropping is the safe second half of a removal in two steps.

        That is: the column, or the whole table, left the state in a migration that is on the
        base, and no code on the base uses it.
        """
        found = self.states.left.get((table, column)) or self.states.left.get((table, ""))
        if found is None or self.used_on_base is None or not self.together:
            return False
        path, model, field = found
        if path in self.together or path == migration.path:
            return False
        words = [field or model.name, *([] if column else [table])]
        return not any(map(self.used_on_base, words)) and not self._is_read(table, column)

    def _is_read(self, table: str, column: str) -> bool:
        """Whether another model, be it an unmanaged one, stands on what left the state."""
        models = self.states.find(table)
        return any(not column or column in model.columns for model in models)

    def is_replaced(self, migration: Migration) -> bool:
        """Return whether a squashed migration of the tree stands for this one."""
        return (migration.app, migration.name) in self._replaced

    def is_squash(self, migration: Migration) -> bool:
        """Return whether all that this one does is done by migrations that are still there."""
        own = (migration.app, migration.name)
        return bool(migration.replaces) and all(
            self._names[name] > (name == own) for name in migration.replaces
        )

    def _relevant(
        self, migration: Migration, kinds: tuple[str, ...]
    ) -> list[tuple[int, Operation]]:
        by_kind = self._found.get(migration.path)
        if by_kind is None:
            by_kind = self._found[migration.path] = {"": self._on_base(migration)}
            for each in by_kind[""]:
                by_kind.setdefault(each[1].kind, []).append(each)
        if not kinds:
            return by_kind[""]
        if len(kinds) == 1:
            return by_kind.get(kinds[0], [])
        found = [by_kind[kind] for kind in kinds if kind in by_kind]
        if len(found) < 2:
            return found[0] if found else []
        return sorted(chain.from_iterable(found), key=_place)

    def _on_base(self, migration: Migration) -> list[tuple[int, Operation]]:
        own = self._own(migration)
        return [
            (index, operation)
            for index, operation in enumerate(migration.operations)
            if operation.changes_database
            and (migration.path, index) not in own
            and (not operation.model or self._has_table(migration.path, index))
        ]

    @cached_property
    def _found(self) -> dict[str, dict[str, list[tuple[int, Operation]]]]:
        return {}

    @cached_property
    def _names(self) -> Counter[tuple[str, str]]:
        return Counter((each.app, each.name) for each in self.migrations)

    @cached_property
    def _replaced(self) -> frozenset[tuple[str, str]]:
        return frozenset(name for each in self.migrations for name in each.replaces)

    def _has_table(self, path: str, index: int) -> bool:
        change = self.states.changes.get((path, index), _NOTHING)
        model = change.before or change.after
        return model is None or model.has_table

    def _made_by(self, migration: Migration) -> Iterator[str]:
        for index, operation in enumerate(migration.operations):
            if operation.kind == "CreateModel" and operation.changes_database:
                after = self.states.changes.get((migration.path, index), _NOTHING).after
                if after is not None and after.table and not operation.conditional:
                    yield after.table.lower()
            for statement in operation.statements if operation.changes_database else ():
                is_made = statement.act is Act.CREATE and not operation.conditional
                if is_made and not (statement.schema and self._has_model(statement.thing)):
                    yield statement.thing

    def _has_model(self, table: str) -> bool:
        """Whether a table of that name is a model's: in another schema it is another table."""
        return any(True for _ in self.states.find(table))

    def of_change(self, migration: Migration) -> list[Migration]:
        """Return the migrations of one app that are released with this one, in their order."""
        if migration.path not in self.together:
            return [migration]
        return order(
            each
            for each in self.migrations
            if each.path in self.together and each.folder == migration.folder
        )

    def base(self, migration: Migration, index: int, before: Model | None) -> Model | None:
        """Follow a model back to where the change begins.

        Args:
            migration: the migration that it stands in.
            index: the operation before which it is so.
            before: the model there.
        """
        if before is None or (index == 0 and migration.path not in self.together):
            return before
        change = self.of_change(migration)
        places = [
            (each.path, place)
            for each in change[: change.index(migration)]
            for place in range(len(each.operations))
        ]
        places += [(migration.path, place) for place in range(index)]
        steps = [self.states.changes[place] for place in places if place in self.states.changes]
        return follow_back(before, steps)

    def end(self, migration: Migration, index: int, after: Model | None) -> Model | None:
        """Follow a model on to where the migration ends."""
        found = after
        for place in range(index + 1, len(migration.operations)):
            change = self.states.changes.get((migration.path, place))
            before = None if change is None else change.before
            if change is not None and before is not None and before.key == (found and found.key):
                found = change.after
        return found


def context(
    migrations: Iterable[Migration],
    together: Iterable[Migration] = (),
    known_labels: Mapping[str, str] | None = None,
    used_on_base: UsedOnBase | None = None,
) -> Context:
    """Return the context of a change.

    Args:
        migrations: every migration of the tree.
        together: those that are new and reach every database in one release. Each other
            migration may have been released alone: for it, only what it makes itself counts.
        known_labels: labels of apps, by the migrations' folder; they are inferred without.
        used_on_base: tells whether code on the base, outside migrations, holds a word.
    """
    everything = tuple(migrations)
    new = {migration.path: migration for migration in together}
    own = frozenset(own_of_apps(new.values()))
    told = labels(everything) if known_labels is None else known_labels
    app_labels = unique_labels(everything, told)
    return Context(everything, own, frozenset(new), app_labels, used_on_base)


def _place(found: tuple[int, Operation]) -> int:
    return found[0]
