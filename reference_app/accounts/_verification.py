"""Proof that the email of an account belongs to whoever opened it."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from accounts._mailed_tokens import Purpose, locked_user, make_token
from accounts.errors import AccountError
from accounts.models import User
from common.errors import api_error

VERIFICATION = Purpose(
    "verification", ("email", "email_verified_at"), settings.VERIFICATION_MAX_AGE
)


def mail_verification(email: str) -> None:
    """Mail a link that proves the email, where an account still lacks the proof."""
    user = User.objects.filter(email=email, is_active=True, email_verified_at=None).first()
    if user is None:
        return
    send_mail(
        subject="Confirm your email",
        message=(
            f"Hello {user.name},\n\nopen this link to confirm your email:\n\n"
            f"{settings.FRONTEND_URL}/verification#token={make_token(user, VERIFICATION)}\n\n"
            f"If you did not open an account, ignore this mail.\n"
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[user.email],
    )


@transaction.atomic
def verify_email(*, user_id: int, token: str) -> None:
    """Note that the email of a user is proven.

    Args:
        user_id: who is logged in and sends the token. Whose email somebody else has registered
            may follow the link of that mail, and must not prove the account of a stranger.
        token: what was mailed.

    Raises:
        APIException: the token is not valid, was used already, has expired, or is for another user.
    """
    user = locked_user(token, VERIFICATION)
    if user.pk != user_id:
        raise api_error(AccountError.LINK_OF_ANOTHER)
    user.email_verified_at = timezone.now()
    user.save(update_fields=["email_verified_at", "updated_at"])
