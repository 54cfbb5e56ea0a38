"""The models as each migration leaves them, replayed from the operations alone."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from quality_harness.migrations.fields import SWAPPABLE, Field
from quality_harness.migrations.model import Key, Model
from quality_harness.migrations.operations import Effect, Migration, Operation
from quality_harness.migrations.sql import Act
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
        self._starts: dict[str, dict[Key, Model]] = {}
        self._tables: dict[str, dict[str, Model]] = {}
        self._moved: dict[Key, Key] = {}
        # The constraints that SQL has made NOT VALID and not validated since.
        self._not_valid: set[str] = set()
        for migration, label in migrations:
            if any(each.statements or each.overwrites for each in migration.operations):
                self._starts[migration.path] = self.models.copy()
            for index, operation in enumerate(migration.operations):
                self._follow(migration.path, index, label, operation)

    def before(self, path: str) -> Mapping[str, Model]:
        """Return the models before a migration that runs SQL or writes rows, by their tables."""
        if path not in self._tables:
            models = self._starts.get(path, {}).values()
            self._tables[path] = {model.table_key: model for model in models}
        return self._tables[path]

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
        if after is None or after.key != key:
            self.models.pop(key, None)
        if after is not None:
            self.models[after.key] = after

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
                for key, model in self.models.items():
                    if model.table_key == statement.table:
                        self.models[key] = model.validated(statement.detail, True)


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
