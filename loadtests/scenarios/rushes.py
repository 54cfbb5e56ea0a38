"""People who come all at once: at the edge of a throttle, to log in, or slowly."""

import random
import time
from urllib.parse import urlsplit

import gevent
from gevent import socket
from headers import throttle_of, wait_of
from locust import FastHttpUser, User, constant, tag, task
from scenarios.asking import BLOGS, PASSWORD, Account, Asking, some_address

from quality_harness.load import invariants
from quality_harness.load.arrivals import spike
from quality_harness.load.open_arrivals import OpenUser

# More than the throttle of searches lets through in its window.
BURST = 50
PIECES = 8


class Burster(Asking, FastHttpUser):
    """Searches as fast as it can, from one address: what a throttle lets through is counted."""

    weight = 1
    fixed_count = 1
    concurrency = BURST
    wait_time = constant(5)

    @tag("burst")
    @task
    def burst(self) -> None:
        """Send many searches at once."""
        gevent.joinall([gevent.spawn(self.search) for _ in range(BURST)])

    def search(self) -> None:
        """Search, and count what the throttle has done with it."""
        path, name = f"{BLOGS}?search=blog", f"{BLOGS}?search=[word] (burst)"
        sent = time.time()
        answer = self.ask("GET", path, name=name, expected=(200, 429))
        throttle = throttle_of(answer.headers or {})
        if answer.status_code == 429:
            waits = wait_of(answer.headers or {}) is not None
            invariants.check("retry-after", waits, "a 429 says no whole seconds in Retry-After")
        elif answer.status_code == 200 and throttle is not None:
            invariants.admitted(
                "admitted-search",
                limit=throttle.limit,
                window=throttle.window,
                sent=sent,
                answered=time.time(),
            )


class LoginStorm(Account, OpenUser):
    """Everybody logs in again at once, as after a deployment that ends all sessions."""

    arrivals = spike(base=0.2, peak=2, after=30, seconds=5)
    labels = ("login",)
    most_pending = 200

    def on_start(self) -> None:
        """Open the account that everybody uses."""
        self.open_account("Storm")

    def visit(self) -> None:
        """Log in."""
        body = {"email": self.email, "password": PASSWORD, "device": "storm"}
        # A device of its own has a connection of its own, not one that has long been idle.
        headers = {"Connection": "close"}
        self.ask("POST", "/v1/accounts/login/", expected=(201, 429), json=body, headers=headers)


class SlowClient(User):
    """Sends its request in pieces and reads as slowly: others must not have to wait for it."""

    weight = 1
    fixed_count = 1
    wait_time = constant(0.5)

    @tag("slow")
    @task
    def ask_slowly(self) -> None:
        """Ask for a list, byte after byte."""
        began, wall = time.perf_counter(), time.time()
        error: Exception | None = None
        try:
            answer = self._exchange()
            # A server may as well show a slow client the door.
            served = answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 408", b"HTTP/1.1 429"))
            invariants.check("slow-client", served, answer[:60].decode(errors="replace"))
        except OSError as problem:
            error = problem
            invariants.check("slow-client", False, str(problem))
        self.environment.events.request.fire(
            request_type="GET",
            name=f"{BLOGS} (slow client)",
            response_time=(time.perf_counter() - began) * 1000,
            response_length=0,
            start_time=wall,
            exception=error,
            context={},
        )

    def _exchange(self) -> bytes:
        parts = urlsplit(self.host or "")
        request = (
            f"GET {BLOGS} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
            f"X-Forwarded-For: {some_address()}\r\n\r\n"
        ).encode()
        address = (parts.hostname or "", parts.port or 80)
        with socket.create_connection(address, timeout=30) as connection:
            step = len(request) // PIECES + 1
            for start in range(0, len(request), step):
                connection.sendall(request[start : start + step])
                gevent.sleep(random.uniform(0.05, 0.15))
            answer = b""
            while piece := connection.recv(512):
                answer += piece
                gevent.sleep(0.02)
            return answer
