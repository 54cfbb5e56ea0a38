"""The windows in the store, and what holds while it cannot be asked."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from unittest import mock
from uuid import uuid4

import redis
from django.conf import settings
from django.core.cache import cache
from django.test import SimpleTestCase, tag
from freezegun import freeze_time

from common.store import StoreAway
from common.throttling import patience, window
from common.throttling.patience import MOST, PatientBreaker, Refusals, patient_store
from common.throttling.rates import Rate
from common.throttling.window import Limit, still_refused, take

from ..helpers import OwnCacheTests
from ..limits import clocks_stopped, let_pass, store_away

FEW = Limit("few", Rate(2, 60), "ann")
MANY = Limit("many", Rate(5, 3600), "ann")


class WindowTests(OwnCacheTests, SimpleTestCase):
    def admitted(self, limit: Limit, times: int) -> int:
        """Return how many of so many requests a limit lets in."""
        return sum(not take([limit])[0].is_exceeded for _ in range(times))

    def test_so_many_are_let_in_and_no_more(self) -> None:
        self.assertEqual(self.admitted(FEW, 5), 2)

    def test_the_window_moves_with_each_request(self) -> None:
        take([FEW])
        let_pass(40)
        self.assertEqual(self.admitted(FEW, 3), 1)
        let_pass(20)
        self.assertEqual(self.admitted(FEW, 3), 1)
        let_pass(40)
        self.assertEqual(self.admitted(FEW, 3), 1)

    def test_just_before_the_end_of_the_window_nobody_more_is_let_in(self) -> None:
        with clocks_stopped():
            self.admitted(FEW, 2)
            let_pass(59.9)
            self.assertEqual(self.admitted(FEW, 1), 0)

    def test_what_is_refused_does_not_prolong_the_wait(self) -> None:
        self.admitted(FEW, 2)
        let_pass(30)
        self.assertEqual(self.admitted(FEW, 10), 0)
        let_pass(30)
        self.assertEqual(self.admitted(FEW, 3), 2)

    def test_what_one_limit_refuses_no_other_one_counts(self) -> None:
        for _ in range(4):
            take([FEW, MANY])
        few, many = take([FEW, MANY])
        self.assertEqual((few.is_exceeded, many.is_exceeded), (True, False))
        self.assertEqual((few.left, many.left), (0, 3))

    def test_each_caller_scope_and_window_counts_for_itself(self) -> None:
        for other in (
            Limit("few", Rate(2, 60), "bob"),
            Limit("fewer", Rate(2, 60), "ann"),
            Limit("few", Rate(2, 3600), "ann"),
        ):
            self.assertEqual(self.admitted(FEW, 1) + self.admitted(other, 2) >= 2, True)
        self.assertEqual(self.admitted(FEW, 1), 0)

    def test_a_rate_that_gets_smaller_waits_for_as_many_as_are_too_many(self) -> None:
        with clocks_stopped():
            self.admitted(MANY, 3)
            let_pass(1000)
            self.admitted(MANY, 1)
            (smaller,) = take([Limit("many", Rate(1, 3600), "ann")])
        self.assertEqual((smaller.is_exceeded, smaller.left, smaller.seconds), (True, 0, 3600))

    def test_all_limits_take_one_round_trip(self) -> None:
        take([FEW, MANY])
        connection = patient_store()._client().connection
        with mock.patch.object(connection, "send_command", wraps=connection.send_command) as sent:
            take([FEW, MANY])
        self.assertEqual(sent.call_count, 1)

    def test_a_server_that_has_lost_the_script_gets_it_again(self) -> None:
        with mock.patch.object(window, "_DIGEST", "0" * 40):
            self.assertEqual(self.admitted(FEW, 3), 2)

    def test_the_clock_of_the_web_server_does_not_matter(self) -> None:
        self.admitted(FEW, 2)
        with freeze_time(datetime.now(UTC) + timedelta(days=1)):
            self.assertEqual(self.admitted(FEW, 1), 0)

    def test_what_is_kept_goes_with_its_window(self) -> None:
        take([FEW, MANY])
        prefix = cache.make_key("throttle")
        left = patient_store().run(
            lambda client: [client.pttl(f"{prefix}:{limit.key}") for limit in (FEW, MANY)]
        )
        self.assertTrue(0 < left[0] <= 60_000 < left[1] <= 3_600_000, left)


class AwayTests(OwnCacheTests, SimpleTestCase):
    def test_a_single_failure_does_not_open_the_breaker(self) -> None:
        self.enterContext(clocks_stopped())
        breaker = PatientBreaker()
        for _ in range(3):
            for _ in range(2):
                breaker.fail()
            breaker.succeed()
            breaker.check()
        self.assertFalse(breaker._is_open)
        with self.assertLogs("common.store") as logs:
            for _ in range(3):
                breaker.fail()
        self.assertEqual([line.message for line in logs.records], ["The store is away."])
        with self.assertRaises(StoreAway):
            breaker.check()

    def test_a_failure_is_told_to_the_breaker_of_the_cache(self) -> None:
        with store_away():
            with self.assertRaises(StoreAway):
                take([FEW])
            self.assertTrue(patience.store.default().breaker._is_open)

    def test_one_that_hangs_costs_no_more_than_the_timeout(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
            hanging = patience.PatientStore(url)
            self.addCleanup(hanging.close)
            with self.settings(THROTTLE_STORE_TIMEOUT=0.05), self.assertRaises(StoreAway):
                hanging.run(lambda client: client.ping())

    def test_in_production_a_request_waits_a_quarter_second_at_most(self) -> None:
        from config.settings import base

        self.assertLess(base.THROTTLE_STORE_TIMEOUT + base.STORE_TIMEOUT, 0.25)

    def answer_after_a_timeout(self, *, others_are_answered: bool) -> bytes:
        """Ask a server that sends one half of its answer, and the rest after the first timeout."""
        is_late = threading.Event()

        def serve(listener: socket.socket) -> None:
            with listener.accept()[0] as caller:
                caller.recv(1000)
                caller.sendall(b"+PO")
                is_late.wait()
                caller.sendall(b"NG\r\n")
                caller.recv(1000)

        def read(**options: bool) -> bytes:
            try:
                return own_read(**options)
            except redis.TimeoutError:
                counter._last_answer = time.monotonic() if others_are_answered else 0.0
                is_late.set()
                raise

        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = threading.Thread(target=serve, args=(listener,))
            server.start()
            self.addCleanup(server.join)
            port = listener.getsockname()[1]
            counter = patience.PatientStore(f"redis://127.0.0.1:{port}/0")
            connection = redis.Connection(
                port=port, protocol=2, lib_name=None, lib_version=None, socket_timeout=0.05
            )
            self.addCleanup(connection.disconnect)
            own_read = connection.read_response
            with mock.patch.object(connection, "read_response", read):
                return counter.ask(mock.Mock(connection=connection), "PING")

    def test_a_store_that_answers_others_is_waited_for(self) -> None:
        self.assertEqual(self.answer_after_a_timeout(others_are_answered=True), b"PONG")

    def test_a_store_that_answers_nobody_is_not(self) -> None:
        with self.assertRaises(redis.TimeoutError):
            self.answer_after_a_timeout(others_are_answered=False)

    def test_one_that_answers_others_is_not_waited_for_without_end(self) -> None:
        with self.settings(THROTTLE_PATIENCE=0), self.assertRaises(redis.TimeoutError):
            self.answer_after_a_timeout(others_are_answered=True)

    def test_who_was_refused_stays_refused(self) -> None:
        self.enterContext(clocks_stopped())
        for _ in range(3):
            take([FEW, MANY])
        self.assertEqual(still_refused([FEW, MANY]), 60)
        self.assertEqual(still_refused([MANY]), 0)
        self.assertEqual(still_refused([Limit("few", Rate(2, 60), "bob")]), 0)

    def test_no_more_refusals_are_remembered_than_memory_is_meant_for(self) -> None:
        self.enterContext(clocks_stopped())
        refusals = Refusals()
        for number in range(MOST):
            refusals.note(number, 60)
        self.assertGreater(refusals.seconds(0), 59)
        refusals.note("one more", 60)
        self.assertLessEqual(refusals.seconds(0), 0)
        self.assertGreater(refusals.seconds("one more"), 59)


@tag("slow")
class ConcurrencyTests(SimpleTestCase):
    """Three processes with four threads each, and a dozen callers at once."""

    limit = 20
    callers = 12
    requests = 120

    def test_exactly_the_limit_is_let_in(self) -> None:
        name = f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"
        with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryFile() as log:
            server = self.serve(listener, log)
            try:
                statuses = self.burst(listener.getsockname()[1], name)
            finally:
                server.terminate()
                server.wait(30)
                self.forget(name)
        self.assertEqual(statuses, {200: self.limit, 429: self.requests - self.limit})

    def serve(self, listener: socket.socket, log: object) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "THROTTLE_PROXIES": "1",
            "THROTTLE_GENERAL_ANONYMOUS": f"{self.limit}/hour",
        }
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
                *("--bind", f"fd://{listener.fileno()}"),
                *("--workers", "3", "--threads", "4", "config.wsgi"),
            ],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
        )

    def burst(self, port: int, name: str) -> Counter[int]:
        """Return the statuses of requests that a dozen threads send at once."""
        statuses: list[int] = []

        def send() -> None:
            for _ in range(self.requests // self.callers):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                headers = {"Host": "localhost", "X-Forwarded-For": f"198.51.100.7, {name}"}
                # A page that asks no database.
                connection.request("GET", "/v1/docs/", headers=headers)
                statuses.append(connection.getresponse().status)
                connection.close()

        threads = [threading.Thread(target=send) for _ in range(self.callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Counter(statuses)

    def forget(self, name: str) -> None:
        """Remove what the server has counted: its keys are not those of this process."""
        with redis.from_url(settings.CACHES["default"]["LOCATION"]) as client:
            for key in client.scan_iter(match=f"*throttle:*{name[:-1]}*"):
                client.delete(key)
