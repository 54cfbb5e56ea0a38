"""Finds out who sends a request."""

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from accounts.errors import AccountError
from accounts.models import DeviceToken, User


class DeviceTokenAuthentication(TokenAuthentication):
    """Takes `Authorization: Token ...`; one query, by the token's hash."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, DeviceToken]:
        """Return the user and the device of a token.

        Raises:
            AuthenticationFailed: no such token, or it has expired, or its user is inactive.
        """
        if not token.isalnum():
            raise _refused(AccountError.TOKEN_INVALID)
        digest = hash_token(token.decode())
        device = DeviceToken.objects.select_related("user").filter(pk=digest).first()
        if device is None:
            raise _refused(AccountError.TOKEN_INVALID)
        if device.expiry is not None and device.expiry <= timezone.now():
            raise _refused(AccountError.TOKEN_EXPIRED)
        if not device.user.is_active:
            raise _refused(AccountError.USER_INACTIVE)
        return device.user, device


def _refused(error: AccountError) -> AuthenticationFailed:
    return AuthenticationFailed(error.message, code=error.code)
