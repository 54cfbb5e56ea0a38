"""How blogs reach their readers: the daily limit, the schedule, the announcement."""

import logging
import uuid
from datetime import UTC, datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F

from blog.models import MAX_PUBLICATIONS_A_DAY, Blog, DailyPublications
from blog.signals import blog_published
from common.logs import log

# More are left to the next run.
MAX_DUE_AT_ONCE = 500


def count_publication(blog: Blog) -> bool:
    """Count a publication on its day; return False where the author's day is full.

    Of two at once the second waits for the first, and sees what that one counted.
    """
    day = blog.published_at.astimezone(UTC).date()
    counted, _ = DailyPublications.objects.get_or_create(author_id=blog.author_id, day=day)
    room = DailyPublications.objects.filter(pk=counted.pk, count__lt=MAX_PUBLICATIONS_A_DAY)
    return room.update(count=F("count") + 1) == 1


def announce_on_commit(blog: Blog) -> None:
    """Announce a publication once it is committed."""
    transaction.on_commit(lambda: _announce(blog.uuid), robust=True)


def publish_due_blogs(now: datetime) -> int:
    """Publish what is due, each blog in a transaction of its own; return how many there were.

    Run twice at the same time, it publishes each blog once: what another run or request has
    locked is left to it. A blog of an author whose day is full waits for a day with room. A blog
    that fails is logged, holds up no other one, and is tried again by the next run.
    """
    full_days = DailyPublications.objects.filter(
        day=now.astimezone(UTC).date(), count__gte=MAX_PUBLICATIONS_A_DAY
    )
    due = Blog.objects.due(now).exclude(author__in=full_days.values("author"))
    chosen = list(due.values_list("uuid", flat=True)[:MAX_DUE_AT_ONCE])
    return sum(_published_or_logged(blog_uuid, now) for blog_uuid in chosen)


def _published_or_logged(blog_uuid: uuid.UUID, now: datetime) -> bool:
    try:
        return _publish_due(blog_uuid, now)
    except SoftTimeLimitExceeded:
        raise  # It is not the blog that failed: the whole run is at its end.
    except Exception:
        sentence = "A blog that is due is not published."
        log(__name__, logging.ERROR, sentence, blog=str(blog_uuid))
        return False


@transaction.atomic
def _publish_due(blog_uuid: uuid.UUID, now: datetime) -> bool:
    # Asked again with the lock: it may have been withdrawn since.
    blog = Blog.objects.due(now).select_for_update(skip_locked=True).filter(uuid=blog_uuid).first()
    if blog is None:
        return False
    blog.publish()
    if not count_publication(blog):
        return False
    blog.save(update_fields=["state", "published_at", "publish_at", "updated_at"])
    announce_on_commit(blog)
    return True


def _announce(blog_uuid: uuid.UUID) -> None:
    blog_published.send_robust(sender=Blog, blog_uuid=blog_uuid)
