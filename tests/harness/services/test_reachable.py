import socket
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.services import check_reachable, reachable

SECRET = "hunter2"


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
        message = self.message(DATABASE_URL=f"postgresql://u:{SECRET}@/n")

        self.assertIn("DATABASE_URL is malformed: it names no host.", message)

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


class ReachableTests(CheckCase):
    def setUp(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        self.port = self.server.getsockname()[1]

    def unix_server(self, name: str) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / name
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(str(path))
        server.listen()
        return path

    def accepted(self) -> bool:
        """Whether someone has connected to the server."""
        self.server.settimeout(3)
        self.server.accept()[0].close()
        return True

    def test_nothing_is_set(self) -> None:
        self.assertIsNone(check_reachable({"DATABASE_URL": ""}))

    def test_a_database_that_listens(self) -> None:
        check_reachable({"DATABASE_URL": f"postgresql://u:{SECRET}@127.0.0.1:{self.port}/n"})

        self.assertTrue(self.accepted())

    def test_a_redis_that_listens(self) -> None:
        check_reachable({"REDIS_URL": f"redis://127.0.0.1:{self.port}"})

        self.assertTrue(self.accepted())

    def test_a_database_that_does_not_listen(self) -> None:
        self.server.close()

        message = self.message(DATABASE_URL=f"postgres://u:{SECRET}@127.0.0.1:{self.port}/n")

        self.assertEqual(
            message,
            f"DATABASE_URL names a server at 127.0.0.1:{self.port} that cannot be connected to: "
            "Connection refused. Start it, or unset DATABASE_URL to have one started.",
        )

    def test_a_server_that_never_answers(self) -> None:
        with mock.patch.object(reachable.socket, "create_connection") as connect:
            connect.side_effect = TimeoutError("timed out")
            message = self.message(REDIS_URL="redis://h")

        connect.assert_called_once_with(("h", 6379), 3.0)
        self.assertIn("at h:6379 that cannot be connected to: timed out", message)

    def test_the_socket_of_a_database_in_the_query(self) -> None:
        path = self.unix_server(".s.PGSQL.5432")

        check_reachable({"DATABASE_URL": f"postgresql://u@/n?host={path.parent}"})

        path.unlink()
        message = self.message(DATABASE_URL=f"postgresql://u@/n?host={path.parent}")
        self.assertIn(f"at {path} that cannot be connected to: No such file", message)

    def test_the_socket_of_a_database_in_the_hosts_place_and_its_port(self) -> None:
        path = self.unix_server(".s.PGSQL.7000")
        quoted = str(path.parent).replace("/", "%2F")

        self.assertIsNone(check_reachable({"DATABASE_URL": f"postgresql://u@{quoted}:7000/n"}))

    def test_the_socket_of_a_redis(self) -> None:
        path = self.unix_server("redis")

        self.assertIsNone(check_reachable({"REDIS_URL": f"unix://{path}"}))
