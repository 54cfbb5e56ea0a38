"""Tells the OpenAPI document how to send a token, and what is answered to a bad one."""

from typing import Any

from drf_spectacular.authentication import SessionScheme as StandardSessionScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme

from accounts.errors import AccountError
from common.schema import EXTENSION, SESSION_SCHEME

BAD_TOKEN = (AccountError.TOKEN_INVALID, AccountError.TOKEN_EXPIRED, AccountError.USER_INACTIVE)


class DeviceTokenScheme(KnoxTokenScheme):
    """A token of a device, sent as `Authorization: Token ...`."""

    target_class = "accounts.authentication.DeviceTokenAuthentication"
    name = "deviceToken"


class JwtScheme(SimpleJWTScheme):
    """The access token of a pair, sent as `Authorization: Bearer ...`."""

    target_class = "accounts.authentication.JwtAuthentication"
    name = "jwt"


class SessionScheme(StandardSessionScheme):
    """The cookie of a session; what changes something needs a CSRF token as well."""

    target_class = "accounts.authentication.SessionAuthentication"
    name = SESSION_SCHEME


def document_bad_tokens(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Add the codes of bad tokens wherever one is looked at; public endpoints do so, too."""
    for operations in result["paths"].values():
        for operation in operations.values():
            if any(operation.get("security", ())):
                operation[EXTENSION] = [*operation.get(EXTENSION, ()), *BAD_TOKEN]
    return result
