"""Asks the limits of a request, and says what follows."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from common.errors import CommonError, ErrorCode
from common.logs import log
from common.store import StoreAway
from common.throttling.addresses import client_of
from common.throttling.rates import Scope, rates_of, tier_of
from common.throttling.window import Limit, Standing, still_refused, take

# Seconds after which who was turned away may try again while the store is away.
AWAY_RETRY = 5


@dataclass(frozen=True)
class Verdict:
    """Whether a request passes.

    Attributes:
        error: why it does not; None where it does.
        headers: what the answer says about the limits.
    """

    error: ErrorCode | None = None
    headers: dict[str, str] = field(default_factory=dict)


def check(request: HttpRequest, scopes: Sequence[Scope], user: Any) -> Verdict:
    """Count a request.

    Args:
        request: which one.
        scopes: what limits it.
        user: who sends it; visitors are told apart by their addresses.
    """
    tier = tier_of(user)
    caller = f"user {user.pk}" if user.is_authenticated else client_of(request)
    limits = [Limit(scope.key, rate, caller) for scope in scopes for rate in rates_of(scope, tier)]
    try:
        standings = take(limits)
    except StoreAway:
        return _away(scopes, still_refused(limits))
    exceeded = [standing for standing in standings if standing.is_exceeded]
    if not exceeded:
        return Verdict(headers=_headers(standings))
    wait = max(standing.seconds for standing in exceeded)
    log(
        __name__,
        logging.WARNING,
        "A request was throttled.",
        scopes=sorted({standing.limit.scope for standing in exceeded}),
        tier=tier.value,
        client=client_of(request),
        path=request.path,
        wait=wait,
    )
    return _refused(CommonError.THROTTLED, wait, _headers(standings))


def _away(scopes: Iterable[Scope], wait: int) -> Verdict:
    """Return what follows where nobody can count; one may have to wait by what was counted."""
    if wait:
        return _refused(CommonError.THROTTLED, wait)
    if all(scope.is_open for scope in scopes):
        return Verdict()
    return _refused(CommonError.LIMITS_AWAY, AWAY_RETRY)


def _refused(error: ErrorCode, wait: int, headers: Mapping[str, str] | None = None) -> Verdict:
    return Verdict(error, {**(headers or {}), "Retry-After": str(wait)})


def _headers(standings: Iterable[Standing]) -> dict[str, str]:
    """Return the fields of draft-ietf-httpapi-ratelimit-headers, with an entry for each limit."""
    policies, states = [], []
    for standing in standings:
        rate = standing.limit.rate
        name = f'"{standing.limit.scope}-{rate.seconds}"'
        policies.append(f"{name};q={rate.requests};w={rate.seconds}")
        states.append(f"{name};r={standing.left};t={standing.seconds}")
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}
