"""What authors do to the database."""

import uuid

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet

from author.models import Author, PublicationNotice


def listed_authors() -> QuerySet[Author]:
    """Return the authors that everyone may see."""
    return Author.objects.filter(user__is_active=True)


def mail_publication(*, author_id: int, blog_uuid: uuid.UUID, title: str) -> bool:
    """Tell an author that a blog was published; return whether this is the first time.

    The notice is committed only once the mail is out, and a second run at the same time waits
    for the first at the notice's unique key.
    """
    with transaction.atomic():
        author = Author.objects.select_related("user").get(pk=author_id)
        _, first = PublicationNotice.objects.get_or_create(
            blog_uuid=blog_uuid, defaults={"author": author}
        )
        if first:
            send_mail(
                subject="Your blog was published",
                message=f"Hello {author.pen_name},\n\nyour blog “{title}” was published.\n",
                from_email=settings.DEFAULT_FROM_EMAIL,
                recipient_list=[author.user.email],
            )
    return first
