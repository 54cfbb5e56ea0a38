import socket
import unittest

from quality_harness.gate import CouldNotRun
from quality_harness.load.target import Target, check
from tests.harness.load.standins import IDENTITY, served


class CheckTests(unittest.TestCase):
    def refused(self, host: str, target: Target) -> str:
        with self.assertRaises(CouldNotRun) as caught:
            check(host, target)
        return str(caught.exception)

    def test_the_right_application_is_let_be(self) -> None:
        with served() as server:
            self.assertIsNone(check(server.url + "/", Target("/health", IDENTITY)))

    def test_another_application_is_told_apart_by_its_page(self) -> None:
        with served() as server:
            problem = self.refused(server.url, Target("/health", "the shop"))

        self.assertIn(f"Another application answers at {server.url}", problem)
        self.assertIn("/health does not contain 'the shop'", problem)

    def test_another_application_is_told_apart_by_its_status(self) -> None:
        with served() as server:
            problem = self.refused(server.url, Target("/404/", IDENTITY))

        self.assertIn("answers, but /404/ with 404: another application listens", problem)

    def test_nobody_answers(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]

        problem = self.refused(f"http://127.0.0.1:{port}", Target("/", ""))

        self.assertIn("cannot be reached: [Errno 111] Connection refused.", problem)

    def test_a_host_that_is_no_address_is_told(self) -> None:
        for host in ("127.0.0.1:8000", "ftp://h", "http://", ""):
            with self.subTest(host=host):
                self.assertIn("is no address of a host", self.refused(host, Target("/", "")))

    def test_a_port_that_is_none_is_told(self) -> None:
        self.assertIn("cannot be reached", self.refused("http://127.0.0.1:x", Target("/", "")))
