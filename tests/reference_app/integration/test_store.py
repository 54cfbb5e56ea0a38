"""A store that is gone, hangs or comes back."""

import socket
from unittest import mock

from django.conf import settings
from django.test import SimpleTestCase
from redis.exceptions import ConnectionError

from common import store
from common.store import Store, StoreAway


class StoreTests(SimpleTestCase):
    def setUp(self) -> None:
        self.store = Store(settings.CACHES["default"]["LOCATION"])
        self.addCleanup(self.store.close)

    def test_it_answers(self) -> None:
        self.assertTrue(self.store.run(lambda client: client.ping()))

    def test_it_knows_which_start_of_the_server_it_leads_to(self) -> None:
        run_id = self.store.run(lambda client: client.info("server")["run_id"])
        self.assertEqual(self.store.run(lambda client: client.start), run_id[:16])

    def test_a_connection_that_the_server_closed_is_made_anew(self) -> None:
        self.store.run(lambda client: client.ping())
        self.store._client().connection._sock.shutdown(socket.SHUT_RDWR)
        self.assertTrue(self.store.run(lambda client: client.ping()))

    def test_closed_it_can_be_used_again(self) -> None:
        self.store.close()
        self.store.close()
        self.assertTrue(self.store.run(lambda client: client.ping()))

    def test_each_address_has_one(self) -> None:
        self.assertIs(store.default(), store.default())


class AwayTests(SimpleTestCase):
    def setUp(self) -> None:
        self.logs = self.enterContext(self.assertLogs("common.store"))
        # It is tried again when a test says so, however busy the machine is.
        self.enterContext(mock.patch.object(store, "RETRY_AFTER", 3600))

    def store_at(self, port: int) -> Store:
        away = Store(f"redis://127.0.0.1:{port}/0")
        self.addCleanup(away.close)
        return away

    def ask(self, away: Store) -> None:
        with self.assertRaises(StoreAway):
            away.run(lambda client: client.ping())

    def test_where_nobody_listens_it_is_away(self) -> None:
        self.ask(self.store_at(1))
        self.assertEqual([line.message for line in self.logs.records], ["The store is away."])

    def test_one_that_hangs_is_waited_for_once(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            away = self.store_at(silent.getsockname()[1])
            made = mock.patch.object(store.Client, "from_url", wraps=store.Client.from_url)
            with self.settings(STORE_TIMEOUT=0.05), made as connected:
                self.ask(away)
            with self.assertRaisesMessage(StoreAway, "The breaker is open."):
                away.run(lambda client: client.ping())
        options = connected.call_args.kwargs
        self.assertEqual(
            (options["socket_timeout"], options["socket_connect_timeout"]), (0.05, 0.05)
        )

    def test_one_in_a_while_tries_again(self) -> None:
        away = self.store_at(1)
        self.ask(away)
        away.breaker._next_try = 0.0
        tried = []
        with self.assertRaises(StoreAway):
            away.run(tried.append)
        with self.assertRaisesMessage(StoreAway, "The breaker is open."):
            away.run(tried.append)
        self.assertEqual([line.message for line in self.logs.records], ["The store is away."])

    def test_back_again_it_is_used(self) -> None:
        back = Store(settings.CACHES["default"]["LOCATION"])
        self.addCleanup(back.close)
        back.breaker.fail()
        back.breaker._next_try = 0.0
        for _ in range(2):
            self.assertTrue(back.run(lambda client: client.ping()))
        self.assertEqual(self.logs.records[-1].message, "The store is back.")

    def test_what_is_closed_twice_is_away(self) -> None:
        def fail(client: store.Client) -> None:
            raise ConnectionError("closed")

        back = Store(settings.CACHES["default"]["LOCATION"])
        self.addCleanup(back.close)
        back.run(lambda client: client.ping())
        with self.assertRaisesMessage(StoreAway, "closed"):
            back.run(fail)
