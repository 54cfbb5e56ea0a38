"""Settings of the test-suite: the real services, and nothing that makes tests slow."""

from quality_harness import services as local_services

from config import services
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, DATABASE_STATEMENT_TIMEOUT_MS, LOGGING

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECRET_KEY = "test-only-not-a-secret"
ADMIN_PATH = "admin/"

# REDIS_URL and DATABASE_URL win where they are set; else a server starts from its wheel.
REDIS_URL = local_services.redis_url(profile="test", root=BASE_DIR.parent)
DATABASES = {
    "default": services.database(
        local_services.database_url(profile="test", root=BASE_DIR.parent),
        statement_timeout_ms=DATABASE_STATEMENT_TIMEOUT_MS,
    )
}
CACHES = {"default": services.cache(REDIS_URL)}
CACHE_UNCOMMITTED = True
# A busy machine is no reason for a test to fail.
STORE_TIMEOUT = 5
THROTTLE_STORE_TIMEOUT = 5

TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"

CELERY_BROKER_URL = services.broker(REDIS_URL)
CELERY_REDBEAT_REDIS_URL = CELERY_BROKER_URL
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

# What the tests provoke is not for the terminal.
LOGGING = {**LOGGING, "handlers": {"stderr": {"class": "logging.NullHandler"}}}

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A real hash takes a quarter of a second each.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
