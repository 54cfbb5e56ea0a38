"""What the serializers of every app share."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from common.errors import CommonError, field_error


class TextField(serializers.CharField):
    """Text that has to be text: a number is refused, not turned into digits."""

    default_error_messages = {"not_a_string": "This has to be a string."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_a_string")
        return super().to_internal_value(data)


class StrictSerializer(serializers.Serializer):
    """A body with a field that is not there, or not writable, is refused."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError(
                {"non_field_errors": ["This has to be an object."]}, code="not_an_object"
            )
        writable = {name for name, field in self.fields.items() if not field.read_only}
        unknown = sorted(str(name) for name in data if name not in writable)
        if unknown:
            raise serializers.ValidationError(
                {name: field_error(CommonError.FIELD_UNKNOWN).detail for name in unknown}
            )
        return super().to_internal_value(data)


class EmptySerializer(StrictSerializer):
    """The body of an action that takes no arguments: nothing, or an empty object."""
