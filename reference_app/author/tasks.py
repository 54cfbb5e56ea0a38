"""What authors do in the background.

Messages outlive a release: a task keeps its name, and every argument that is added has a default.
What fails for longer than it is retried is found by the reconciliation, and for a digest by its
next run.
"""

import uuid
from datetime import date, timedelta

from celery import shared_task
from django.utils import timezone

from author import _deliveries, _private
from blog import public as blogs
from common import flags
from common.retries import RETRIES

# What the reconciliation looks at: nothing that is still on its way, nothing that is old news.
ON_THE_WAY = timedelta(minutes=30)
OLD_NEWS = timedelta(days=7)


@shared_task(**RETRIES)
def mail_publication(blog_uuid: str) -> None:
    """Mail the author of a blog that it was published; running it twice mails once."""
    if blog := _blog_to_tell_of(blog_uuid):
        _private.mail_publication(author_id=blog.author_id, blog_uuid=blog.uuid, title=blog.title)


@shared_task(**RETRIES)
def fan_out_publication(blog_uuid: str) -> None:
    """Start the tasks that tell the followers of an author, those that were not told yet."""
    blog = _blog_to_tell_of(blog_uuid)
    if blog is None:
        return
    follower_ids = _deliveries.followers_to_tell(blog).values_list("follower", flat=True)
    for chunk in _deliveries.in_chunks(follower_ids.iterator()):
        mail_followers.delay(blog_uuid, chunk)


@shared_task(**RETRIES)
def mail_followers(blog_uuid: str, follower_ids: list[int]) -> None:
    """Mail some followers that a blog was published; running it twice mails once."""
    if blog := _blog_to_tell_of(blog_uuid):
        _deliveries.mail_followers(blog, follower_ids)


@shared_task(**RETRIES)
def reconcile_publications() -> None:
    """Find publications that not everyone was told of, for a lost message, and tell again."""
    if not flags.is_enabled(flags.Flag.PUBLICATION_MAILS):
        return
    now = timezone.now()
    published = blogs.published_between(now - OLD_NEWS, now - ON_THE_WAY)
    for blog_uuid in _deliveries.not_told_to_author(published).values_list("uuid", flat=True):
        mail_publication.delay(str(blog_uuid))
    for blog_uuid in _deliveries.not_told_to_all(published).values_list("uuid", flat=True):
        fan_out_publication.delay(str(blog_uuid))


@shared_task(**RETRIES)
def fan_out_digest(week: str = "") -> None:
    """Start the tasks that mail what was published in a week, to those who had no such mail yet.

    Args:
        week: its Monday, such as 2026-03-02; the last full week where empty.
    """
    monday = date.fromisoformat(week) if week else _last_monday(timezone.now().date())
    reader_ids = _deliveries.readers_of(monday).values_list("follower", flat=True)
    for chunk in _deliveries.in_chunks(reader_ids.iterator()):
        mail_digests.delay(monday.isoformat(), chunk)


@shared_task(**RETRIES)
def mail_digests(week: str, reader_ids: list[int]) -> None:
    """Mail some readers what was published in a week; running it twice mails once."""
    _deliveries.mail_digests(date.fromisoformat(week), reader_ids)


def _blog_to_tell_of(blog_uuid: str) -> blogs.Blog | None:
    """Return a blog, or None where it was withdrawn or deleted, or the mails are switched off."""
    if not flags.is_enabled(flags.Flag.PUBLICATION_MAILS):
        return None
    return blogs.published_blog(uuid.UUID(blog_uuid))


def _last_monday(today: date) -> date:
    """Return the Monday of the week before this one."""
    return today - timedelta(days=today.weekday() + 7)
