"""Settings of the outside services, made from their addresses."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# Seconds until a server that does not answer counts as gone.
CONNECT_TIMEOUT = 2
# Servers have 16 databases as they come.
LAST_REDIS_DATABASE = 15


def database(url: str, *, statement_timeout_ms: int) -> dict[str, Any]:
    """Return the entry of DATABASES for a PostgreSQL address.

    Args:
        url: such as `postgresql://user:password@host:5432/name`; a server that listens on a
            Unix socket is `postgresql://user@/name?host=/folder/of/the/socket`.
        statement_timeout_ms: after how long the server gives up a statement; 0 is never.

    Raises:
        ImproperlyConfigured: this is no address of a PostgreSQL server.
    """
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            "DATABASE_URL is no address of a PostgreSQL server. "
            "It looks like postgresql://user:password@host:5432/name."
        )
    settings = environ.Env.db_url_config(url)
    options = settings.setdefault("OPTIONS", {})
    settings["HOST"] = options.pop("host", settings["HOST"])
    options.setdefault("connect_timeout", CONNECT_TIMEOUT)
    options["options"] = f"-c statement_timeout={statement_timeout_ms}"
    return {**settings, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def cache(url: str) -> dict[str, Any]:
    """Return the entry of CACHES for a Redis or Valkey address."""
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "reference_app",
        "OPTIONS": {"socket_connect_timeout": CONNECT_TIMEOUT, "socket_timeout": 5},
    }


def broker(url: str) -> str:
    """Return Celery's address on the server of the cache.

    Clearing the cache empties its whole database, so the queue lives in the next one.

    Raises:
        ImproperlyConfigured: this is no address of a Redis or Valkey server, or it names the
            last database, which has no next one.
    """
    parts = urlsplit(url)
    database_number = parts.path.strip("/") or "0"
    if parts.scheme not in ("redis", "rediss") or not database_number.isdecimal():
        raise ImproperlyConfigured(
            "REDIS_URL is no address of a Redis or Valkey server. "
            "It looks like redis://:password@host:6379/0."
        )
    number = int(database_number)
    if number == LAST_REDIS_DATABASE:
        raise ImproperlyConfigured(
            f"REDIS_URL names database {number}, the last one of a server, and the queue of tasks "
            f"lives in the next one. Name a lower database, such as /{number - 1}."
        )
    return urlunsplit(parts._replace(path=f"/{number + 1}"))
