"""Writes into the OpenAPI document what is refused, and with which errors."""

from collections import defaultdict
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.request import Request
from rest_framework.serializers import ListSerializer

from common.errors import CommonError, ErrorCode
from common.throttling import Scope

EXTENSION = "x-error-codes"
# What the document calls the login with a cookie.
SESSION_SCHEME = "session"

ALWAYS = (
    CommonError.AUTHENTICATION_FAILED,
    CommonError.NOT_FOUND,
    CommonError.NOT_ACCEPTABLE,
    CommonError.THROTTLED,
    CommonError.SERVER_ERROR,
)
WITH_PARAMETERS = (CommonError.INVALID,)
WITH_BODY = (
    CommonError.INVALID,
    CommonError.MALFORMED,
    CommonError.TOO_LARGE,
    CommonError.UNSUPPORTED_MEDIA_TYPE,
)
WITH_SESSION = (CommonError.CSRF_REFUSED,)
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {
                "code": {"type": "string", "example": CommonError.INVALID.code},
                "message": {"type": "string", "example": CommonError.INVALID.message},
                "request_id": {"type": "string"},
                "fields": {
                    "type": "object",
                    "description": "Where the code says that fields are invalid: each with why.",
                    "additionalProperties": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["code", "message"],
                            "properties": {
                                "code": {"type": "string"},
                                "message": {"type": "string"},
                            },
                        },
                    },
                },
            },
        }
    },
}
RETRY_AFTER = {
    str(CommonError.THROTTLED.status): {
        "headers": {
            "Retry-After": {
                "description": "After how many seconds another request is let in.",
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    }
}

CHOSEN_FIELDS = OpenApiParameter(
    "fields", str, description="Which fields to show, with commas between them; all by default."
)


class StrictBodies(OpenApiSerializerExtension):
    """Says that unknown fields are refused, and how long lists of objects may be."""

    target_class = "common.serializers.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if direction == "response":
            return schema
        schema["additionalProperties"] = False
        for name, field in self.target.fields.items():
            if isinstance(field, ListSerializer):
                length = {"minItems": int(not field.allow_empty), "maxItems": field.max_length}
                schema["properties"][name].update(length)
        return schema


class LimitedSchema(AutoSchema):
    """Says which operations are closed while nobody can count their requests."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation and any(not scope.is_open for scope in self._scopes()):
            operation[EXTENSION] = [*operation.get(EXTENSION, ()), CommonError.LIMITS_AWAY]
        return operation

    def _scopes(self) -> list[Scope]:
        return [scope for kind in self.view.throttle_classes for scope in kind.always]


class KeptSchemaGenerator(SchemaGenerator):
    """Makes the document of a version and language once in each process.

    Everybody is shown the same one, and making it takes longer than a hundred other requests.
    """

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:
        """Return the document; it is shared, so nobody may change it."""
        assert public, "it would have to be made for each user apart"
        return document(self.api_version, get_language())


# Anybody may ask for any language, in the query.
@lru_cache(maxsize=8)
def document(version: str, language: str | None) -> dict[str, Any]:
    """Return the OpenAPI document of a version; the language is the active one."""
    return SchemaGenerator(api_version=version).get_schema(public=True)


def raises(*errors: ErrorCode) -> dict[str, list[ErrorCode]]:
    """Return what `extend_schema(extensions=...)` wants, for the errors of one operation."""
    return {EXTENSION: list(errors)}


def document_errors(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Add the error format, and to every operation the codes that it answers with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    for operations in result["paths"].values():
        for method, operation in operations.items():
            _add_responses(method, operation)
    return result


def _add_responses(method: str, operation: dict[str, Any]) -> None:
    errors = [*ALWAYS, *operation.pop(EXTENSION, ())]
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        errors += WITH_PARAMETERS
    # An action without arguments has no body to document, and looks at what it gets all the same.
    if method in ("post", "put", "patch"):
        errors += WITH_BODY
    if method != "get" and {SESSION_SCHEME: []} in operation.get("security", ()):
        errors += WITH_SESSION
    by_status = defaultdict(dict)
    for error in errors:
        by_status[str(error.status)][error.code] = error.message
    for status, messages in sorted(by_status.items()):
        operation["responses"][status] = {
            **RETRY_AFTER.get(status, {}),
            "description": "\n".join(f"{code}: {text}" for code, text in sorted(messages.items())),
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            EXTENSION: sorted(messages),
        }
