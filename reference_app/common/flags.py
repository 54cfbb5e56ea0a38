"""Switches that are thrown while the app runs, such as one that stops registrations.

A flag is declared here and read with `is_enabled` or `require`. It is thrown in the admin; every
process follows at once, and at the latest when the cached state has run out.
"""

import logging
from enum import Enum

from django.core.cache import cache
from redis.exceptions import RedisError

from common.errors import CommonError, api_error
from common.logs import log
from common.models import FeatureFlag

# Seconds. A reader that read the row just before a change may write the old state just after it.
CACHED_FOR = 30


class Flag(Enum):
    """Every flag there is.

    Attributes:
        key: the name of its row.
        default: how it stands as long as there is no row.
    """

    key: str
    default: bool

    REGISTRATIONS = ("registrations", True)
    PUBLICATION_MAILS = ("publication-mails", True)

    def __init__(self, key: str, default: bool) -> None:
        self.key = key
        self.default = default


def is_enabled(flag: Flag) -> bool:
    """Return whether a flag is on: from the cache, else from its row, else as declared.

    Without a cache the row decides: a kill switch has to hold while other things fail.
    """
    try:
        return bool(cache.get_or_set(_cache_key(flag.key), lambda: _stored(flag), CACHED_FOR))
    except RedisError:
        log(__name__, logging.WARNING, "A feature flag is read without the cache.", flag=flag.key)
        return _stored(flag)


def require(flag: Flag) -> None:
    """Raise the answer "switched off" (an APIException) where a flag is off."""
    if not is_enabled(flag):
        raise api_error(CommonError.SWITCHED_OFF)


def forget(key: str) -> None:
    """Drop the cached state of a flag, so that its row is read again."""
    cache.delete(_cache_key(key))


def _stored(flag: Flag) -> bool:
    row = FeatureFlag.objects.filter(name=flag.key).values_list("enabled", flat=True).first()
    return flag.default if row is None else row


def _cache_key(key: str) -> str:
    return f"feature-flag:{key}"
