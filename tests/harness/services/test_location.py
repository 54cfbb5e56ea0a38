import os
import socket
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from quality_harness.services.home import Home
from quality_harness.services.location import (
    Location,
    connects,
    forget_location,
    read_location,
    write_location,
)
from tests.harness.services.homes import HomeCase


def listen(case: HomeCase, path: Path) -> None:
    """Listen on the unix socket `path` until the test ends."""
    server = socket.socket(socket.AF_UNIX)
    case.addCleanup(server.close)
    server.bind(str(path))
    server.listen()


def write_state(location: Location, pid: int, holder: int, state: str) -> None:
    """Write what a PostgreSQL with this process id writes, and the lock of its socket."""
    location.pid_file.write_text(f"{pid}\n/data\n0\n5432\n/socket\n\n 1 2\n{state}\n")
    location.socket_lock.write_text(f"{holder}\n/data\n")


class AnswersTests(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        self.place = self.location()

    def test_a_ready_server_behind_its_socket_answers(self) -> None:
        write_state(self.place, 7, 7, "ready   ")
        listen(self, self.place.socket_file)

        self.assertTrue(self.place.answers())

    def test_a_server_that_still_starts_does_not(self) -> None:
        write_state(self.place, 7, 7, "starting")
        listen(self, self.place.socket_file)

        self.assertFalse(self.place.answers())

    def test_the_socket_of_another_server_does_not(self) -> None:
        write_state(self.place, 7, 8, "ready   ")
        listen(self, self.place.socket_file)

        self.assertFalse(self.place.answers())

    def test_a_killed_server_does_not(self) -> None:
        write_state(self.place, 7, 7, "ready   ")

        self.assertFalse(self.place.answers())

    def test_nothing_does_not(self) -> None:
        self.assertFalse(self.place.answers())
        self.assertFalse(connects(self.place.socket_file))


class UrlTests(HomeCase):
    def test_leads_to_the_socket_whatever_its_path(self) -> None:
        location = Location(Path("/d"), Path("/a b/c&d=é"), Path("/"))

        parts = urlsplit(location.url)

        self.assertEqual(parse_qs(parts.query), {"host": ["/a b/c&d=é"]})
        self.assertEqual((parts.username, parts.port, parts.path), ("postgres", 5432, "/postgres"))


class RecordTests(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        self.place = self.location()
        write_location(self.home, self.place)

    def test_what_is_written_is_read(self) -> None:
        self.assertEqual(read_location(self.home), self.place)

    def test_without_a_record_there_is_none(self) -> None:
        forget_location(self.home)

        self.assertIsNone(read_location(self.home))

    def test_the_record_of_a_copied_project_does_not_count(self) -> None:
        copy = Home(self.root / "copy", "test")
        (copy.root / ".services").mkdir(parents=True)
        os.rename(self.home.directory, copy.directory)

        self.assertIsNone(read_location(copy))

    def test_a_record_that_was_cut_off_does_not_count(self) -> None:
        record = self.home.directory / "postgres.location"
        record.write_text(record.read_text().splitlines()[0])

        self.assertIsNone(read_location(self.home))

    def test_a_folder_outside_that_is_gone_does_not_count(self) -> None:
        write_location(self.home, replace(self.place, base=self.root / "gone"))

        self.assertIsNone(read_location(self.home))

    def test_a_folder_of_someone_else_does_not_count(self) -> None:
        someones = Path("/" if os.geteuid() else self.someones_folder())
        write_location(self.home, replace(self.place, base=someones))

        self.assertIsNone(read_location(self.home))

    def someones_folder(self) -> Path:
        folder = self.root / "someones"
        folder.mkdir()
        os.chown(folder, 12345, 12345)
        return folder
