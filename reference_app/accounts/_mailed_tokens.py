"""The tokens in the links of mails: signed, short-lived, good for one use, and kept nowhere.

A token carries a hash of what its use changes: once it was used, no token made before fits.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.errors import AccountError
from accounts.models import User
from common.errors import api_error


@dataclass(frozen=True)
class Purpose:
    """What a token is for; one made for another purpose does not fit.

    Attributes:
        name: keeps the signatures of purposes apart.
        state: the columns of the user that the token is bound to.
        max_age: for how long a token is good.
    """

    name: str
    state: tuple[str, ...]
    max_age: timedelta


def make_token(user: User, purpose: Purpose) -> str:
    """Return a token that lets its bearer do this one thing to the user."""
    return signing.dumps([user.uuid.hex, _state(user, purpose)], salt=_salt(purpose))


def locked_user(token: str, purpose: Purpose) -> User:
    """Return the active user of a token, locked: of two uses at once, one comes too late.

    Raises:
        APIException: the token is not ours, has expired, or no longer fits its user.
    """
    try:
        identifier, state = signing.loads(token, salt=_salt(purpose), max_age=purpose.max_age)
    except signing.SignatureExpired as error:
        raise api_error(AccountError.LINK_EXPIRED) from error
    except signing.BadSignature as error:
        raise api_error(AccountError.LINK_INVALID) from error
    users = User.objects.select_for_update(no_key=True)
    user = users.filter(uuid=UUID(identifier), is_active=True).first()
    if user is None or not constant_time_compare(state, _state(user, purpose)):
        raise api_error(AccountError.LINK_INVALID)
    return user


def _state(user: User, purpose: Purpose) -> str:
    state = repr([str(getattr(user, name)) for name in purpose.state])
    return salted_hmac(_salt(purpose), state, algorithm="sha256").hexdigest()


def _salt(purpose: Purpose) -> str:
    return f"accounts.{purpose.name}"
