"""Switches that are thrown while the app runs, such as one that stops registrations.

A flag is declared here and read with `is_enabled` or `require`. It is thrown in the admin, and
every process follows at once.
"""

from enum import Enum

from common.caching import Place, invalidate, obtain
from common.errors import CommonError, api_error
from common.models import FeatureFlag

ON, OFF = b"1", b"0"


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
    tag = _tag(flag.key)
    return obtain(Place(tag, (tag,)), lambda: ON if _stored(flag) else OFF).payload == ON


def require(flag: Flag) -> None:
    """Raise the answer "switched off" (an APIException) where a flag is off."""
    if not is_enabled(flag):
        raise api_error(CommonError.SWITCHED_OFF)


def forget(key: str) -> None:
    """Drop the cached state of a flag once the transaction at work is committed."""
    invalidate(_tag(key))


def _stored(flag: Flag) -> bool:
    row = FeatureFlag.objects.filter(name=flag.key).values_list("enabled", flat=True).first()
    return flag.default if row is None else row


def _tag(key: str) -> str:
    return f"feature-flag:{key}"
