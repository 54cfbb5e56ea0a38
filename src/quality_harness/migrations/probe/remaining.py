"""Which of the rows that were there before a migration are there after it.

What it has removed is told as a loss. That the old code then finds fewer rows, or cannot refer to
those that are gone, is no fault of the schema.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import Error, transaction

from quality_harness.migrations.probe.trials import Read, rows_of


class Remaining:
    """The rows of some old models that a migration has left.

    Attributes:
        gone: the keys of each model's rows that are not there any more.
    """

    def __init__(self, before: Mapping[Any, Read]) -> None:
        self._before = before
        self.gone = {model: _gone(model, read) for model, read in before.items()}
        # By label: a state renders a model anew now and then.
        self._lost = {
            model._meta.label: [before[model][key] for key in keys]
            for model, keys in self.gone.items()
        }

    def count(self, model: Any) -> int:
        """Return how many rows of before are there."""
        return len(self._before[model]) - len(self.gone[model])

    def usable(self, model: Any, objects: Iterable[Any]) -> list[Any]:
        """Return the objects that are not gone, and refer to no row that is."""
        lost = {field.attname: self._lost_targets(field) for field in _relations(model)}
        return [
            each
            for each in objects
            if each.pk not in self.gone[model]
            and not any(getattr(each, name) in values for name, values in lost.items())
        ]

    def _lost_targets(self, field: Any) -> set[Any]:
        """Return what relations to rows that are gone hold."""
        model = field.related_model
        place = [each.name for each in model._meta.concrete_fields].index(field.target_field.name)
        return {row[place] for row in self._lost.get(model._meta.label, ())} - {None}


def refers(model: Any, others: Sequence[Any]) -> bool:
    """Whether rows of one of the other models refer to rows of this one."""
    return any(
        field.related_model._meta.label == model._meta.label
        for other in others
        if other is not model
        for field in _relations(other)
    )


def _gone(model: Any, before: Read) -> set[Any]:
    try:
        with transaction.atomic():
            now = {str(key) for key in rows_of(model).values_list("pk", flat=True)}
    except Error:
        # The keys themselves cannot be read, which is told when all of it is tried.
        return set()
    # As texts: a key that has become one of another type is there.
    return {key for key in before if str(key) not in now}


def _relations(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.remote_field]
