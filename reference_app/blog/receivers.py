"""How blogs react to what happens to their rows.

Statements that send no signals - `update`, `bulk_create` - invalidate where they stand.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from blog import public
from blog.models import Blog, CoverImage, State, Tag


@receiver(post_delete, sender=CoverImage, dispatch_uid="blog.delete_cover_file")
def delete_cover_file(sender: Any, *, instance: CoverImage, **kwargs: Any) -> None:
    """Delete the file of a cover once its row is gone for good, whoever deleted it."""
    storage, name = instance.image.storage, instance.image.name
    transaction.on_commit(lambda: storage.delete(name), robust=True)


@receiver(post_save, sender=Blog, dispatch_uid="blog.invalidate_saved")
def invalidate_saved(
    sender: Any, *, instance: Blog, created: bool, update_fields: Any, **kwargs: Any
) -> None:
    """Show a blog as it was saved, where anybody but its author and reviewers sees it."""
    state_is_old = created or (update_fields is not None and "state" not in update_fields)
    if instance.state != State.PUBLISHED and state_is_old:
        return  # It is not published, and was not.
    public.invalidate_blog(instance.uuid)


@receiver(post_delete, sender=Blog, dispatch_uid="blog.invalidate_deleted")
def invalidate_deleted(sender: Any, **kwargs: Any) -> None:
    """Show a blog no more, nor that another one continues it."""
    public.invalidate_blogs()


@receiver(m2m_changed, sender=Blog.tags.through, dispatch_uid="blog.invalidate_tagged")
def invalidate_tagged(sender: Any, *, instance: Blog | Tag, action: str, **kwargs: Any) -> None:
    """Show a blog with its tags."""
    if not action.startswith("post_"):
        return
    if isinstance(instance, Tag):
        public.invalidate_blogs()
    elif instance.state == State.PUBLISHED:
        public.invalidate_blog(instance.uuid)


@receiver([post_save, post_delete], sender=CoverImage, dispatch_uid="blog.invalidate_covered")
def invalidate_covered(sender: Any, **kwargs: Any) -> None:
    """Show a blog with its picture; which blog it is would be another query."""
    public.invalidate_blogs()


@receiver([post_save, post_delete], sender=Tag, dispatch_uid="blog.invalidate_tags")
def invalidate_tags(sender: Any, **kwargs: Any) -> None:
    """Show a tag by its name."""
    public.invalidate_tags()
