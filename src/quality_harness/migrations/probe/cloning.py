"""Clones fields quickly: a state renders a model anew whenever something near it changes.

Django makes each field from its arguments again, which is most of the work of rendering. What it
has made once is copied here, as Django itself copies the fields of abstract models.
"""

import copy
from typing import Any

from django.db.models import Field, ForeignKey, OneToOneField

_FIELDS = "django.db.models.fields"
_RELATIONS = (ForeignKey, OneToOneField)
_PATTERN = "_quality_harness_pattern"
_own_clone: Any = Field.clone


def clone(field: Any) -> Any:
    """Return what `Field.clone` returns."""
    # Of other classes nothing is known.
    if not type(field).__module__.startswith(_FIELDS) or field.auto_created:
        return _own_clone(field)
    if field.remote_field and type(field) not in _RELATIONS:
        return _own_clone(field)
    now = _changeable(field)
    before, pattern = vars(field).get(_PATTERN, (None, None))
    if pattern is None or before != now:
        pattern = _own_clone(field)
        vars(field)[_PATTERN] = now, pattern
    made = copy.deepcopy(pattern)
    # The fields of a model are sorted by it.
    made.creation_counter = Field.creation_counter
    Field.creation_counter += 1
    return made


def _changeable(field: Any) -> tuple[Any, ...]:
    """Return what a state changes in place when another field is renamed."""
    remote = field.remote_field
    return (remote.model, remote.field_name, field.from_fields, field.to_fields) if remote else ()
