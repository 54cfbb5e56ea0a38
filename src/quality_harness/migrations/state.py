"""The models as each migration leaves them, replayed from the operations alone."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.fields import SWAPPABLE, Field
from quality_harness.migrations.model import Key, Model
from quality_harness.migrations.operations import Effect, Migration, Operation
from quality_harness.migrations.sql.statements import Act
from quality_harness.migrations.transitions import STEPS, Step


class Change(NamedTuple):
    """What one operation makes of its model.

    Attributes:
        before: the model before it; None where it is not in this tree.
        after: the model after it; None where it is gone or was never known.
    """

    before: Model | None
    after: Model | None


class States:
    """Every state of a tree's migrations.

    Attributes:
        changes: what each operation makes of its model, by path and index.
        left: fields and models that only the state lost, with the migration that took them:
            (table, column) or (table, ""), both in lower case.
        models: the models after the last migration.
    """

    def __init__(self, migrations: Iterable[tuple[Migration, str]]) -> None:
        """Replay migrations.

        Args:
            migrations: in the order in which they run, each with its app's label.
        """
        self.changes: dict[tuple[str, int], Change] = {}
        self.left: dict[tuple[str, str], tuple[str, Model, str]] = {}
        self.models: dict[Key, Model] = {}
        # The place of each migration in their order, and of the one that is replayed now.
        self._places: dict[str, int] = {}
        self._place = 0
        # What each model was from which place on, and the models that ever stood on a table.
        self._past: dict[Key, list[tuple[int, Model | None]]] = {}
        self._standing: dict[str, dict[Key, None]] = {}
        self._moved: dict[Key, Key] = {}
        # The constraints that SQL has made NOT VALID and not validated since.
        self._not_valid: set[str] = set()
        for self._place, (migration, label) in enumerate(migrations):
            self._places[migration.path] = self._place
            for index, operation in enumerate(migration.operations):
                self._follow(migration.path, index, label, operation)

    def before(self, path: str, app: str = "") -> Iterator[Model]:
        """Give the models, or an app's, before a migration."""
        return self._before((key for key in self._past if app in ("", key[0])), path)

    def of_table(self, table: str, path: str) -> Model | None:
        """Return the model of a table before a migration."""
        found = self._before(reversed(self._standing.get(table, {})), path)
        return next((model for model in found if model.table_key == table), None)

    def _before(self, keys: Iterable[Key], path: str) -> Iterator[Model]:
        place = self._places.get(path, 0)
        for key in keys:
            past = self._past[key]
            count = bisect_left(past, place, key=itemgetter(0))
            model = past[count - 1][1] if count else None
            if model is not None:
                yield model

    def find(self, table: str) -> Iterator[Model]:
        """Give the models of a table, as the last migration leaves them."""
        yield from self._by_table.get(table, ())

    @cached_property
    def _by_table(self) -> dict[str, list[Model]]:
        found: dict[str, list[Model]] = {}
        for model in self.models.values():
            found.setdefault(model.table_key, []).append(model)
        return found

    @cached_property
    def joins(self) -> list[tuple[Model, Field]]:
        """The many-to-many relations with a table of their own, each with its model."""
        return [
            (model, field)
            for model in self.models.values()
            for field in model.fields.values()
            if field.has_join_table
        ]

    @cached_property
    def defaults(self) -> dict[str, list[tuple[Model, Field]]]:
        """The fields whose default a function of the database gives, by that function's name."""
        found: dict[str, list[tuple[Model, Field]]] = {}
        for model in self.models.values():
            for field in model.fields.values():
                given = field.get("db_default")
                name = given.get("function") if isinstance(given, Definition) else None
                if isinstance(name, str):
                    found.setdefault(name, []).append((model, field))
        return found

    def table_of(self, target: str | None, app: str) -> str | None:
        """Return the table behind a relation's target; None where it is not in this tree."""
        if target is None or target.startswith(f"{SWAPPABLE}."):
            return None
        label, _, name = target.rpartition(".")
        key = (label or app, name)
        for _ in self._moved:
            key = self._moved.get(key, key)
        model = self.models.get(key)
        return None if model is None else model.table

    def _follow(self, path: str, index: int, label: str, operation: Operation) -> None:
        if operation.kind not in STEPS or not operation.model:
            if operation.changes_database:
                self._follow_sql(operation)
            return
        label = operation.arguments.get("app", label)
        key = (label, operation.model.lower())
        before = self.models.get(key)
        after = STEPS[operation.kind](Step(label, before, operation))
        if operation.kind == "AddConstraint" and operation.effect is Effect.STATE_ONLY:
            after = after and self._as_sql_left_it(after)
        self.changes[path, index] = Change(before, after)
        if operation.effect is Effect.DATABASE_ONLY:
            return
        if operation.effect is Effect.STATE_ONLY and before is not None:
            self._note_what_leaves(path, before, operation)
        if operation.kind == "RenameModel" and after is not None:
            self._moved[key] = after.key
            self._moved.pop(after.key, None)
        if before is not None and (after is None or after.key != key):
            del self.models[key]
            self._past[key].append((self._place, None))
        if after is not None:
            self._keep(after)

    def _keep(self, model: Model) -> None:
        self.models[model.key] = model
        self._past.setdefault(model.key, []).append((self._place, model))
        self._standing.setdefault(model.table_key, {})[model.key] = None

    def _note_what_leaves(self, path: str, before: Model, operation: Operation) -> None:
        table = before.table_key
        if operation.kind == "DeleteModel":
            self.left[table, ""] = (path, before, "")
        field = before.field(operation.field)
        if operation.kind == "RemoveField" and field is not None and field.column:
            self.left[table, field.column] = (path, before, field.name)
        elif operation.kind == "RemoveField" and field is not None and field.is_many_to_many:
            given = field.get("db_table")
            join = given if isinstance(given, str) else f"{table}_{field.name}"
            if field.through is None:
                self.left[join.lower(), ""] = (path, before, field.name)

    def _as_sql_left_it(self, model: Model) -> Model:
        for name in self._not_valid.intersection(model.constraints):
            model = model.validated(name, False)
        return model

    def _follow_sql(self, operation: Operation) -> None:
        for statement in operation.statements:
            if statement.act is Act.NOT_VALID:
                self._not_valid.add(statement.detail)
            elif statement.act is Act.VALIDATE:
                self._not_valid.discard(statement.detail)
                for model in list(self.models.values()):
                    if model.table_key == statement.table:
                        self._keep(model.validated(statement.detail, True))


def follow_back(model: Model, steps: list[Change]) -> Model | None:
    """Return what a model was before some changes; None where they make it."""
    key: Key = model.key
    found: Model | None = model
    for change in reversed(steps):
        if change.after is not None and change.after.key == key:
            found = change.before
            if found is None:
                return None
            key = found.key
    return found
