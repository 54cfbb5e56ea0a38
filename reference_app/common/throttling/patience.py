"""The limits' own way to the store: one answer that is late does not let everybody in.

The breaker of `common.store` opens at the first failure, since what is cached can be had
elsewhere. Limits cannot: while it is open, whatever is open passes uncounted. On a machine that
is busy with a burst single answers come late, so here several in a row have to fail first, and a
store that answers others meanwhile is waited for longer; who was refused just now stays refused,
whether the store can be asked or not.
"""

import os
import time
from typing import Any

from django.conf import settings
from redis.exceptions import TimeoutError

from common import store
from common.store import Breaker, Client, Store

FAILURES = 3
# How many refused callers a process remembers.
MOST = 10_000


class PatientBreaker(Breaker):
    """Opens where several requests in a row have failed.

    The breaker of the cache is told each time: a request waits for one of the two, not for both.
    """

    def __init__(self) -> None:
        super().__init__()
        self._failed = 0

    def fail(self) -> None:
        store.default().breaker.fail()
        self._failed += 1
        if self._failed >= FAILURES:
            super().fail()

    def succeed(self) -> None:
        self._failed = 0
        super().succeed()


class PatientStore(Store):
    """A store with such a breaker, which tells a slow store from one that hangs."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.breaker: Breaker = PatientBreaker()
        self._last_answer = 0.0

    def ask(self, client: Client, *command: Any) -> Any:
        """Return the answer to a command; it is waited for while others of this process get theirs.

        Raises:
            TimeoutError: nobody was answered in the meantime, or it took too long all the same.
        """
        begun = time.monotonic()
        client.connection.send_command(*command)
        while True:
            try:
                # What has come of the answer so far stays: the connection is read on.
                answer = client.connection.read_response(disconnect_on_error=False)
            except TimeoutError:
                waited = time.monotonic() - begun
                if self._last_answer < begun or waited >= settings.THROTTLE_PATIENCE:
                    raise
            else:
                self._last_answer = time.monotonic()
                return answer

    @property
    def timeout(self) -> float:
        return settings.THROTTLE_STORE_TIMEOUT


class Refusals:
    """Until when callers are refused, as far as this process was told."""

    def __init__(self) -> None:
        self._until: dict[Any, float] = {}

    def note(self, key: Any, seconds: float) -> None:
        """Note that a limit is exceeded for so long."""
        if len(self._until) >= MOST:
            self._until.clear()
        self._until[key] = time.monotonic() + seconds

    def seconds(self, key: Any) -> float:
        """Return for how long a limit is exceeded still; 0 or less where it is not."""
        return self._until.get(key, 0.0) - time.monotonic()


refusals = Refusals()
_stores: dict[str, PatientStore] = {}


def patient_store() -> PatientStore:
    """Return the store of the cache's address."""
    url = settings.CACHES["default"]["LOCATION"]
    try:
        return _stores[url]
    except KeyError:
        return _stores.setdefault(url, PatientStore(url))


# A process that is forked shares no connection with its parent.
os.register_at_fork(after_in_child=_stores.clear)
