"""A test reaches nothing outside of this machine."""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from unittest import mock

from quality_harness.finding import Rule
from quality_harness.testing.watching import Problem, Running
from quality_harness.testing.watching import Watch as BaseWatch

GATE = "tests"

OUTSIDE = Rule(
    code="TST003",
    name="network-outside",
    summary="A test opens a connection to another machine.",
    reason=(
        "It is red when that machine is slow, away or has changed, and green where nobody notices "
        "that real mail was sent or real money moved. Loopback and unix sockets are allowed."
    ),
    instead=(
        "Start a server on 127.0.0.1 for the test, or replace the client where it leaves your code."
    ),
    bad="def test_rates(self):\n    self.assertIn('EUR', rates('https://rates.example'))",
    good="def test_rates(self):\n    self.assertIn('EUR', rates(self.server.url))",
)
RULES = (OUTSIDE,)
_HINT = "Start a server on 127.0.0.1 for the test, or replace the client."


class OutsideNetwork(OSError):
    """A test wants to leave this machine."""


class Watch(BaseWatch):
    """Refuses connections and look-ups that leave the machine."""

    def __init__(self) -> None:
        self._refused: list[str] = []
        self._patches: list[Any] = []

    def start(self) -> None:
        """Stand before `connect`, `sendto` and the look-up of names."""
        for name in ("connect", "connect_ex", "sendto"):
            # The class in Python, so that those written in C are left as they are.
            self._patch(socket.socket, name, self._guarded(getattr(socket.socket, name)))
        self._patch(socket, "getaddrinfo", self._looked_up(socket.getaddrinfo))

    def stop(self) -> None:
        """Put the functions back."""
        while self._patches:
            self._patches.pop().stop()

    def begin(self, test: Running) -> None:
        """Forget what another test wanted."""
        self._refused = []

    def judge(self, test: Running) -> Iterable[Problem]:
        """Tell of a refusal that the code under test has swallowed."""
        for address in dict.fromkeys(self._refused):
            yield Problem(OUTSIDE, f"{test.name} opens a connection to {address}.", _HINT)

    def _patch(self, owner: Any, name: str, function: Any) -> None:
        patch = mock.patch.object(owner, name, function)
        patch.start()
        self._patches.append(patch)

    def _guarded(self, original: Any) -> Any:
        def guarded(sock: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            if isinstance(address, tuple) and address and not is_local(str(address[0])):
                self._refuse(f"{address[0]}:{address[1]}")
            return original(sock, *arguments)

        return guarded

    def _looked_up(self, original: Any) -> Any:
        def looked_up(host: Any, *arguments: Any, **options: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            if name is not None and not is_local(name):
                self._refuse(name)
            return original(host, *arguments, **options)

        return looked_up

    def _refuse(self, address: str) -> None:
        self._refused.append(address)
        raise OutsideNetwork(f"{OUTSIDE.code} The test opens a connection to {address}. {_HINT}")


def is_local(host: str) -> bool:
    """Whether a host, a name or an address, is this machine."""
    if host in ("", "localhost") or host.endswith(".localhost"):
        return True
    if host == socket.gethostname():
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
