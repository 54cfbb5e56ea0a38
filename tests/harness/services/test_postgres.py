import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest import mock

from quality_harness import services
from quality_harness.gate import CouldNotRun
from quality_harness.services import placement, wheels
from quality_harness.services.home import Account, Home
from quality_harness.services.location import read_location, write_location
from tests.harness.services.homes import HomeCase
from tests.harness.services.test_location import listen, write_state

INITDB = 'mkdir "$2" && echo 18 >"$2/PG_VERSION"'


class BrokenCase(HomeCase):
    """A PostgreSQL whose programs are small scripts."""

    def setUp(self) -> None:
        super().setUp()
        # The user who runs PostgreSQL for root has to reach the scripts.
        self.root.chmod(0o755)
        self.folder = self.home.directory / "postgres"
        self.programs = self.root / "programs"
        self.programs.mkdir()
        self.write_program("initdb", INITDB)
        self.write_program("postgres", "echo FATAL: no memory; exit 1")
        patched = mock.patch.object(wheels, "reachable_programs", return_value=self.programs)
        patched.start()
        self.addCleanup(patched.stop)

    def write_program(self, name: str, script: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def message(self) -> str:
        with self.assertRaises(CouldNotRun) as caught:
            services.database_url(root=self.root)
        return str(caught.exception)


class FailureTests(BrokenCase):
    def test_a_server_that_does_not_start_shows_the_end_of_its_log(self) -> None:
        self.assertEqual(
            self.message(),
            f"PostgreSQL does not start. The end of its log, {self.folder}/server.log:\n"
            "  FATAL: no memory",
        )

    def test_data_that_cannot_be_made_shows_why(self) -> None:
        self.write_program("initdb", "echo no space left >&2; exit 1")

        self.assertEqual(
            self.message(),
            f"PostgreSQL cannot make its data in {self.folder}/data:\n  no space left",
        )

    def test_data_that_were_not_made_whole_never_count(self) -> None:
        self.write_program("initdb", f"{INITDB}; exit 1")
        self.message()
        self.assertTrue((self.folder / "data.unfinished").exists())
        self.assertFalse((self.folder / "data").exists())

        self.write_program("initdb", INITDB)
        self.message()

        self.assertFalse((self.folder / "data.unfinished").exists())
        self.assertEqual((self.folder / "data" / "PG_VERSION").read_text(), "18\n")

    def test_a_program_that_cannot_be_run_has_a_message(self) -> None:
        (self.programs / "initdb").unlink()

        self.assertEqual(
            self.message(),
            f"The services under {self.home.directory} cannot be used: No such file or directory: "
            f"{self.programs}/initdb. "
            "Mend that, or set DATABASE_URL and REDIS_URL to servers of your own.",
        )

    def test_an_error_without_a_file_has_a_message_too(self) -> None:
        with mock.patch.object(Home, "make", side_effect=OSError(28, "No space left on device")):
            self.assertIn("cannot be used: No space left on device. Mend", self.message())

    def test_a_log_that_cannot_be_written_has_a_message(self) -> None:
        self.message()
        log = self.folder / "server.log"
        log.unlink()
        log.mkdir()

        message = self.message()

        self.assertIn(f"{self.programs}/postgres cannot be started: ", message)
        self.assertIn(f"{log}: Is a directory", message)

    def test_a_foreign_server_at_the_socket_is_named(self) -> None:
        location = self.location()
        listen(self, location.socket_file)
        location.socket_lock.write_text("4711\n/elsewhere\n")

        self.assertEqual(
            self.message(),
            f"Process 4711 listens on {location.socket_file} and is not PostgreSQL of "
            f"{location.data}. End it, then try again.",
        )

    def test_a_foreign_server_without_a_lock_is_of_unknown_id(self) -> None:
        listen(self, self.location().socket_file)

        self.assertIn("Process of unknown id listens on", self.message())

    def test_what_a_killed_server_left_is_removed(self) -> None:
        self.message()
        location = placement.place(self.home, 1, self.home.owner, Account(1, 1))
        left = (location.pid_file, location.socket_file, location.socket_lock)
        for path in left:
            path.write_text("not a process id\n")

        self.message()

        self.assertEqual([path.exists() for path in left], [False, False, False])


class AbandonedTests(BrokenCase):
    """A server whose socket is outside of the project and whose `.services` was removed."""

    def setUp(self) -> None:
        super().setUp()
        folders = mock.patch.object(placement, "temporary_folders", return_value=(self.root,))
        folders.start()
        self.addCleanup(folders.stop)
        self.root = self.root / ("d" * 100)
        self.root.mkdir()
        self.home = Home(self.root, "test")
        self.home.make()
        owner = self.home.owner
        self.place = placement.place(self.home, owner.uid, owner, owner)
        for folder in (self.place.data, self.place.socket):
            folder.mkdir(parents=True)

    def run_server(self) -> subprocess.Popen[bytes]:
        """Run something that goes by PostgreSQL's name in the data directory, and answers."""
        program = self.root / "postgres"
        program.symlink_to(sys.executable)
        # A shell gives what it runs in the background deaf ears for SIGINT.
        script = "import signal, time; signal.signal(2, signal.SIG_DFL); time.sleep(60)"
        server = subprocess.Popen(
            [program, "-c", script], cwd=self.place.data, stderr=subprocess.DEVNULL
        )
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        write_state(self.place, server.pid, server.pid, "ready   ")
        listen(self, self.place.socket_file)
        return server

    def test_it_is_ended_and_replaced(self) -> None:
        server = self.run_server()
        self.assertTrue(self.place.answers())

        self.message()

        self.assertIsNotNone(server.poll())
        self.assertFalse(self.place.socket_file.exists())

    def test_it_is_kept_where_its_services_are_still_there(self) -> None:
        server = self.run_server()
        write_location(self.home, self.place)

        self.assertEqual(services.database_url(root=self.root), self.place.url)

        self.assertIsNone(server.poll())


class VersionTests(BrokenCase):
    def test_data_of_another_version_stay_and_are_named(self) -> None:
        data = self.location().data
        (data / "PG_VERSION").write_text("16\n")

        self.assertEqual(
            self.message(),
            f"The data in {data} was made by PostgreSQL 16, and PostgreSQL 18 is installed. "
            f"To start with empty data: quality-harness services stop && rm -rf {data}",
        )
        self.assertEqual((data / "PG_VERSION").read_text(), "16\n")

    def test_the_command_can_be_pasted_whatever_the_path(self) -> None:
        self.root = self.root / "a b"
        self.root.mkdir()
        self.home = Home(self.root, "test")
        data = self.location().data

        message = self.message()

        self.assertIn("made by PostgreSQL of unknown version,", message)
        self.assertTrue(message.endswith(f"rm -rf '{data}'"))


class StopTests(HomeCase):
    """What stands outside of the project when its services are stopped."""

    def setUp(self) -> None:
        super().setUp()
        self.outside = self.root / "outside"

    def record(self, profile: str, data: Path) -> Home:
        home = Home(self.root, profile)
        self.home = home
        location = replace(self.location(), data=data, base=self.outside)
        data.mkdir(parents=True, exist_ok=True)
        (self.outside / "wheel").mkdir(parents=True)
        write_location(home, location)
        return home

    def test_test_data_are_removed_with_their_folder(self) -> None:
        home = self.record("test", self.outside / "postgres" / "data")

        services.stop(self.root)

        self.assertFalse(self.outside.exists())
        self.assertIsNone(read_location(home))

    def test_data_of_the_run_profile_stay_and_their_programs_go(self) -> None:
        home = self.record("run", self.outside / "postgres" / "data")

        services.stop(self.root)

        self.assertEqual(os.listdir(self.outside), ["postgres"])
        self.assertIsNotNone(read_location(home))

    def test_a_folder_for_the_socket_alone_goes_in_the_run_profile_too(self) -> None:
        data = self.root / ".services" / "run" / "postgres" / "data"
        self.record("run", data)

        services.stop(self.root)

        self.assertFalse(self.outside.exists())
        self.assertTrue(data.exists())

    def test_nothing_is_made_where_nothing_ever_ran(self) -> None:
        self.assertEqual(services.stop(self.root), [])

        self.assertEqual(os.listdir(self.root), [])
