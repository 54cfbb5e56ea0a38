"""JWTs: a short-lived access token that others can read, and a refresh token for the next pair.

Nothing is kept of a pair but the ids of refresh tokens that were spent. Each token carries a hash
of the password and of the count of logouts everywhere: when either changes, it is worth nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import update_last_login
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

from accounts import _private
from accounts.errors import AccountError
from accounts.models import User
from common.errors import api_error

STATE_CLAIM = "state"
SALT = "accounts.jwt"


class Refused(Exception):
    """A token is not accepted.

    Attributes:
        error: why.
    """

    def __init__(self, error: AccountError) -> None:
        super().__init__(error.message)
        self.error = error


class AccessToken(tokens.AccessToken):
    """Who sends a request: uuid and roles."""

    def get_token_backend(self) -> TokenBackend:
        return _backend()


class RefreshToken(tokens.RefreshToken):
    """Gets the next pair, once."""

    access_token_class = AccessToken

    def get_token_backend(self) -> TokenBackend:
        return _backend()


AnyToken = TypeVar("AnyToken", AccessToken, RefreshToken)


@dataclass(frozen=True)
class Pair:
    """What a client gets: the texts of the two tokens."""

    access: str
    refresh: str


@transaction.atomic
def log_in(*, email: str, password: str) -> Pair:
    """Return a pair for an email and its password.

    Raises:
        APIException: they do not fit, or the user is inactive.
    """
    user = _private.check_credentials(email=email, password=password)
    _private.refuse_outdated(user)
    update_last_login(User, user)
    return _pair(user)


@transaction.atomic
def refresh(*, refresh: str) -> Pair:
    """Return the next pair, and spend the refresh token: of two uses, one gets a pair.

    Raises:
        APIException: the token is not accepted.
    """
    return _pair(_spend(refresh))


@transaction.atomic
def revoke(*, refresh: str) -> None:
    """Spend a refresh token for nothing: its user logs out.

    Raises:
        APIException: the token is not accepted.
    """
    _spend(refresh)


def user_of(
    text: str | bytes, kind: type[AnyToken], *, lock: bool = False
) -> tuple[User, AnyToken]:
    """Return the user of a token, and the token.

    Args:
        text: the token as it was sent.
        kind: which of the two it has to be.
        lock: whether to lock the row of the user until the transaction ends.

    Raises:
        Refused: it is no such token, is spent or expired, or its user is inactive.
    """
    try:
        token = kind(text)
    except ExpiredTokenError as error:
        raise Refused(AccountError.TOKEN_EXPIRED) from error
    except TokenError as error:
        raise Refused(AccountError.TOKEN_INVALID) from error
    users = User.objects.select_for_update(no_key=True) if lock else User.objects
    user = users.filter(uuid=token["uuid"]).first()
    if user is None or not constant_time_compare(token[STATE_CLAIM], _state(user)):
        raise Refused(AccountError.TOKEN_INVALID)
    if not user.is_active:
        raise Refused(AccountError.USER_INACTIVE)
    return user, token


def _spend(text: str) -> User:
    try:
        # The lock makes the second of two uses at once wait, and see that the token is spent.
        user, token = user_of(text, RefreshToken, lock=True)
    except Refused as refusal:
        raise api_error(refusal.error) from refusal
    user.spent_tokens.filter(expires_at__lte=timezone.now()).delete()
    expires_at = datetime.fromtimestamp(token["exp"], UTC)
    _, first = user.spent_tokens.get_or_create(
        jti=UUID(token["jti"]), defaults={"expires_at": expires_at}
    )
    if not first:
        raise api_error(AccountError.TOKEN_INVALID)
    return user


def _pair(user: User) -> Pair:
    token = RefreshToken.for_user(user)
    token[STATE_CLAIM] = _state(user)
    access = token.access_token
    access["roles"] = list(user.groups.order_by("name").values_list("name", flat=True))
    return Pair(access=str(access), refresh=str(token))


def _state(user: User) -> str:
    state = f"{user.login_generation} {user.password}"
    return salted_hmac(f"{SALT}.state", state, algorithm="sha256").hexdigest()


def _backend() -> TokenBackend:
    # A key of its own: what SECRET_KEY signs elsewhere never passes for a token, nor the reverse.
    key = salted_hmac(f"{SALT}.key", "", algorithm="sha256").hexdigest()
    return TokenBackend("HS256", signing_key=key)
