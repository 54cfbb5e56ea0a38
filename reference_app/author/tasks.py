"""What authors do in the background."""

import uuid

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from author import _private
from blog import public as blogs
from common import flags


@shared_task(
    # Whatever a mail server does wrong is an OSError in Python.
    autoretry_for=(OSError, SoftTimeLimitExceeded),
    retry_backoff=True,
    retry_backoff_max=600,
    max_retries=5,
)
def mail_publication(blog_uuid: str) -> None:
    """Mail the author of a blog that it was published; running it twice mails once."""
    if not flags.is_enabled(flags.Flag.PUBLICATION_MAILS):
        return  # Nor is it made up for later: by then it would be no news.
    blog = blogs.published_blog(uuid.UUID(blog_uuid))
    if blog is None:
        return  # It was withdrawn or deleted before the task ran.
    _private.mail_publication(author_id=blog.author_id, blog_uuid=blog.uuid, title=blog.title)
