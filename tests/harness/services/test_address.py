import socket
import threading

from quality_harness.services.address import Address, read_address, write_address
from quality_harness.services.home import Home, make_directory
from tests.harness.services.homes import HomeCase


class AddressTests(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        self.address = Address(self.server.getsockname()[1], "hunter2")

    def answer(self, *parts: bytes) -> None:
        """Answer the next client with `parts`, then close."""

        def serve() -> None:
            client = self.server.accept()[0]
            self.received = client.recv(100)
            for part in parts:
                client.sendall(part)
            client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)

    def test_a_server_that_takes_the_password_answers(self) -> None:
        self.answer(b"+OK\r\n", b"+PONG\r\n")

        self.assertTrue(self.address.answers())
        self.assertEqual(self.received, b"AUTH hunter2\r\nPING\r\n")

    def test_a_server_that_refuses_it_does_not(self) -> None:
        self.answer(b"-WRONGPASS invalid\r\n")

        self.assertFalse(self.address.answers())

    def test_a_server_that_is_still_loading_does_not(self) -> None:
        self.answer(b"+OK\r\n-LOADING\r\n")

        self.assertFalse(self.address.answers())

    def test_a_server_that_hangs_up_does_not(self) -> None:
        self.answer(b"+OK\r\n")

        self.assertFalse(self.address.answers())

    def test_nothing_at_the_port_does_not(self) -> None:
        self.server.close()

        self.assertFalse(self.address.answers())

    def test_the_password_is_in_the_url_alone(self) -> None:
        self.assertEqual(self.address.url, f"redis://:hunter2@127.0.0.1:{self.address.port}/0")
        self.assertNotIn("hunter2", repr(self.address))


class RecordTests(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        self.home.make()
        self.folder = self.home.directory / "valkey"
        make_directory(self.folder, self.home.owner, 0o700)

    def test_what_is_written_is_read(self) -> None:
        write_address(self.home, Address(7000, "hunter2"))

        self.assertEqual(read_address(self.home), Address(7000, "hunter2"))

    def test_only_its_owner_can_read_it(self) -> None:
        write_address(self.home, Address(7000, "hunter2"))

        self.assertEqual((self.folder / "address").stat().st_mode & 0o777, 0o600)

    def test_a_write_that_was_cut_off_is_no_obstacle(self) -> None:
        (self.folder / "address.unfinished").write_text("70")

        write_address(self.home, Address(7000, "hunter2"))

        self.assertEqual(read_address(self.home), Address(7000, "hunter2"))

    def test_without_a_record_there_is_none(self) -> None:
        self.assertIsNone(read_address(self.home))

    def test_a_record_that_is_no_address_does_not_count(self) -> None:
        (self.folder / "address").write_text(f"{self.home.directory}\nseven\nhunter2\n")

        self.assertIsNone(read_address(self.home))

    def test_a_record_that_was_cut_off_does_not_count(self) -> None:
        (self.folder / "address").write_text(f"{self.home.directory}\n7000\n")

        self.assertIsNone(read_address(self.home))

    def test_the_record_of_a_copied_project_does_not_count(self) -> None:
        write_address(self.home, Address(7000, "hunter2"))
        copy = Home(self.root / "copy", "test")
        copy.services.mkdir(parents=True)
        self.home.directory.rename(copy.directory)

        self.assertIsNone(read_address(copy))
