"""Tells the OpenAPI document how to send a token."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme


class DeviceTokenScheme(KnoxTokenScheme):
    """A token of a device, sent as `Authorization: Token ...`."""

    target_class = "accounts.authentication.DeviceTokenAuthentication"
    name = "deviceToken"
