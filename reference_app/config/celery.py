"""The Celery app. A worker of every queue runs with `celery --app config worker`.

Where mail has to wait for nothing else, `--queues mail` gives it a worker of its own, and
`--queues celery,fan_out` the rest another one.
"""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings

from common import request_ids

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("reference_app")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# RedBeat looks for these names alone, without the prefix that Django's settings give them.
app.add_defaults(
    lambda: {
        "redbeat_redis_url": settings.CELERY_REDBEAT_REDIS_URL,
        "redbeat_redis_options": settings.CELERY_REDBEAT_REDIS_OPTIONS,
    }
)


@before_task_publish.connect(dispatch_uid="config.send_request_id")
def send_request_id(headers: dict[str, Any], **kwargs: Any) -> None:
    """Let a task carry the id of the request that starts it."""
    headers["request_id"] = request_ids.current_request_id()


@task_prerun.connect(dispatch_uid="config.begin_task")
def begin_task(task: Task, **kwargs: Any) -> None:
    """Go on under the id of the request; a task that the clock starts gets one of its own."""
    if not task.request.is_eager:
        request_ids.begin(task.request.get("request_id"))


@task_postrun.connect(dispatch_uid="config.end_task")
def end_task(task: Task, **kwargs: Any) -> None:
    """Forget the id."""
    if not task.request.is_eager:
        request_ids.end()
