"""How long a client's name for a creation is kept."""

from datetime import datetime, timedelta

from blog.models import IdempotencyKey

# Longer than any client goes on trying.
KEPT_FOR = timedelta(days=1)
# A statement deletes so many rows at most, well within its time.
CHUNK = 1000


def forget_keys(now: datetime) -> int:
    """Delete the keys that are older than a day; return how many there were."""
    forgotten = 0
    old = IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    while chunk := list(old.values_list("pk", flat=True)[:CHUNK]):
        deleted, _ = IdempotencyKey.objects.filter(pk__in=chunk).delete()
        forgotten += deleted
    return forgotten
