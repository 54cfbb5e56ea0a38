"""Counts requests in moving windows, in the store and by the store's clock.

One script takes all limits of a request, or none. The clocks of web servers do not matter, and
nothing happens between what it reads and what it writes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil

from django.core.cache import cache
from redis.exceptions import NoScriptError

from common.store import Client
from common.throttling.patience import PatientStore, patient_store, refusals
from common.throttling.rates import Rate

# Each limit is a list of times in microseconds, the latest first; what has left the window is
# dropped as it is met. A rate may have got smaller, so what a full list waits for is counted
# from its front. The last key counts refusals by scope.
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local count = #KEYS - 1
local answer, refused = {}, {}
for i = 1, count do
  local most, window = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  local oldest = redis.call('LINDEX', KEYS[i], -1)
  while oldest and oldest + window <= now do
    redis.call('RPOP', KEYS[i])
    oldest = redis.call('LINDEX', KEYS[i], -1)
  end
  local used = oldest and redis.call('LLEN', KEYS[i]) or 0
  answer[2 * i - 1], answer[2 * i] = most - used, (oldest or now) + window - now
  if used >= most then
    answer[2 * i - 1] = -1
    answer[2 * i] = redis.call('LINDEX', KEYS[i], most - 1) + window - now
    refused[ARGV[3 * i]] = true
  end
end
if next(refused) then
  for scope in pairs(refused) do
    redis.call('HINCRBY', KEYS[count + 1], scope, 1)
  end
  redis.call('EXPIRE', KEYS[count + 1], ARGV[3 * count + 1])
else
  for i = 1, count do
    redis.call('LPUSH', KEYS[i], string.format('%.0f', now))
    redis.call('PEXPIRE', KEYS[i], ARGV[3 * i - 1] / 1000)
    answer[2 * i - 1] = answer[2 * i - 1] - 1
  end
end
return answer
"""
_DIGEST = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()
# Seconds that the counts of a day are kept.
_COUNTS_KEPT = 30 * 24 * 3600


@dataclass(frozen=True)
class Limit:
    """A rate in a scope, for one caller."""

    scope: str
    rate: Rate
    caller: str

    @property
    def key(self) -> str:
        """What no other limit is called."""
        return f"{self.scope}:{self.rate.seconds}:{self.caller}"


@dataclass(frozen=True)
class Standing:
    """How a limit stands after a request.

    Attributes:
        limit: which one.
        left: how many more requests it takes now.
        seconds: until it takes one more than that.
        is_exceeded: whether it refuses this one.
    """

    limit: Limit
    left: int
    seconds: int
    is_exceeded: bool


def take(limits: Sequence[Limit]) -> list[Standing]:
    """Count a request in all of its limits, or in none where one of them refuses it.

    Raises:
        StoreAway: nobody can count now. Where the store was lost in the middle, the request may
            have been counted, or be counted twice: never too few.
    """
    prefix = cache.make_key("throttle")
    arguments: list[str | int] = [len(limits) + 1]
    arguments += [f"{prefix}:{limit.key}" for limit in limits]
    arguments.append(_counts_key(prefix, datetime.now(UTC).date()))
    for limit in limits:
        arguments += (limit.rate.requests, limit.rate.seconds * 1_000_000, limit.scope)
    arguments.append(_COUNTS_KEPT)
    counter = patient_store()
    answer = counter.run(lambda client: _run(counter, client, arguments))
    standings = [
        # Rounded up: who waits so long is let in.
        Standing(limit, max(left, 0), -(-wait // 1_000_000), left < 0)
        for limit, left, wait in zip(limits, answer[::2], answer[1::2], strict=True)
    ]
    for key, wait, standing in zip(arguments[1:], answer[1::2], standings, strict=False):
        if standing.is_exceeded:
            refusals.note(key, wait / 1_000_000)
    return standings


def still_refused(limits: Sequence[Limit]) -> int:
    """Return for how many seconds a caller has to wait, by what this process was told before.

    It is 0 where the process knows of no limit that is exceeded.
    """
    prefix = cache.make_key("throttle")
    return max(0, *(ceil(refusals.seconds(f"{prefix}:{limit.key}")) for limit in limits))


def refused(day: date) -> dict[str, int]:
    """Return how many requests were refused on a day (in UTC), by the scope that refused them.

    Raises:
        StoreAway: nobody knows now.
    """
    key = _counts_key(cache.make_key("throttle"), day)
    counts = patient_store().run(lambda client: client.hgetall(key))
    return {scope.decode(): int(number) for scope, number in counts.items()}


def _counts_key(prefix: str, day: date) -> str:
    return f"{prefix}:refused:{day.isoformat()}"


def _run(counter: PatientStore, client: Client, arguments: list[str | int]) -> list[int]:
    try:
        found: list[int] = counter.ask(client, "EVALSHA", _DIGEST, *arguments)
    except NoScriptError:  # The server has started since.
        found = counter.ask(client, "EVAL", SCRIPT, *arguments)
    return found
