"""What accounts do in the background.

The tasks take an email, not a token: the queue holds no secret, and asking for a mail takes as
long where there is no such account.
"""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from accounts import _passwords, _verification

RETRIES = {
    # Whatever a mail server does wrong is an OSError in Python.
    "autoretry_for": (OSError, SoftTimeLimitExceeded),
    "retry_backoff": True,
    "retry_backoff_max": 600,
    "max_retries": 5,
}


@shared_task(**RETRIES)
def mail_verification(email: str) -> None:
    """Mail a link that proves the email, where an account still lacks the proof."""
    _verification.mail_verification(email)


@shared_task(**RETRIES)
def mail_password_reset(email: str) -> None:
    """Mail a link to set a new password, where the email has an account."""
    _passwords.mail_password_reset(email)
