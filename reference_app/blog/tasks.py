"""What blogs do in the background.

Messages outlive a release: a task keeps its name, and every argument that is added has a default.
"""

from celery import shared_task
from django.utils import timezone

from blog import _idempotency, _publication


@shared_task
def publish_due_blogs() -> None:
    """Publish what was scheduled for now or earlier; running it twice publishes once.

    A blog that cannot be published is an error in the log, not a failure of the task: the others
    are published, and the next run tries again.
    """
    _publication.publish_due_blogs(timezone.now())


@shared_task
def forget_idempotency_keys() -> None:
    """Forget the keys of creations that nobody asks for again."""
    _idempotency.forget_keys(timezone.now())
