"""Asks the limits of a request, and says what follows."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from common.errors import CommonError, ErrorCode
from common.logs import log
from common.store import StoreAway
from common.throttling.addresses import client_of
from common.throttling.rates import Scope, rates_of, tier_of
from common.throttling.window import Limit, Standing, take

# Seconds after which who was turned away may try again while the store is away.
AWAY_RETRY = 5
_POLICY, _STANDING, _RETRY = "RateLimit-Policy", "RateLimit", "Retry-After"


@dataclass(frozen=True)
class Verdict:
    """Whether a request passes.

    Attributes:
        error: why it does not; None where it does.
        wait: after how many seconds another one may.
        headers: what the answer says about the limits.
    """

    error: ErrorCode | None = None
    wait: int = 0
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
        return _away(scopes)
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
    return Verdict(CommonError.THROTTLED, wait, _headers(standings) | {_RETRY: str(wait)})


def _away(scopes: Iterable[Scope]) -> Verdict:
    if all(scope.is_open for scope in scopes):
        return Verdict()
    headers = {_RETRY: str(AWAY_RETRY)}
    return Verdict(CommonError.LIMITS_AWAY, AWAY_RETRY, headers)


def _headers(standings: Iterable[Standing]) -> dict[str, str]:
    """Return the fields of draft-ietf-httpapi-ratelimit-headers, with an entry for each limit."""
    policies, states = [], []
    for standing in standings:
        rate = standing.limit.rate
        name = f'"{standing.limit.scope}-{rate.seconds}"'
        policies.append(f"{name};q={rate.requests};w={rate.seconds}")
        states.append(f"{name};r={standing.left};t={standing.seconds}")
    return {_POLICY: ", ".join(policies), _STANDING: ", ".join(states)}
