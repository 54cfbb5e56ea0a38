"""Passwords: whether one is good enough, and how a user gets another."""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts._mailed_tokens import Purpose, locked_user, make_token
from accounts.errors import AccountError
from accounts.models import DeviceToken, User
from common.errors import field_error

RESET = Purpose("password-reset", ("email", "password"), settings.PASSWORD_RESET_MAX_AGE)

WEAKNESSES = {
    "password_too_short": AccountError.PASSWORD_TOO_SHORT,
    "password_too_common": AccountError.PASSWORD_TOO_COMMON,
    "password_entirely_numeric": AccountError.PASSWORD_ENTIRELY_NUMERIC,
    "password_too_similar": AccountError.PASSWORD_TOO_SIMILAR,
}


def refuse_weak_password(password: str, user: User) -> None:
    """Check a password, against the name and email of its user, too.

    Raises:
        ValidationError: it is weak; the field is called "password".
    """
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise ValidationError(
            {"password": [_weakness(part) for part in error.error_list]}
        ) from error


def mail_password_reset(email: str) -> None:
    """Mail a link to set a new password, where the email has an account."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        return
    send_mail(
        subject="Set a new password",
        message=(
            f"Hello {user.name},\n\nopen this link to set a new password:\n\n"
            f"{settings.FRONTEND_URL}/password-reset#token={make_token(user, RESET)}\n\n"
            f"If you did not ask for it, ignore this mail: your password stays as it is.\n"
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[user.email],
    )


@transaction.atomic
def reset_password(*, token: str, password: str) -> None:
    """Set the password of the token's user, and end every login.

    Whoever has the token reads the mails, so this proves the email as well.

    Raises:
        APIException: the token is not valid, was used already, or has expired.
        ValidationError: the password is weak; the token may be used again.
    """
    user = locked_user(token, RESET)
    refuse_weak_password(password, user)
    user.email_verified_at = user.email_verified_at or timezone.now()
    _set_password(user, password)
    user.auth_token_set.all().delete()


@transaction.atomic
def change_password(
    user: User, *, old_password: str, password: str, keep: DeviceToken | None
) -> None:
    """Set another password, and end every login but one.

    Args:
        user: whose password.
        old_password: proves that it is the user who asks, not someone at an unlocked screen.
        password: the new one.
        keep: the login that stays.

    Raises:
        ValidationError: the old password is wrong, or the new one is weak.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.check_password(old_password):
        raise ValidationError({"old_password": field_error(AccountError.PASSWORD_WRONG).detail})
    refuse_weak_password(password, user)
    _set_password(user, password)
    user.auth_token_set.exclude(pk=keep and keep.pk).delete()


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password", "email_verified_at", "updated_at"])


def _weakness(error: DjangoValidationError) -> ErrorDetail:
    code = WEAKNESSES.get(error.code, AccountError.PASSWORD_WEAK)
    return field_error(code, error.messages[0]).detail[0]
