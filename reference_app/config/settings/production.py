"""Settings of a production host. Everything secret comes from the environment."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import new_relic, sentry, services
from config.settings.base import *  # noqa: F403
from config.settings.base import (
    ADMIN_PATH,
    DATABASE_STATEMENT_TIMEOUT_MS,
    FRONTEND_URL,
    LOGGING,
    MEDIA_ROOT,
    MIDDLEWARE,
    env,
)

REQUIRED = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "ADMIN_PATH",
    "FRONTEND_URL",
)
# Slashes alone are no path. A random one would be another one in each process.
missing = [name for name in REQUIRED if not os.environ.get(name, "").strip("/")]
if missing:
    raise ImproperlyConfigured(
        f"config.settings.production needs {', '.join(missing)} in the environment. "
        f"Set each of them, or run with DJANGO_SETTINGS_MODULE=config.settings.local."
    )

if ADMIN_PATH == "admin/":
    raise ImproperlyConfigured(
        "ADMIN_PATH is admin, where everybody looks first. Choose another one, such as back-office."
    )
# The links of mails lead there, with a token that sets a password.
if urlsplit(FRONTEND_URL).scheme != "https" or not urlsplit(FRONTEND_URL).hostname:
    raise ImproperlyConfigured(
        "FRONTEND_URL is no https address of the front end. It looks like https://www.example.com."
    )

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

REDIS_URL = env.str("REDIS_URL")
DATABASES = {
    "default": services.database(
        env.str("DATABASE_URL"), statement_timeout_ms=DATABASE_STATEMENT_TIMEOUT_MS
    )
}
CACHES = {"default": services.cache(REDIS_URL)}
CELERY_BROKER_URL = services.broker(REDIS_URL)
CELERY_REDBEAT_REDIS_URL = CELERY_BROKER_URL
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))

LOGGING = {
    **LOGGING,
    "handlers": {"stderr": {**LOGGING["handlers"]["stderr"], "formatter": "json"}},
}
# Only where the proxy sets or removes that header on every request: callers could send it, too.
TRUSTED_REQUEST_ID_HEADER = env.str("TRUSTED_REQUEST_ID_HEADER", default="")

if SENTRY_DSN := env.str("SENTRY_DSN", default=""):
    sentry.start(SENTRY_DSN)
if env.str("NEW_RELIC_LICENSE_KEY", default=""):
    new_relic.start()

# gunicorn answers static files itself, compressed and under names that never change.
MIDDLEWARE = [*MIDDLEWARE]
MIDDLEWARE.insert(
    MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1,
    "whitenoise.middleware.WhiteNoiseMiddleware",
)
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(MEDIA_ROOT))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Behind a proxy that ends TLS, name the header in which it says so, such as X-Forwarded-Proto.
# Only where the proxy sets or removes that header on every request: callers could send it, too.
PROXY_SSL_HEADER = env.str("PROXY_SSL_HEADER", default="")
if PROXY_SSL_HEADER:
    SECURE_PROXY_SSL_HEADER = ("HTTP_" + PROXY_SSL_HEADER.upper().replace("-", "_"), "https")

# Off only where nobody but the machine itself can ask, such as in a compose file on loopback.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# A load balancer asks for the health page over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^ht/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
