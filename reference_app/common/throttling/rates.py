"""What is limited, how far for whom, and what happens while nobody can count."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from limits import parse_many


class Tier(StrEnum):
    """Who is limited; one with no rate of its own has that of the tier before."""

    ANONYMOUS = "anonymous"
    USER = "user"
    SUBSCRIBER = "subscriber"


class Scope(Enum):
    """What is limited; the rates stand in the settings, in THROTTLE_RATES.

    Attributes:
        key: its name there, in the store and in headers.
        is_open: whether requests pass while the store is away. What a limit protects from harm
            is closed: whoever can bring the store down could else guess passwords or have mails
            sent without end.
    """

    key: str
    is_open: bool

    GENERAL = ("general", True)
    SEARCH = ("search", True)
    COMMENTS = ("comments", True)
    LOGIN = ("login", False)
    MAIL = ("mail", False)
    PUBLICATION = ("publication", False)

    def __init__(self, key: str, is_open: bool) -> None:
        self.key = key
        self.is_open = is_open


@dataclass(frozen=True)
class Rate:
    """So many requests within any stretch of so many seconds."""

    requests: int
    seconds: int


def tier_of(user: Any) -> Tier:
    """Return the tier of whoever sends a request."""
    if not user.is_authenticated:
        return Tier.ANONYMOUS
    return Tier.SUBSCRIBER if user.is_subscriber else Tier.USER


def rates_of(scope: Scope, tier: Tier) -> tuple[Rate, ...]:
    """Return the rates that hold for a tier in a scope, all of them at once."""
    declared = settings.THROTTLE_RATES[scope.key]
    return parse(next(declared[each] for each in _BEFORE[tier] if each in declared))


@lru_cache
def parse(text: str) -> tuple[Rate, ...]:
    """Return the rates that a text such as `10/minute; 60/hour` gives.

    Raises:
        ValueError: it gives none.
    """
    return tuple(Rate(item.amount, item.get_expiry()) for item in parse_many(text))


def check_settings() -> None:
    """Look at all rates as the app starts, and not as the first request comes.

    Raises:
        ImproperlyConfigured: a scope has no rate for visitors, or a rate cannot be read.
    """
    for scope in Scope:
        declared = settings.THROTTLE_RATES[scope.key]
        if Tier.ANONYMOUS not in declared:
            raise ImproperlyConfigured(
                f"THROTTLE_{scope.name}_ANONYMOUS is missing: visitors come."
            )
        for tier, text in declared.items():
            _check(f"THROTTLE_{scope.name}_{tier.upper()}", text)


def _check(name: str, text: str) -> None:
    try:
        parse(text)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} is no rate: {text!r}. It looks like 10/minute, or 10/minute; 60/hour."
        ) from error


_BEFORE = {
    Tier.ANONYMOUS: (Tier.ANONYMOUS,),
    Tier.USER: (Tier.USER, Tier.ANONYMOUS),
    Tier.SUBSCRIBER: (Tier.SUBSCRIBER, Tier.USER, Tier.ANONYMOUS),
}
