"""Logging in with an account elsewhere.

What belongs to one login - its state and its PKCE verifier - goes to the client and comes back,
signed. The verifier's hash is with the provider, so a code works with its own login only.
"""

from dataclasses import dataclass

from authlib.common.security import generate_token
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import _private, _providers
from accounts._providers import Identity
from accounts.errors import AccountError
from accounts.models import DeviceToken, SocialAccount, User
from common.errors import api_error

SALT = "accounts.social"


@dataclass(frozen=True)
class Beginning:
    """A login that has begun.

    Attributes:
        authorization_url: where to send the user.
        flow: what to send back with the code.
    """

    authorization_url: str
    flow: str


def begin(provider: str) -> Beginning:
    """Begin a login.

    Raises:
        NotFound: there is no such provider, or it is not configured.
    """
    state, verifier = generate_token(32), generate_token(64)
    url = _providers.authorization_url(provider, state=state, verifier=verifier)
    return Beginning(url, signing.dumps([provider, state, verifier], salt=SALT))


def finish(
    provider: str, *, code: str, state: str, flow: str, device: str
) -> tuple[DeviceToken, str]:
    """Return a new token of a device of the user whom the provider knows, and its text.

    Raises:
        NotFound: there is no such provider, or it is not configured.
        APIException: the login did not begin here, is refused, or leads to no account.
    """
    verifier = _verifier(provider, state=state, flow=flow)
    identity = _providers.fetch_identity(provider, code=code, verifier=verifier)
    with transaction.atomic():
        user = _user_of(identity)
        if not user.is_active:
            raise api_error(AccountError.USER_INACTIVE)
        return _private.start_login(user, device=device)


def _verifier(provider: str, *, state: str, flow: str) -> str:
    try:
        begun = signing.loads(flow, salt=SALT, max_age=settings.SOCIAL_LOGIN_MAX_AGE)
    except signing.BadSignature as error:
        raise api_error(AccountError.SOCIAL_FLOW_INVALID) from error
    begun_with, expected, verifier = begun
    if begun_with != provider or not constant_time_compare(expected, state):
        raise api_error(AccountError.SOCIAL_FLOW_INVALID)
    return verifier


def _user_of(identity: Identity) -> User:
    names = {"provider": identity.provider, "subject": identity.subject}
    account = SocialAccount.objects.select_related("user").filter(**names).first()
    if account is not None:
        return account.user
    if not (identity.email and identity.email_verified):
        raise api_error(AccountError.SOCIAL_EMAIL_UNVERIFIED)
    user = _user_with_email(identity)
    # Two first logins at once: the second one waited for the user's row and finds it done.
    account, _ = SocialAccount.objects.get_or_create(**names, defaults={"user": user})
    return account.user


def _user_with_email(identity: Identity) -> User:
    email = User.objects.normalize_email(identity.email)
    user = User.objects.select_for_update(no_key=True).filter(email=email).first()
    if user is None:
        name = identity.name or email.partition("@")[0][:100]
        user = _private.register(email=email, password=None, name=name)
    elif user.email_verified_at is None:
        # Somebody else may have opened this account and know its password.
        user.set_unusable_password()
        _private.end_every_login(user)
    user.email_verified_at = user.email_verified_at or timezone.now()
    user.save(update_fields=["password", "email_verified_at", "updated_at"])
    return user
