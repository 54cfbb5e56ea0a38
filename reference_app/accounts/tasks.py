"""What accounts do in the background.

The tasks take an email, not a token: the queue holds no secret, and asking for a mail takes as
long where there is no such account.
"""

from celery import shared_task

from accounts import _passwords, _verification
from common.retries import RETRIES


@shared_task(**RETRIES)
def mail_verification(email: str) -> None:
    """Mail a link that proves the email, where an account still lacks the proof."""
    _verification.mail_verification(email)


@shared_task(**RETRIES)
def mail_password_reset(email: str) -> None:
    """Mail a link to set a new password, where the email has an account."""
    _passwords.mail_password_reset(email)
