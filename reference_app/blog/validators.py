"""What a blog's metadata may be."""

import json
import math
from typing import Any

from django.core.exceptions import ValidationError

from blog.errors import BlogError

MAX_METADATA_BYTES = 4096
MAX_METADATA_DEPTH = 5


def validate_metadata(value: Any) -> None:
    """Check that this is a small JSON object that PostgreSQL can keep.

    Raises:
        ValidationError: it is none.
    """
    if not isinstance(value, dict):
        raise ValidationError("This has to be an object.", code="not_an_object")
    _check(value, depth=1)
    size = len(json.dumps(value, ensure_ascii=False).encode())
    if size > MAX_METADATA_BYTES:
        raise ValidationError(
            f"The metadata has {size} bytes; {MAX_METADATA_BYTES} are allowed.",
            code=BlogError.METADATA_TOO_LARGE.code,
        )


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValidationError("A number is too large.", code="invalid")  # such as 1e999
    elif isinstance(value, (dict, list)):
        if depth > MAX_METADATA_DEPTH:
            raise ValidationError(
                f"The metadata is nested deeper than {MAX_METADATA_DEPTH} levels.",
                code=BlogError.METADATA_TOO_DEEP.code,
            )
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        for part in parts:
            _check(part, depth + 1)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ValidationError("Null characters are not allowed.", "null_characters_not_allowed")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError(
            "Surrogate characters are not allowed.", "surrogate_characters_not_allowed"
        )
