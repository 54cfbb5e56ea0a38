"""The error codes that clients read, and the exceptions that carry one."""

from enum import Enum
from typing import Any

from rest_framework.exceptions import APIException, ValidationError


class ErrorCode(Enum):
    """A table of error codes; every app declares its own, with its own prefix.

    A code that was published keeps its meaning for good.

    Attributes:
        code: four digits behind the app's prefix, such as CMN0004.
        status: the HTTP status of an answer with this code. The code of one field stands
            inside an answer of its own status: it has that one, 400.
        message: one sentence for a person.
    """

    code: str
    status: int
    message: str

    def __init__(self, code: str, status: int, message: str) -> None:
        self.code = code
        self.status = status
        self.message = message


class CommonError(ErrorCode):
    """Errors that any endpoint can answer with."""

    INVALID = ("CMN0001", 400, "The request has invalid fields.")
    MALFORMED = ("CMN0002", 400, "The body could not be read.")
    BAD_REQUEST = ("CMN0003", 400, "The request was not understood.")
    NOT_AUTHENTICATED = ("CMN0004", 401, "Log in first: this needs a token.")
    FORBIDDEN = ("CMN0005", 403, "You may not do this.")
    NOT_FOUND = ("CMN0006", 404, "There is nothing here.")
    METHOD_NOT_ALLOWED = ("CMN0007", 405, "This address does not take that method.")
    NOT_ACCEPTABLE = ("CMN0008", 406, "This address does not answer in that format.")
    TOO_LARGE = ("CMN0009", 413, "The body is too large.")
    UNSUPPORTED_MEDIA_TYPE = ("CMN0010", 415, "This address does not take that content type.")
    SERVER_ERROR = ("CMN0011", 500, "Something went wrong on our side.")
    REFUSED = ("CMN0012", 400, "The request was refused.")
    AUTHENTICATION_FAILED = ("CMN0013", 401, "The Authorization header could not be read.")
    SWITCHED_OFF = ("CMN0014", 503, "This is switched off for the time being.")
    CSRF_REFUSED = ("CMN0015", 403, "The CSRF token is missing or wrong. Load the page again.")
    THROTTLED = ("CMN0016", 429, "Too many requests. Retry-After says when to come back.")
    LIMITS_AWAY = ("CMN0017", 503, "This is closed for a moment. Retry-After says for how long.")

    FIELD_INVALID = ("CMN0100", 400, "The value is not valid.")
    FIELD_REQUIRED = ("CMN0101", 400, "The field is required.")
    FIELD_NULL = ("CMN0102", 400, "The field may not be null.")
    FIELD_BLANK = ("CMN0103", 400, "The field may not be blank.")
    FIELD_TOO_LONG = ("CMN0104", 400, "The value is too long.")
    FIELD_TOO_SHORT = ("CMN0105", 400, "The value is too short.")
    FIELD_UNKNOWN = ("CMN0106", 400, "There is no such field.")
    FIELD_WRONG_TYPE = ("CMN0107", 400, "The value has the wrong type.")
    FIELD_FORBIDDEN_CHARACTERS = ("CMN0108", 400, "The value has characters that are not allowed.")
    FIELD_CHOICE = ("CMN0109", 400, "The value is not one of the choices.")


def api_error(error: ErrorCode, message: str = "") -> APIException:
    """Return what a view raises to answer with a code of a table."""
    exception = APIException(message or error.message, code=error.code)
    exception.status_code = error.status
    return exception


def field_error(error: ErrorCode, message: str = "") -> ValidationError:
    """Return what a serializer raises about one field, with a code of a table."""
    return ValidationError(message or error.message, code=error.code)


def describe(error: ErrorCode, request_id: str, **more: Any) -> dict[str, Any]:
    """Return the body of an answer with this error: the one format that clients read."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "request_id": request_id,
            **more,
        }
    }
