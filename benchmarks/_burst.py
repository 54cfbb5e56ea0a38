"""Sends many requests over many connections, for little CPU: one loop, bytes made beforehand."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence

from quality_harness.gate import CouldNotRun

LONGEST = 120


class _Caller(asyncio.Protocol):
    """Sends one request after the other over a connection that stays."""

    def __init__(self, waiting: Iterator[bytes], statuses: Counter[int]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._statuses = statuses
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self) -> None:
        """Send the next request, where there is one."""
        request = next(self._waiting, None)
        if request is None:
            self._transport.close()
            self.done.set_result(None)
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            self._buffer = b""
            self._statuses[int(head[9:12])] += 1
            self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(CouldNotRun("The server closed a connection in a burst."))


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length: ")
    if not found:
        raise CouldNotRun(f"An answer without a length: {head[:200]!r}")
    return int(rest.partition(b"\r\n")[0])


def burst(host: str, port: int, requests: Sequence[bytes], connections: int) -> Counter[int]:
    """Return how many answers had which status; all of them have come.

    Args:
        host: where the server is.
        port: where the server is.
        requests: whole requests, each sent once.
        connections: over how many connections, all open before the first request.

    Raises:
        CouldNotRun: the server closed a connection, or takes too long.
    """
    return asyncio.run(_burst(host, port, requests, connections))


async def _burst(host: str, port: int, requests: Sequence[bytes], connections: int) -> Counter[int]:
    statuses: Counter[int] = Counter()
    waiting = iter(requests)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LONGEST):
            made = [
                await loop.create_connection(lambda: _Caller(waiting, statuses), host, port)
                for _ in range(connections)
            ]
            for _, caller in made:
                caller.send()
            await asyncio.gather(*(caller.done for _, caller in made))
    except TimeoutError as error:
        raise CouldNotRun(f"A burst took more than {LONGEST} seconds.") from error
    return statuses
