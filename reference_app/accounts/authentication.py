"""Finds out who sends a request."""

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework import authentication
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts import _jwt
from accounts.errors import AccountError
from accounts.models import DeviceToken, User
from common.errors import CommonError, api_error


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


class JwtAuthentication(BaseAuthentication):
    """Takes `Authorization: Bearer ...`, the access token of a pair; one query, by its user."""

    def authenticate(self, request: Request) -> tuple[User, _jwt.AccessToken] | None:
        """Return the user and the token; None where the header is of another kind.

        Raises:
            AuthenticationFailed: the token is not valid, has expired, or its user is inactive.
        """
        scheme, *rest = get_authorization_header(request).split() or [b""]
        if scheme.lower() != b"bearer":
            return None
        if len(rest) != 1:
            raise AuthenticationFailed()
        try:
            return _jwt.user_of(rest[0], _jwt.AccessToken)
        except _jwt.Refused as refusal:
            raise _refused(refusal.error) from refusal

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """Takes the cookie of a session, as the browsable API sends it."""

    def enforce_csrf(self, request: Request) -> None:
        """Refuse what another site could have let the browser send.

        Raises:
            APIException: the token that our pages send along is missing or wrong.
        """
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            raise api_error(CommonError.CSRF_REFUSED) from refusal


def _refused(error: AccountError) -> AuthenticationFailed:
    return AuthenticationFailed(error.message, code=error.code)
