"""How accounts react to what they announce."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import user_registered
from accounts.tasks import mail_verification


@receiver(user_registered, dispatch_uid="accounts.ask_for_verification")
def ask_for_verification(sender: Any, *, user_id: int, **kwargs: Any) -> None:
    """Mail every new user, in the background, once the registration stands."""
    email = User.objects.values_list("email", flat=True).get(pk=user_id)
    transaction.on_commit(lambda: mail_verification.delay(email), robust=True)
