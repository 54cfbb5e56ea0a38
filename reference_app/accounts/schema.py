"""Tells the OpenAPI document how to send a token."""

from drf_spectacular.authentication import SessionScheme as StandardSessionScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme

from common.schema import SESSION_SCHEME


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
