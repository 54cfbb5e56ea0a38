"""What the serializers of every app share."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from common.errors import CommonError, field_error

# An answer that named all of ten thousand unknown fields would be longer than the request.
MAX_NAMED = 20


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
        unknown = sorted(_printable(str(name)) for name in data if name not in writable)[:MAX_NAMED]
        if unknown:
            raise serializers.ValidationError(
                {name: field_error(CommonError.FIELD_UNKNOWN).detail for name in unknown}
            )
        return super().to_internal_value(data)


class ChangedFieldsSerializer(StrictSerializer, serializers.ModelSerializer):
    """Saves only what was sent: the rest of the row may have changed since it was loaded."""

    def update(self, instance: Model, validated_data: dict[str, Any]) -> Model:
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save(update_fields=[*validated_data, "updated_at"])
        return instance


class ChosenFieldsSerializer(serializers.Serializer):
    """Shows only what `?fields=title,author` asks for; for answers that are lists.

    The view passes itself on in the context, as DRF's own views do.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self._chosen_fields()
        if chosen is None:
            return
        unknown = sorted(chosen - set(self.fields))
        if unknown:
            raise serializers.ValidationError(
                {
                    "fields": field_error(
                        CommonError.FIELD_UNKNOWN, f"There is no {unknown[0]!r}."
                    ).detail
                }
            )
        for name in set(self.fields) - chosen:
            del self.fields[name]

    def _chosen_fields(self) -> set[str] | None:
        request = self._context.get("request")
        # The browsable API makes a form of the same serializer, on the same address.
        reads = request and request.method in SAFE_METHODS
        text = request.query_params.get("fields") if reads else None
        return None if text is None else set(text.split(","))


class EmptySerializer(StrictSerializer):
    """The body of an action that takes no arguments: nothing, or an empty object."""


def _printable(name: str) -> str:
    # JSON can spell half a surrogate pair, which no answer could be encoded with.
    return name.encode(errors="backslashreplace").decode()
