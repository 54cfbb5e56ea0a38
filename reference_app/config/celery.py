"""The Celery app. A worker runs with `celery --app config worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("reference_app")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
