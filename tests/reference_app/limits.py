"""What the tests of the limits share: rates, requests that age, clocks that stand, no store."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest import mock

from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from freezegun import freeze_time

from common import store
from common.throttling import patience, window
from common.throttling.patience import patient_store

from .helpers import NO_CACHE


def limited_to(**scopes: dict[str, str]) -> override_settings:
    """Return the context in which these scopes have these rates."""
    return override_settings(THROTTLE_RATES={**settings.THROTTLE_RATES, **scopes})


def let_pass(seconds: float) -> None:
    """Make every request that was counted in this test so much older."""

    def age(client: store.Client) -> None:
        for key in client.scan_iter(match=f"{cache.make_key('throttle')}:*", _type="LIST"):
            times = [int(each) - int(seconds * 1_000_000) for each in client.lrange(key, 0, -1)]
            client.delete(key)
            client.rpush(key, *times)

    patient_store().run(age)


@contextmanager
def clocks_stopped() -> Iterator[None]:
    """Let no time pass, neither for the store that counts nor for this process.

    A test that says to the second how long somebody waits would fail on a machine that is busy.
    """
    clock = "redis.call('TIME')"
    assert clock in window.SCRIPT
    script = window.SCRIPT.replace(clock, f"{{{time.time():.0f}, 0}}")
    digest = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
    replaced = mock.patch.multiple(window, SCRIPT=script, _DIGEST=digest)
    with replaced, freeze_time(datetime.now(UTC)):
        yield


@contextmanager
def store_away() -> Iterator[None]:
    """Let nobody answer where the store should be; how that went is forgotten afterwards."""
    url = NO_CACHE["default"]["LOCATION"]
    with override_settings(CACHES=NO_CACHE):
        try:
            yield
        finally:
            for stores in (patience._stores, store._stores):
                if url in stores:
                    stores.pop(url).close()
