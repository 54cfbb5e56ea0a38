"""How blogs react to what happens to their rows."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from blog.models import CoverImage


@receiver(post_delete, sender=CoverImage, dispatch_uid="blog.delete_cover_file")
def delete_cover_file(sender: Any, *, instance: CoverImage, **kwargs: Any) -> None:
    """Delete the file of a cover once its row is gone for good, whoever deleted it."""
    storage, name = instance.image.storage, instance.image.name
    transaction.on_commit(lambda: storage.delete(name), robust=True)
