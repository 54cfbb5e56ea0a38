import contextlib
import queue
import socket
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.services import check_reachable, reachable

SECRET = "hunter2"
SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"


class CheckCase(unittest.TestCase):
    def message(self, **variables: str) -> str:
        """Return what the check says, which is never the password."""
        with self.assertRaises(CouldNotRun) as caught:
            check_reachable(variables)
        self.assertNotIn(SECRET, str(caught.exception))
        return str(caught.exception)


class MalformedTests(CheckCase):
    def test_an_unknown_scheme(self) -> None:
        self.assertEqual(
            self.message(DATABASE_URL=f"mysql://u:{SECRET}@h/n"),
            "DATABASE_URL is malformed: its scheme is unknown. "
            "It looks like postgresql://user:password@host:5432/name.",
        )

    def test_no_scheme_at_all(self) -> None:
        message = self.message(REDIS_URL=SECRET)

        self.assertEqual(
            message,
            "REDIS_URL is malformed: its scheme is unknown. "
            "It looks like redis://:password@host:6379/0.",
        )

    def test_postgresql_has_no_socket_scheme(self) -> None:
        self.assertIn("its scheme is unknown", self.message(DATABASE_URL="unix:///tmp/x"))

    def test_no_host(self) -> None:
        message = self.message(REDIS_URL=f"redis://:{SECRET}@/0")

        self.assertIn("REDIS_URL is malformed: it names no host.", message)

    def test_a_port_that_is_no_number(self) -> None:
        message = self.message(REDIS_URL="redis://h:port/0")

        self.assertIn("REDIS_URL is malformed: its port is not a number up to 65535", message)

    def test_a_port_that_is_too_high(self) -> None:
        self.assertIn("its port is not a number", self.message(REDIS_URL="redis://h:65536/0"))

    def test_a_host_that_is_not_closed(self) -> None:
        message = self.message(DATABASE_URL=f"postgresql://u:{SECRET}@[::1/n")

        self.assertIn("its host is not well-formed", message)

    def test_a_password_with_a_slash_does_not_pass_as_host(self) -> None:
        message = self.message(DATABASE_URL=f"postgresql://u@{SECRET}/x@h/n")

        self.assertIn("percent-encode the special characters", message)

    def test_a_password_with_a_hash_does_not_pass_as_port(self) -> None:
        self.assertIn("percent-encode", self.message(REDIS_URL=f"redis://:{SECRET}#x@h/0"))


