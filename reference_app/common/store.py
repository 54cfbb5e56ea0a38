"""The way to Redis or Valkey, for what a request can do without.

    store.run(lambda client: client.get(name))

A server that is gone or hangs costs one request an eighth of a second; then the breaker is open,
and for a moment everybody is told at once that the store is away. Each thread has a connection of
its own, which knows which start of the server it leads to: what an earlier start has kept may be
older than what was deleted since.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection
from redis.exceptions import ConnectionError
from redis.retry import Retry

from common.logs import log

Result = TypeVar("Result")

# Seconds that nobody asks a store that was away; then one request tries.
RETRY_AFTER = 0.25


class StoreAway(Exception):
    """The store cannot be reached, or was just found to be away."""


class Breaker:
    """Keeps all but one from asking a store that is away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_open = False
        self._next_try = 0.0

    def check(self) -> None:
        """Raise StoreAway where the store is away and nobody is to try."""
        if not self._is_open:
            return
        with self._lock:
            now = time.monotonic()
            if self._is_open and now < self._next_try:
                raise StoreAway("The breaker is open.")
            self._next_try = now + RETRY_AFTER

    def fail(self) -> None:
        """Note that the store did not answer."""
        with self._lock:
            was_open, self._is_open = self._is_open, True
            self._next_try = time.monotonic() + RETRY_AFTER
        if not was_open:
            log(__name__, logging.WARNING, "The store is away.")

    def succeed(self) -> None:
        """Note that the store has answered."""
        if not self._is_open:
            return
        with self._lock:
            self._is_open = False
        log(__name__, logging.INFO, "The store is back.")


class Store:
    """A server, with a connection for each thread.

    Args:
        url: its address.
    """

    def __init__(self, url: str) -> None:
        self.breaker = Breaker()
        self._url = url
        self._threads = threading.local()

    @property
    def timeout(self) -> float:
        """Seconds for a connection, and for each answer."""
        seconds: float = settings.STORE_TIMEOUT
        return seconds

    def run(self, work: Callable[["Client"], Result]) -> Result:
        """Return what `work` gives with a client.

        Raises:
            StoreAway: the store is away; `work` may or may not have reached it.
        """
        self.breaker.check()
        try:
            result = self._try_twice(work)
        except (RedisError, OSError) as error:
            # What was asked may be answered late, when somebody waits for another answer.
            self.close()
            self.breaker.fail()
            raise StoreAway(str(error)) from error
        self.breaker.succeed()
        return result

    def _try_twice(self, work: Callable[["Client"], Result]) -> Result:
        """Work again where the connection was closed by the server: it may be back already."""
        is_old = hasattr(self._threads, "client")
        try:
            return work(self._client())
        except ConnectionError:
            if not is_old:
                raise
        self.close()
        return work(self._client())

    def close(self) -> None:
        """Close the connection of this thread."""
        client = vars(self._threads).pop("client", None)
        if client:
            client.close()

    def _client(self) -> "Client":
        client: Client | None = getattr(self._threads, "client", None)
        if client is None:
            client = self._threads.client = Client.from_url(
                self._url,
                single_connection_client=True,
                redis_connect_func=_note_start,
                socket_timeout=self.timeout,
                socket_connect_timeout=self.timeout,
                # Its own retries would multiply the time that a request can wait.
                retry=Retry(NoBackoff(), 0),
                lib_name=None,
                lib_version=None,
            )
        return client


class Client(Redis):
    """A client with one connection; it is made anew after any error, never silently."""

    connection: AbstractConnection

    @property
    def start(self) -> str:
        """Which start of the server the connection leads to; another one has another text."""
        return self.connection.start

    def ask(self, *command: Any) -> Any:
        """Return the answer to a command that only reads, without the detours of `Redis`."""
        self.connection.send_command(*command)
        return self.connection.read_response()


def _note_start(connection: Any) -> None:
    connection.on_connect()
    connection.send_command("INFO", "server")
    information = connection.read_response().decode()
    connection.start = information.partition("run_id:")[2].split()[0][:16]


_stores: dict[str, Store] = {}


def default() -> Store:
    """Return the store of the cache's address."""
    url = settings.CACHES["default"]["LOCATION"]
    try:
        return _stores[url]
    except KeyError:
        return _stores.setdefault(url, Store(url))


# A process that is forked shares no connection with its parent.
os.register_at_fork(after_in_child=_stores.clear)
