"""What other apps may ask of blogs."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import public as accounts
from blog._cached import invalidate_blog, invalidate_blogs, invalidate_tags
from blog.models import Blog, Tag

__all__ = [
    "Blog",
    "invalidate_blog",
    "invalidate_blogs",
    "invalidate_tags",
    "published_between",
    "published_blog",
    "seed_reference_data",
]

DEFAULT_TAGS = {
    "celery": "Celery",
    "databases": "Databases",
    "django": "Django",
    "performance": "Performance",
    "python": "Python",
    "testing": "Testing",
}


def published_blog(blog_uuid: uuid.UUID) -> Blog | None:
    """Return a blog that everyone may read, or None."""
    return Blog.objects.published().filter(uuid=blog_uuid).first()


@transaction.atomic
def seed_reference_data() -> None:
    """Make the rows that the app cannot do without: roles with their permissions, and tags.

    It can run again at any time: it adds what is missing and leaves the rest alone.
    """
    accounts.make_roles()
    Tag.objects.bulk_create(
        [Tag(slug=slug, name=name) for slug, name in DEFAULT_TAGS.items()], ignore_conflicts=True
    )
    invalidate_tags()


def published_between(since: datetime, until: datetime) -> QuerySet[Blog]:
    """Return the blogs that everyone may read since some time of a period, the oldest first.

    Args:
        since: when the period begins.
        until: when it ends; it belongs to the next one.
    """
    published = Blog.objects.published().filter(published_at__gte=since, published_at__lt=until)
    return published.order_by("published_at", "pk")
