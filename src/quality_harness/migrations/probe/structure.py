"""What the fields and constraints of the old models ask of their rows."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import F, UniqueConstraint


@cache
def unique_fields(model: Any) -> frozenset[str]:
    """Return the names of fields whose values must differ for each row to be allowed."""
    meta = model._meta
    names = {field.name for field in meta.concrete_fields if field.unique}
    for together in meta.unique_together:
        names.update(together)
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            names.update(constraint.fields)
            for expression in constraint.expressions:
                names.update(_names(model, expression))
    return frozenset(names)


def in_order(models: Iterable[Any]) -> list[Any]:
    """Return the models, each after those that its rows refer to."""
    waiting = sorted(models, key=lambda model: str(model._meta.label))
    ordered: list[Any] = []
    done: set[str] = set()
    while waiting:
        labels = {model._meta.label for model in waiting}
        ready = [model for model in waiting if not (_needs(model) & labels - {model._meta.label})]
        # In a circle, the one that needs least goes first, with null in the relation.
        for model in ready or waiting[:1]:
            ordered.append(model)
            done.add(model._meta.label)
            waiting.remove(model)
    return ordered


def _needs(model: Any) -> set[str]:
    return {
        str(field.related_model._meta.label)
        for field in model._meta.concrete_fields
        if field.remote_field
    }


def _names(model: Any, expression: Any) -> set[str]:
    """Return the names of the fields in an expression."""
    parts = [expression] if isinstance(expression, F) else expression.flatten()
    names = {part.name for part in parts if isinstance(part, F)}
    return {f.name for f in model._meta.concrete_fields if {f.name, f.attname} & names}
