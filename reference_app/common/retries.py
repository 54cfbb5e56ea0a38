"""How a task that sends mail is tried again."""

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError

# At most half a minute of waiting.
RETRIES = {
    # Whatever a mail server does wrong is an OSError in Python.
    "autoretry_for": (OSError, DatabaseError, SoftTimeLimitExceeded),
    "retry_backoff": True,
    "retry_backoff_max": 600,
    "retry_jitter": True,
    "max_retries": 5,
}
