"""Logging in with an account elsewhere.

What belongs to one login - its state and its PKCE verifier - goes to the client and comes back,
signed. The verifier's hash is with the provider, so a code works with its own login only.
"""

from dataclasses import dataclass

from authlib.common.security import generate_token
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework.exceptions import ValidationError

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
    user = _linked_user(identity)
    if user is not None:
        return user
    if not (identity.email and identity.email_verified):
        raise api_error(AccountError.SOCIAL_EMAIL_UNVERIFIED)
    try:
        with transaction.atomic():
            user = _user_with_email(identity)
            user.social_accounts.create(provider=identity.provider, subject=identity.subject)
    except IntegrityError:
        # Two first logins at once: the other one was quicker, and whatever this one did is undone.
        user = _linked_user(identity)
        if user is None:
            raise
    return user


def _linked_user(identity: Identity) -> User | None:
    accounts = SocialAccount.objects.select_related("user")
    account = accounts.filter(provider=identity.provider, subject=identity.subject).first()
    return account and account.user


def _user_with_email(identity: Identity) -> User:
    email = User.objects.normalize_email(identity.email)
    users = User.objects.select_for_update(no_key=True).filter(email=email)
    user = users.first()
    if user is None:
        try:
            user = _private.register(
                email=email, password=None, name=identity.name or email.partition("@")[0][:100]
            )
        except ValidationError:
            # Somebody has registered the email meanwhile, with a password that only they know.
            user = users.get()
    if user.email_verified_at is None:
        _give_to_owner_of_email(user)
    return user


def _give_to_owner_of_email(user: User) -> None:
    """Note that the email is proven, and leave nobody else a way in.

    Somebody else may have opened this account, and know its password or log in from elsewhere.
    """
    user.set_unusable_password()
    user.email_verified_at = timezone.now()
    user.save(update_fields=["password", "email_verified_at", "updated_at"])
    user.social_accounts.all().delete()
    _private.end_every_login(user)
