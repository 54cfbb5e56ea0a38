"""Settings of a worker that a test starts: real queues, and mail that goes into a folder."""

import os

from config.settings import base
from config.settings.test import *  # noqa: F401, F403
from config.settings.test import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "visibility_timeout": 1,
    # Look for messages of dead workers each time, not each tenth time.
    "unacked_restore_throttle": 1,
    "global_keyprefix": os.environ["TEST_QUEUE_PREFIX"],
}
LOGGING = base.LOGGING
EMAIL_BACKEND = "tests.reference_app.celery.mail_folder.FolderBackend"
EMAIL_FILE_PATH = os.environ["TEST_MAIL_FOLDER"]
