"""What answers say of throttles and caches; all of it may be missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

POLICY = re.compile(r"(?:^|;\s*q=|\s)(\d+)\s*;\s*w=(\d+)")
# Who waited was given what another request had computed.
NOT_COMPUTED = ("hit", "stale", "waited")
CACHE = ("X-Cache", "Cache-Status", "X-Cache-Status")
LIMIT = ("RateLimit-Policy", "X-RateLimit-Policy")
PLAIN_LIMIT = ("X-RateLimit-Limit", "RateLimit-Limit")
WINDOW = ("X-RateLimit-Window", "RateLimit-Window")
# Where only a limit is named, it is one a minute.
MINUTE = 60.0


@dataclass(frozen=True)
class Throttle:
    """How many requests are let through in how many seconds."""

    limit: int
    window: float


def throttle_of(headers: Mapping[str, str]) -> Throttle | None:
    """Return the throttle that an answer tells of, None where there is none."""
    policies = POLICY.findall(first(headers, LIMIT))
    if policies:
        # Of several all hold at once, and the strictest is met first.
        found = (Throttle(int(limit), float(window)) for limit, window in policies)
        return min(found, key=lambda throttle: throttle.limit / throttle.window)
    limit, window = first(headers, PLAIN_LIMIT), first(headers, WINDOW)
    if not limit.isdecimal():
        return None
    return Throttle(int(limit), float(window) if window.isdecimal() else MINUTE)


def was_computed(headers: Mapping[str, str]) -> bool | None:
    """Return whether an answer was computed for this request, None where nothing is said."""
    said = first(headers, CACHE).lower()
    if not said:
        return None
    return not any(word in said for word in NOT_COMPUTED)


def wait_of(headers: Mapping[str, str]) -> int | None:
    """Return the seconds of `Retry-After`, None where there are none."""
    said = headers.get("Retry-After") or ""
    return int(said) if said.isdecimal() and int(said) else None


def first(headers: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the value of the first header that is there, empty where none is."""
    return next((value for name in names if (value := headers.get(name))), "")
