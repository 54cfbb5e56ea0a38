"""Turns what a view raises into the error format."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as standard_handler

from common.errors import CommonError, ErrorCode, describe
from common.request_ids import current_request_id
from common.throttling import count_refused

WHOLE_ANSWER = {
    "invalid": CommonError.INVALID,
    "parse_error": CommonError.MALFORMED,
    "not_authenticated": CommonError.NOT_AUTHENTICATED,
    "authentication_failed": CommonError.AUTHENTICATION_FAILED,
    "permission_denied": CommonError.FORBIDDEN,
    "not_found": CommonError.NOT_FOUND,
    "method_not_allowed": CommonError.METHOD_NOT_ALLOWED,
    "not_acceptable": CommonError.NOT_ACCEPTABLE,
    "unsupported_media_type": CommonError.UNSUPPORTED_MEDIA_TYPE,
}
ONE_FIELD = {
    "required": CommonError.FIELD_REQUIRED,
    "null": CommonError.FIELD_NULL,
    "blank": CommonError.FIELD_BLANK,
    "max_length": CommonError.FIELD_TOO_LONG,
    "min_length": CommonError.FIELD_TOO_SHORT,
    "not_a_list": CommonError.FIELD_WRONG_TYPE,
    "not_a_string": CommonError.FIELD_WRONG_TYPE,
    "not_an_object": CommonError.FIELD_WRONG_TYPE,
    "null_characters_not_allowed": CommonError.FIELD_FORBIDDEN_CHARACTERS,
    "surrogate_characters_not_allowed": CommonError.FIELD_FORBIDDEN_CHARACTERS,
    "invalid_choice": CommonError.FIELD_CHOICE,
    "does_not_exist": CommonError.FIELD_CHOICE,
}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an exception; None where it is a fault of ours (a 500)."""
    # Django's own exceptions say in English what was looked for; that is not for clients.
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    exc = count_refused(exc, context["request"], context["view"])
    response = standard_handler(exc, context)
    if response is not None:
        response.data = _describe(exc)
    return response


def _describe(exc: Any) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        return describe(CommonError.INVALID, current_request_id(), fields=_fields(exc.detail))
    code = exc.detail.code
    error = WHOLE_ANSWER.get(code) or _declared(code) or CommonError.REFUSED
    return describe(error, current_request_id(), message=str(exc.detail))


def _fields(detail: Any, path: str = "") -> dict[str, list[dict[str, str]]]:
    """Return the errors of each field under its path, such as `tags.1`."""
    if isinstance(detail, dict):
        nested = [(f"{path}.{name}" if path else str(name), part) for name, part in detail.items()]
    elif any(isinstance(part, (dict, list)) for part in detail):
        nested = [(f"{path}.{place}", part) for place, part in enumerate(detail)]
    else:
        return {path or "non_field_errors": [_field_error(part) for part in detail]}
    found: dict[str, list[dict[str, str]]] = {}
    for name, part in nested:
        found.update(_fields(part, name))
    return found


def _field_error(detail: exceptions.ErrorDetail) -> dict[str, str]:
    error = ONE_FIELD.get(detail.code) or _declared(detail.code) or CommonError.FIELD_INVALID
    return {"code": error.code, "message": str(detail)}


def _declared(code: str) -> ErrorCode | None:
    """Return the row of an app's own table that has this code."""
    for table in ErrorCode.__subclasses__():
        for error in table:
            if error.code == code:
                return error
    return None
