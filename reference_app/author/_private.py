"""What authors do to the database."""

import uuid

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from author._cached import invalidate_authors
from author.errors import AuthorError
from author.models import Author, Follow, PublicationNotice
from common.errors import api_error


def listed_authors() -> QuerySet[Author]:
    """Return the authors that everyone may see."""
    return Author.objects.filter(user__is_active=True)


def listed_authors_with_counts() -> QuerySet[Author]:
    """Return the listed authors; each knows how many follow it, and how many it follows."""
    followers = _listed_follows().filter(author=OuterRef("user")).values("author")
    following = _listed_follows().filter(follower=OuterRef("user")).values("follower")
    return listed_authors().annotate(
        followers_count=_count(followers), following_count=_count(following)
    )


def followers_of(author: Author) -> QuerySet[Follow]:
    """Return who follows an author, the newest first."""
    return _listed_follows().filter(author=author).select_related("follower")


def followed_by(author: Author) -> QuerySet[Author]:
    """Return the authors that an author follows, by name."""
    return listed_authors_with_counts().filter(followers__follower=author.user_id)


@transaction.atomic
def follow(*, author_uuid: uuid.UUID, follower_id: int) -> None:
    """Let a user hear of an author; nothing changes where the user does already.

    Raises:
        Http404: there is no such author.
        APIException: the user is the author.
    """
    # The lock keeps the author there until the commit, where the database checks the reference.
    locked = listed_authors().select_for_update(of=("self",), no_key=True)
    author = get_object_or_404(locked, uuid=author_uuid)
    if author.user_id == follower_id:
        raise api_error(AuthorError.OWN_FOLLOWER)
    Follow.objects.get_or_create(author=author, follower_id=follower_id)


@transaction.atomic
def unfollow(*, author_uuid: uuid.UUID, follower_id: int) -> None:
    """Let a user hear of an author no more; nothing changes where the user did not.

    Raises:
        Http404: there is no such author.
    """
    author = get_object_or_404(listed_authors(), uuid=author_uuid)
    Follow.objects.filter(author=author, follower=follower_id).delete()
    invalidate_authors()


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


def _listed_follows() -> QuerySet[Follow]:
    return Follow.objects.filter(follower__is_active=True, author__user__is_active=True)


def _count(rows: QuerySet[Follow]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().annotate(number=Count("pk")).values("number")), 0)
