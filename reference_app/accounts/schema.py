"""Tells the OpenAPI document how to send a token."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme


class DeviceTokenScheme(KnoxTokenScheme):
    """A token of a device, sent as `Authorization: Token ...`."""

    target_class = "accounts.authentication.DeviceTokenAuthentication"
    name = "deviceToken"


class JwtScheme(SimpleJWTScheme):
    """The access token of a pair, sent as `Authorization: Bearer ...`."""

    target_class = "accounts.authentication.JwtAuthentication"
    name = "jwt"
