"""Which models a migration concerns."""

from collections.abc import Iterable
from typing import Any

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
    """Return the managed models of the migrations' apps, and those that they refer to.

    Where an operation may act beyond its own table, those that refer to them as well, and where
    it runs code or SQL, the models of the apps that its migration depends on.

    Args:
        models: all models of a state, automatic ones too.
        migrations: Django's.
    """
    known = {str(m._meta.label): m for m in models if m._meta.managed and not m._meta.proxy}
    labels = set(_apps(migrations))
    found = {label for label, model in known.items() if model._meta.app_label in labels}
    if not all(_is_local(each) for migration in migrations for each in migration.operations):
        found |= {label for label, model in known.items() if _refers_to(model) & found}
    waiting = list(found)
    while waiting:
        for label in _refers_to(known[waiting.pop()]) & set(known) - found:
            found.add(label)
            waiting.append(label)
    return [model for label, model in known.items() if label in found]


def _apps(migrations: Iterable[Any]) -> Iterable[str]:
    for migration in migrations:
        yield migration.app_label
        if any(_is_code(operation) for operation in migration.operations):
            yield from (label for label, _ in migration.dependencies)


def _is_local(operation: Any) -> bool:
    name = type(operation).__name__
    return not _is_code(operation) and (
        name in _LOCAL or (name == "AlterField" and not operation.field.primary_key)
    )


def _is_code(operation: Any) -> bool:
    is_own = not type(operation).__module__.startswith("django.")
    return is_own or type(operation).__name__ in ("RunPython", "RunSQL", "SeparateDatabaseAndState")


def _refers_to(model: Any) -> set[str]:
    return {
        str(field.related_model._meta.label)
        for field in model._meta.concrete_fields
        if field.remote_field
    }
