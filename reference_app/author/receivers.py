"""How authors react to what other apps announce."""

import uuid
from typing import Any

from django.dispatch import receiver

from accounts.signals import user_registered
from author import public
from author.tasks import fan_out_publication, mail_publication
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
