"""How authors react to what other apps announce."""

import uuid
from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.signals import user_registered
from author import public
from author.models import Author, Follow
from author.tasks import fan_out_publication, mail_publication
from blog import public as blogs
from blog.signals import blog_published


@receiver(user_registered, dispatch_uid="author.create_profile")
def create_profile(sender: Any, *, user_id: int, name: str, **kwargs: Any) -> None:
    """Give every new user an author profile."""
    public.create_author(user_id=user_id, pen_name=name)


@receiver(blog_published, dispatch_uid="author.tell_author")
def tell_author(sender: Any, *, blog_uuid: uuid.UUID, **kwargs: Any) -> None:
    """Mail the author, in the background."""
    mail_publication.delay(str(blog_uuid))


@receiver(blog_published, dispatch_uid="author.tell_followers")
def tell_followers(sender: Any, *, blog_uuid: uuid.UUID, **kwargs: Any) -> None:
    """Mail the author's followers, in the background."""
    fan_out_publication.delay(str(blog_uuid))


@receiver([post_save, post_delete], sender=Author, dispatch_uid="author.invalidate_author")
def invalidate_author(sender: Any, *, created: bool = False, **kwargs: Any) -> None:
    """Show an author as saved, on blogs, too."""
    public.invalidate_authors()
    if not created:
        blogs.invalidate_blogs()


@receiver(post_save, sender=Follow, dispatch_uid="author.invalidate_followed")
def invalidate_followed(sender: Any, **kwargs: Any) -> None:
    """Count followers anew; who deletes a row says so there, since a signal costs a query."""
    public.invalidate_authors()


@receiver(post_save, sender=settings.AUTH_USER_MODEL, dispatch_uid="author.invalidate_user")
def invalidate_user(sender: Any, *, created: bool, update_fields: Any, **kwargs: Any) -> None:
    """List and count those users alone who are active."""
    if not created and (update_fields is None or "is_active" in update_fields):
        public.invalidate_authors()


@receiver(post_delete, sender=settings.AUTH_USER_MODEL, dispatch_uid="author.invalidate_deleted")
def invalidate_deleted(sender: Any, **kwargs: Any) -> None:
    """Count a user who is gone no more."""
    public.invalidate_authors()
