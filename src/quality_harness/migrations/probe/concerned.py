"""Which models a migration concerns."""

from collections.abc import Iterable
from typing import Any


def concerned(models: Iterable[Any], apps: Iterable[str]) -> list[Any]:
    """Return the managed models of the apps, those that they refer to, and those that refer to them.

    Args:
        models: all models of a state, automatic ones too.
        apps: the labels of the apps that the migrations touch.
    """
    known = {str(m._meta.label): m for m in models if m._meta.managed and not m._meta.proxy}
    labels = set(apps)
    found = {label for label, model in known.items() if model._meta.app_label in labels}
    found |= {label for label, model in known.items() if _refers_to(model) & found}
    waiting = list(found)
    while waiting:
        for label in _refers_to(known[waiting.pop()]) & set(known) - found:
            found.add(label)
            waiting.append(label)
    return [model for label, model in known.items() if label in found]


def _refers_to(model: Any) -> set[str]:
    return {
        str(field.related_model._meta.label)
        for field in model._meta.concrete_fields
        if field.remote_field
    }