class ServerCase(CheckCase):
    """A test with servers of its own, each of which takes one connection."""

    def serve(self, server: socket.socket, answer: bytes | None) -> queue.Queue[bytes]:
        """Let `server` give one answer, and none where it is None; return what it hears."""
        heard: queue.Queue[bytes] = queue.Queue()
        over = threading.Event()
        # Where nobody connects, the thread must end.
        server.settimeout(3)

        def run() -> None:
            with contextlib.suppress(OSError), server.accept()[0] as client:
                heard.put(client.recv(64))
                if answer is None:
                    over.wait()
                else:
                    client.sendall(answer)

        thread = threading.Thread(target=run)
        thread.start()
        # They are called in the reverse order.
        self.addCleanup(server.close)
        self.addCleanup(thread.join)
        self.addCleanup(over.set)
        return heard

    def listen(self, answer: bytes | None) -> int:
        """Start a server on a port of this machine, and return the port."""
        server = socket.create_server(("127.0.0.1", 0))
        self.heard = self.serve(server, answer)
        return server.getsockname()[1]

    def listen_at(self, name: str, answer: bytes) -> Path:
        """Start a server on a unix socket, and return its path."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / name
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        server.listen()
        self.heard = self.serve(server, answer)
        return path


class ReachableTests(ServerCase):
    def test_nothing_is_set(self) -> None:
        self.assertIsNone(check_reachable({"DATABASE_URL": ""}))

    def test_a_database_is_asked_for_encryption(self) -> None:
        for answer in (b"S", b"N", b"ESFATAL"):
            port = self.listen(answer)
            with self.subTest(answer=answer):
                check_reachable({"DATABASE_URL": f"postgresql://u:{SECRET}@127.0.0.1:{port}/n"})
                self.assertEqual(self.heard.get(timeout=60), SSL_REQUEST)

    def test_every_scheme_that_django_environ_knows(self) -> None:
        for scheme in ("postgresql", "postgres", "psql", "pgsql", "postgis"):
            port = self.listen(b"N")
            with self.subTest(scheme=scheme):
                check_reachable({"DATABASE_URL": f"{scheme}://127.0.0.1:{port}/n"})
                self.assertEqual(self.heard.get(timeout=60), SSL_REQUEST)

    def test_a_redis_is_pinged(self) -> None:
        for answer in (b"+PONG\r\n", b"-NOAUTH Authentication required.\r\n"):
            port = self.listen(answer)
            with self.subTest(answer=answer):
                check_reachable({"REDIS_URL": f"redis://127.0.0.1:{port}"})
                self.assertEqual(self.heard.get(timeout=60), b"PING\r\n")

    def test_an_encrypted_redis_is_only_connected_to(self) -> None:
        for scheme in ("rediss", "valkeys"):
            port = self.listen(b"")
            with self.subTest(scheme=scheme):
                check_reachable({"REDIS_URL": f"{scheme}://127.0.0.1:{port}"})
                self.assertEqual(self.heard.get(timeout=60), b"")

    def test_a_database_that_does_not_listen(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

        message = self.message(DATABASE_URL=f"postgres://u:{SECRET}@127.0.0.1:{port}/n")

        self.assertEqual(
            message,
            f"DATABASE_URL names a server at 127.0.0.1:{port} that cannot be connected to: "
            "Connection refused. Start it, or unset DATABASE_URL to have one started.",
        )

    def test_a_server_that_cannot_be_connected_to_in_time(self) -> None:
        with mock.patch.object(reachable.socket, "create_connection") as connect:
            connect.side_effect = TimeoutError("timed out")
            message = self.message(REDIS_URL="redis://h")

        connect.assert_called_once_with(("h", 6379), 3.0)
        self.assertIn("at h:6379 that cannot be connected to: timed out", message)

    def test_the_socket_of_a_database_in_the_query(self) -> None:
        path = self.listen_at(".s.PGSQL.5432", b"N")

        check_reachable({"DATABASE_URL": f"postgresql://u@/n?host={path.parent}"})

        path.unlink()
        message = self.message(DATABASE_URL=f"postgresql://u@/n?host={path.parent}")
        self.assertIn(f"at {path} that cannot be connected to: No such file", message)

    def test_the_socket_of_a_database_in_the_hosts_place_and_its_port(self) -> None:
        path = self.listen_at(".s.PGSQL.7000", b"N")
        quoted = str(path.parent).replace("/", "%2F")

        check_reachable({"DATABASE_URL": f"postgresql://u@{quoted}:7000/n"})

        self.assertEqual(self.heard.get(timeout=60), SSL_REQUEST)

    def test_the_socket_of_a_redis(self) -> None:
        path = self.listen_at("redis", b"+PONG\r\n")

        check_reachable({"REDIS_URL": f"unix://{path}"})

        self.assertEqual(self.heard.get(timeout=60), b"PING\r\n")


class NoHostTests(ServerCase):
    """A database without a host is where libpq looks for it."""

    def test_in_the_default_folder_that_has_a_socket(self) -> None:
        path = self.listen_at(".s.PGSQL.5432", b"N")

        with mock.patch.object(reachable, "SOCKET_FOLDERS", ("/nowhere", str(path.parent))):
            check_reachable({"DATABASE_URL": "postgresql:///n"})

        self.assertEqual(self.heard.get(timeout=60), SSL_REQUEST)

    def test_in_no_default_folder(self) -> None:
        with mock.patch.object(reachable, "SOCKET_FOLDERS", ("/nowhere", "/nor-here")):
            message = self.message(DATABASE_URL=f"postgresql://u:{SECRET}@/n")

        self.assertIn("at /nowhere/.s.PGSQL.5432 that cannot be connected to: No such", message)

    def test_where_pghost_says(self) -> None:
        port = self.listen(b"N")

        check_reachable({"DATABASE_URL": f"postgresql://:{port}/n", "PGHOST": "127.0.0.1"})

        self.assertEqual(self.heard.get(timeout=60), SSL_REQUEST)


class SomethingElseTests(ServerCase):
    def test_another_server_in_the_databases_place(self) -> None:
        port = self.listen(b"HTTP/1.0 400 Bad Request\r\n")

        self.assertEqual(
            self.message(DATABASE_URL=f"postgresql://u:{SECRET}@127.0.0.1:{port}/n"),
            f"DATABASE_URL names 127.0.0.1:{port}, but something else answers there, "
            "not PostgreSQL. Name the right server, or unset DATABASE_URL to have one started.",
        )

    def test_another_server_in_the_place_of_redis(self) -> None:
        port = self.listen(b"HTTP/1.0 400 Bad Request\r\n")

        message = self.message(REDIS_URL=f"redis://:{SECRET}@127.0.0.1:{port}/0")

        self.assertIn("something else answers there, not Redis or Valkey.", message)

    def test_a_server_that_hangs_up(self) -> None:
        port = self.listen(b"")

        message = self.message(DATABASE_URL=f"postgresql://127.0.0.1:{port}/n")

        self.assertIn("something else answers there", message)

    def test_a_server_that_says_nothing_is_not_waited_for(self) -> None:
        port = self.listen(None)

        with mock.patch.object(reachable, "PATIENCE", 0.1):
            message = self.message(DATABASE_URL=f"postgresql://127.0.0.1:{port}/n")

        self.assertIn("something else answers there", message)

    def test_connecting_and_answering_share_the_three_seconds(self) -> None:
        with (
            mock.patch.object(reachable.socket, "create_connection") as connect,
            mock.patch.object(reachable.time, "monotonic", side_effect=(100.0, 102.0)),
        ):
            connect.return_value = client = mock.MagicMock()
            client.recv.side_effect = TimeoutError
            self.message(DATABASE_URL="postgresql://h/n")

        client.settimeout.assert_called_once_with(1.0)
