"""What other apps may ask of accounts."""

from collections.abc import Sequence

from accounts._roles import EDITORS, ROLES, SUPPORT, make_roles
from accounts.models import User

__all__ = ["EDITORS", "ROLES", "SUPPORT", "ensure_users", "make_roles"]


def ensure_users(emails_and_names: Sequence[tuple[str, str]]) -> list[User]:
    """Return the users with these emails, making those that are missing; they cannot log in.

    Args:
        emails_and_names: the emails in lower case.
    """
    wanted = [User(email=email, name=name) for email, name in emails_and_names]
    for user in wanted:
        user.set_unusable_password()
    User.objects.bulk_create(wanted, ignore_conflicts=True)
    return list(User.objects.filter(email__in=[user.email for user in wanted]).order_by("email"))
