"""Settings of a developer's machine; what `manage.py` runs with."""

from quality_harness import services as local_services

from config import services
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, DATABASE_STATEMENT_TIMEOUT_MS, env

DEBUG = env.bool("DEBUG", default=True)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SECRET_KEY = env.str("SECRET_KEY", default="local-only-not-a-secret")

# REDIS_URL and DATABASE_URL win where they are set; else a server starts from its wheel.
REDIS_URL = local_services.redis_url(profile="run", root=BASE_DIR.parent)
DATABASES = {
    "default": services.database(
        local_services.database_url(profile="run", root=BASE_DIR.parent),
        statement_timeout_ms=DATABASE_STATEMENT_TIMEOUT_MS,
    )
}
CACHES = {"default": services.cache(REDIS_URL)}
CELERY_BROKER_URL = services.broker(REDIS_URL)
CELERY_REDBEAT_REDIS_URL = CELERY_BROKER_URL

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
