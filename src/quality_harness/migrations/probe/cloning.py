"""Clones fields quickly: a state renders a model anew whenever something near it changes.

Django makes each field from its arguments again, which is most of the work of rendering. What it
has made once is copied here, as Django itself copies the fields of abstract models.
"""

import copy
from typing import Any

from django.db.models import Field

_FIELDS = "django.db.models.fields"
_PATTERN = "_quality_harness_pattern"
_own_clone: Any = Field.clone


def clone(field: Any) -> Any:
    """Return what `Field.clone` returns."""
    # A state changes relations in place, and of other classes nothing is known.
    if field.remote_field or field.auto_created or not type(field).__module__.startswith(_FIELDS):
        return _own_clone(field)
    pattern = vars(field).get(_PATTERN)
    if pattern is None:
        pattern = vars(field)[_PATTERN] = _own_clone(field)
    made = copy.deepcopy(pattern)
    # The fields of a model are sorted by it.
    made.creation_counter = Field.creation_counter
    Field.creation_counter += 1
    return made
