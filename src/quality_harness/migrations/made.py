"""Which operations act on what the same change has made."""

from collections.abc import Iterable, Iterator

from quality_harness.migrations.history.ordering import order
from quality_harness.migrations.operations import Migration, Operation


def own_of_apps(migrations: Iterable[Migration]) -> Iterator[tuple[str, int]]:
    """Give the operations on what earlier ones have made, of migrations of any apps."""
    apps: dict[str, list[Migration]] = {}
    for migration in migrations:
        apps.setdefault(migration.folder, []).append(migration)
    for app in apps.values():
        yield from own_in(order(app))


def own_in(migrations: Iterable[Migration]) -> Iterator[tuple[str, int]]:
    """Give the operations on what earlier ones have made: path and index.

    Args:
        migrations: of one app, in their order.
    """
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
