"""Which models a migration concerns."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.migrations.utils import resolve_relation

# They change nothing outside of their own tables.
_LOCAL = (
    "CreateModel",
    "AddField",
    "AddIndex",
    "AddIndexConcurrently",
    "AddConstraint",
    "AddConstraintNotValid",
    "ValidateConstraint",
    "RemoveIndex",
    "RemoveIndexConcurrently",
    "RemoveConstraint",
    "RenameIndex",
    "AlterModelOptions",
    "AlterModelManagers",
    "AlterModelTableComment",
)


def concerned(models: Iterable[Any], migrations: Iterable[Any]) -> list[Any]:
    """Return the managed models that the migrations may act on, and those that they refer to.

    These are the models of the migration's app and those that refer to them; where it runs code
    or SQL, the models of the apps that it depends on as well. Where every operation keeps to its
    own table, they are the models that the operations name.

    Args:
        models: all models of a state, automatic ones too.
        migrations: Django's.
    """
    managed = (m for m in models if m._meta.managed and not m._meta.proxy)
    known: dict[str, Any] = {model._meta.label_lower: model for model in managed}
    found: set[str] = set()
    for migration in migrations:
        if migration.operations and all(map(is_local, migration.operations)):
            for operation in migration.operations:
                found.update(_named(operation, migration.app_label, known))
        else:
            found |= _of_apps(migration, known)
    waiting = list(found)
    while waiting:
        for label in _refers_to(known[waiting.pop()]) & set(known) - found:
            found.add(label)
            waiting.append(label)
    return [model for label, model in known.items() if label in found]


def _of_apps(migration: Any, known: Mapping[str, Any]) -> set[str]:
    labels = {migration.app_label}
    if any(map(_is_code, migration.operations)):
        labels |= {label for label, _ in migration.dependencies}
    found = {label for label, model in known.items() if model._meta.app_label in labels}
    if migration.operations:
        found |= {label for label, model in known.items() if _refers_to(model) & found}
    return found


def _named(operation: Any, app: str, known: Mapping[str, Any]) -> Iterator[str]:
    """Give the known models that an operation on one table names."""
    name = (getattr(operation, "model_name", "") or operation.name).lower()
    own = f"{app}.{name}"
    labels = {own}
    # A table that is created has no row yet which could refer to another one.
    if hasattr(operation, "field") and operation.field.remote_field:
        labels.add(".".join(resolve_relation(operation.field.remote_field.model, app, name)))
    if type(operation).__name__ == "AlterField":
        # The columns that refer to a field become as the field is.
        labels |= {label for label, model in known.items() if _uses(model, own, operation.name)}
    yield from labels & set(known)


def _uses(model: Any, label: str, name: str) -> bool:
    """Whether the model refers to the field of this name."""
    return any(
        field.related_model._meta.label_lower == label and field.target_field.name == name
        for field in model._meta.concrete_fields
        if field.remote_field
    )


def is_local(operation: Any) -> bool:
    """Whether the operation, one of Django's own, acts on no table but its model's."""
    if _is_code(operation):
        return False
    if type(operation).__name__ == "AlterField":
        # Other tables hold a primary key as well, and a relation of many to many has one.
        return not operation.field.primary_key and not operation.field.many_to_many
    return type(operation).__name__ in _LOCAL


def may_hold(operation: Any) -> bool:
    """Whether rows may refer to others afterwards by a column that the old code does not know."""
    # A default fills the column in every row.
    is_relation = type(operation).__name__ == "AddField" and operation.field.remote_field
    return bool(is_relation) or not is_local(operation)


def _is_code(operation: Any) -> bool:
    is_own = not type(operation).__module__.startswith("django.")
    return is_own or type(operation).__name__ in ("RunPython", "RunSQL", "SeparateDatabaseAndState")


def _refers_to(model: Any) -> set[str]:
    return {
        str(field.related_model._meta.label_lower)
        for field in model._meta.concrete_fields
        if field.remote_field
    }
