"""What authors do in the background.

Messages outlive a release: a task keeps its name, and every argument that is added has a default.
"""

import uuid

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError

from author import _deliveries, _private
from blog import public as blogs
from common import flags

# At most half a minute of waiting; what fails for longer is found by the reconciliation.
RETRIES = {
    # Whatever a mail server does wrong is an OSError in Python.
    "autoretry_for": (OSError, DatabaseError, SoftTimeLimitExceeded),
    "retry_backoff": True,
    "retry_backoff_max": 600,
    "retry_jitter": True,
    "max_retries": 5,
}


@shared_task(**RETRIES)
def mail_publication(blog_uuid: str) -> None:
    """Mail the author of a blog that it was published; running it twice mails once."""
    if not flags.is_enabled(flags.Flag.PUBLICATION_MAILS):
        return  # Nor is it made up for later: by then it would be no news.
    blog = blogs.published_blog(uuid.UUID(blog_uuid))
    if blog is None:
        return  # It was withdrawn or deleted before the task ran.
    _private.mail_publication(author_id=blog.author_id, blog_uuid=blog.uuid, title=blog.title)


@shared_task(**RETRIES)
def fan_out_publication(blog_uuid: str) -> None:
    """Start the tasks that tell the followers of an author, those that were not told yet."""
    blog = blogs.published_blog(uuid.UUID(blog_uuid))
    if blog is None:
        return
    follower_ids = _deliveries.followers_to_tell(blog).values_list("follower", flat=True)
    for chunk in _deliveries.in_chunks(follower_ids.iterator()):
        mail_followers.delay(blog_uuid, chunk)


@shared_task(**RETRIES)
def mail_followers(blog_uuid: str, follower_ids: list[int]) -> None:
    """Mail some followers that a blog was published; running it twice mails once."""
    blog = blogs.published_blog(uuid.UUID(blog_uuid))
    if blog is not None:
        _deliveries.mail_followers(blog, follower_ids)
