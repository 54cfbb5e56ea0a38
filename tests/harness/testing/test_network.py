import socket
from unittest import TestCase, mock

from quality_harness.testing.watches.network import is_local
from tests.harness.testing.runs import RunCase

SUITE = """
    import contextlib
    import socket
    import unittest


    class ATests(unittest.TestCase):
        def test_connects(self):
            with socket.socket() as sock:
                sock.connect(("192.0.2.1", 80))
            self.assertTrue(True)

        def test_looks_up(self):
            socket.getaddrinfo(b"www.example.org", 80)
            self.assertTrue(True)

        def test_swallows(self):
            with contextlib.suppress(OSError):
                socket.getaddrinfo("www.example.org", 80)
            self.assertTrue(True)

        def test_stays(self):
            with socket.create_server(("127.0.0.1", 0)) as server:
                socket.create_connection(server.getsockname()).close()
                socket.create_connection(("localhost", server.getsockname()[1])).close()
            with socket.socket(socket.AF_UNIX) as sock, self.assertRaises(FileNotFoundError):
                sock.connect("nothing-there")
            socket.getaddrinfo(None, 80)
    """


class NetworkTests(RunCase):
    def test_what_leaves_the_machine_is_refused(self) -> None:
        self.suite(SUITE, 'strict = ["network"]')

        for run in self.both():
            self.assertEqual(
                run.failed,
                {"ATests::test_connects", "ATests::test_looks_up", "ATests::test_swallows"},
            )
            self.assertIn("TST003 The test opens a connection to 192.0.2.1:80.", run.output)
            self.assertIn("TST003 ATests.test_swallows opens a connection to www.ex", run.output)

    def test_the_functions_are_put_back(self) -> None:
        before = socket.socket.connect, socket.getaddrinfo
        self.suite(SUITE, 'strict = ["network"]')

        self.both()

        self.assertEqual((socket.socket.connect, socket.getaddrinfo), before)


class IsLocalTests(TestCase):
    def test_this_machine(self) -> None:
        with mock.patch("socket.gethostname", return_value="here"):
            for host in ("", "localhost", "a.localhost", "127.0.0.2", "::1", "fe80::1%lo", "here"):
                with self.subTest(host):
                    self.assertEqual(is_local(host), host != "fe80::1%lo")

    def test_another_machine(self) -> None:
        for host in ("example.org", "192.0.2.1", "2001:db8::1"):
            with self.subTest(host):
                self.assertFalse(is_local(host))

    def test_all_addresses_of_this_machine(self) -> None:
        self.assertTrue(is_local("0.0.0.0"))
