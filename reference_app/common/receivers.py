"""How common reacts to what happens to its rows."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from common import flags
from common.models import FeatureFlag


@receiver([post_save, post_delete], sender=FeatureFlag, dispatch_uid="common.forget_flag")
def forget_flag(sender: Any, *, instance: FeatureFlag, **kwargs: Any) -> None:
    """Let every process read the row again, once it is committed."""
    flags.forget(instance.name)
