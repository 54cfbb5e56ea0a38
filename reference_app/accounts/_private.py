"""What accounts do to the database."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.errors import AccountError
from accounts.models import DeviceToken, User
from accounts.signals import user_registered
from common import flags
from common.errors import api_error, field_error


def register(*, email: str, password: str | None, name: str) -> User:
    """Make a user, and in the same transaction whatever receivers make for a new user.

    Args:
        email: how to reach the user.
        password: None for a user who logs in elsewhere.
        name: what to call the user.

    Raises:
        APIException: registrations are switched off.
        ValidationError: the email has an account.
    """
    flags.require(flags.Flag.REGISTRATIONS)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name)
            user_registered.send(sender=User, user_id=user.pk, name=name)
    except IntegrityError as error:
        # Two registrations at once: both saw that the email was free, the database decides.
        if not User.objects.filter(email=User.objects.normalize_email(email)).exists():
            raise
        raise ValidationError({"email": _email_taken().detail}) from error
    return user


def refuse_taken_email(email: str) -> None:
    """Raise where there is an account with this email."""
    if User.objects.filter(email=email).exists():
        raise _email_taken()


def log_in(*, email: str, password: str, device: str) -> tuple[DeviceToken, str]:
    """Return a new token of a device, and its text, which is not kept.

    Raises:
        APIException: one and the same for an email without account, a wrong password and an
            inactive user; Django hashes the password in every case, so they take as long.
    """
    return start_login(check_credentials(email=email, password=password), device=device)


def check_credentials(*, email: str, password: str) -> User:
    """Return the user with this email and password.

    Raises:
        APIException: as for `log_in`.
    """
    user = authenticate(username=email, password=password)
    if user is None:
        raise api_error(AccountError.WRONG_CREDENTIALS)
    return user


@transaction.atomic
def start_login(user: User, *, device: str) -> tuple[DeviceToken, str]:
    """Return a new token of a device of a user who has proven to be that user, and its text."""
    refuse_outdated(user)
    user.auth_token_set.filter(expiry__lte=timezone.now()).delete()
    update_last_login(User, user)
    return DeviceToken.objects.create(user=user, device=device)


@transaction.atomic
def end_every_login(user: User) -> None:
    """Make every token of the user worth nothing: those of devices, and JWTs."""
    User.objects.filter(pk=user.pk).update(login_generation=F("login_generation") + 1)
    user.auth_token_set.all().delete()


def refuse_outdated(user: User) -> None:
    """Raise where the password is another by now; until the transaction ends, it stays the same.

    Whoever changes a password ends every login: one that was just under way must not survive.
    """
    current = User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True)
    if current.filter(password=user.password).first() is None:
        raise api_error(AccountError.WRONG_CREDENTIALS)


def devices_of(user: User, *, at: datetime) -> QuerySet[DeviceToken]:
    """Return the devices that this user is logged in on."""
    return user.auth_token_set.filter(expiry__gt=at)


def _email_taken() -> ValidationError:
    return field_error(AccountError.EMAIL_TAKEN)
