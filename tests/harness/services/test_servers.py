"""The real servers, in one home that all of these tests share.

The home is closed to others and deep: root has to keep its data outside, a user the socket.
"""

import argparse
import contextlib
import io
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

import psutil
import psycopg
import redis

from django.test import tag

from quality_harness import services
from quality_harness.services import command, postgres, processes, valkey
from quality_harness.services.address import Address, read_address
from quality_harness.services.home import Home
from quality_harness.services.location import Location, read_location
from tests.harness.services.homes import bare_environment

ASK = "from quality_harness import services; print(*services.environment().values())"


class HangUp(socketserver.TCPServer):
    """A server that takes every client and hangs up."""

    allow_reuse_address = True


@tag("slow")
class ServerTests(unittest.TestCase):
    root: Path
    answers: list[str]
    later: str

    @classmethod
    def setUpClass(cls) -> None:
        folder = Path(tempfile.mkdtemp()).resolve()
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.root = folder / ("deep" * 16) / "a project"
        cls.root.mkdir(parents=True)
        (cls.root / "pyproject.toml").touch()
        patched = mock.patch.dict(os.environ, bare_environment(), clear=True)
        patched.start()
        cls.addClassCleanup(patched.stop)
        cls.addClassCleanup(services.stop, cls.root)
        asked = [
            subprocess.Popen(
                [sys.executable, "-c", ASK], cwd=cls.root, stdout=subprocess.PIPE, text=True
            )
            for _ in range(3)
        ]
        cls.answers = [process.communicate()[0].strip() for process in asked]
        cls.later = " ".join(services.environment(cls.root).values())

    def setUp(self) -> None:
        self.home = Home(self.root, "test")
        self.enterContext(contextlib.chdir(self.root))

    def location(self) -> Location:
        location = read_location(self.home)
        assert location is not None
        return location

    def address(self) -> Address:
        address = read_address(self.home)
        assert address is not None
        return address

    def server(self, program: str) -> psutil.Process:
        """Return the one server of `program` in this home."""
        location = self.location()
        folders = {postgres.PROGRAM: location.data, valkey.PROGRAM: self.home.directory / "valkey"}
        running = processes.topmost(processes.belonging(program, folders[program]))
        self.assertEqual(len(running), 1)
        return running[0]

    def kill(self, program: str) -> psutil.Process:
        """Kill the server as a crash would, with no chance to tidy up."""
        server = self.server(program)
        processes.end([server], signal.SIGKILL)
        # Its last thread, and with it its port, may go a little later.
        self.assertTrue(processes.comes_up(lambda: not self.answers_at_all(program), os.getpid()))
        return server

    def answers_at_all(self, program: str) -> bool:
        name = {postgres.PROGRAM: "PostgreSQL", valkey.PROGRAM: "Valkey"}[program]
        return name in [service.name for service in services.status()]

    def run_command(self, *arguments: str) -> str:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.assertEqual(command.run(parser.parse_args(arguments)), 0)
        return printed.getvalue()

    def test_processes_that_ask_at_once_share_one_server_that_outlives_them(self) -> None:
        self.assertEqual(self.answers, [self.later] * 3)

    def test_the_database_can_be_used(self) -> None:
        with psycopg.connect(services.database_url()) as connection:
            row = connection.execute(
                "SELECT current_user, current_setting('fsync'), upper('é'),"
                " current_setting('listen_addresses'), current_setting('max_connections')"
            ).fetchone()

        self.assertEqual(row, ("postgres", "off", "É", "", "300"))

    def test_the_cache_can_be_used_with_the_password_alone(self) -> None:
        client = redis.Redis.from_url(services.redis_url())
        self.addCleanup(client.close)
        address = self.address()

        self.assertTrue(client.ping())
        self.assertEqual(client.config_get("appendonly"), {"appendonly": "no"})
        with socket.create_connection(("127.0.0.1", address.port)) as stranger:
            stranger.sendall(b"PING\r\n")
            self.assertTrue(stranger.recv(100).startswith(b"-NOAUTH"))

    def test_nobody_else_can_enter_the_folder_of_the_socket(self) -> None:
        services.database_url()
        location = self.location()

        self.assertEqual(location.socket.stat().st_mode & 0o777, 0o700)
        self.assertLess(len(os.fsencode(location.socket_file)), 104)

    def test_a_killed_database_is_started_again(self) -> None:
        url = services.database_url()
        killed = self.kill(postgres.PROGRAM)

        self.assertEqual(services.database_url(), url)

        self.assertNotEqual(self.server(postgres.PROGRAM), killed)
        psycopg.connect(url).close()

    def test_a_server_that_another_process_has_started_meanwhile_is_taken(self) -> None:
        urls = services.environment()

        with (
            mock.patch.object(services, "read_location", return_value=None),
            mock.patch.object(services, "read_address", return_value=None),
        ):
            again = services.environment()

        self.assertEqual(again, urls)

    def test_a_killed_cache_is_started_again_with_another_password(self) -> None:
        url = services.redis_url()
        self.kill(valkey.PROGRAM)

        again = services.redis_url()

        self.assertNotEqual(again, url)
        self.assertEqual(again.rpartition("@")[2], url.rpartition("@")[2])

    def test_a_port_that_is_taken_meanwhile_is_replaced(self) -> None:
        services.redis_url()
        address = self.address()
        self.kill(valkey.PROGRAM)
        with HangUp(("127.0.0.1", address.port), socketserver.BaseRequestHandler) as taken:
            thread = threading.Thread(target=taken.serve_forever, args=(0.01,))
            thread.start()
            url = services.redis_url()
            taken.shutdown()
            thread.join()

        self.assertNotIn(f":{address.port}/", url)
        self.assertTrue(self.server(valkey.PROGRAM).is_running())

    def test_a_server_that_nobody_can_find_any_more_is_replaced(self) -> None:
        services.start()
        lost = self.server(postgres.PROGRAM), self.server(valkey.PROGRAM)
        location = self.location()
        location.pid_file.unlink()
        (self.home.directory / "valkey" / "address").unlink()

        services.start()

        found = self.server(postgres.PROGRAM), self.server(valkey.PROGRAM)
        self.assertEqual(set(lost) & set(found), set())

    def test_a_server_that_someone_else_has_just_started_is_waited_for(self) -> None:
        services.database_url()
        server = self.server(postgres.PROGRAM)
        location = self.location()
        state = location.pid_file.read_text()
        location.pid_file.write_text(state.replace("ready   ", "starting"))

        def become_ready(_: float) -> None:
            location.pid_file.write_text(state)

        with mock.patch.object(processes.time, "sleep", side_effect=become_ready) as slept:
            services.database_url()

        self.assertEqual(slept.call_count, 1)
        self.assertEqual(self.server(postgres.PROGRAM), server)

    def test_they_are_started_shown_and_stopped_by_the_command(self) -> None:
        shown = self.run_command("start")
        location, address = self.location(), self.address()
        running = self.server(postgres.PROGRAM), self.server(valkey.PROGRAM)

        stopped = self.run_command("stop")

        self.assertEqual(
            shown,
            f"PostgreSQL (test) runs at {location.socket_file}.\n"
            f"Valkey (test) runs at 127.0.0.1:{address.port}.\n",
        )
        self.assertEqual(
            stopped,
            f"Stopped PostgreSQL (test, process {running[0].pid}).\n"
            f"Stopped Valkey (test, process {running[1].pid}).\n",
        )
        self.assertEqual([processes.alive(process.pid) for process in running], [False, False])
        self.assertEqual(self.run_command("status"), f"{command.NOTHING}\n")
        self.assertEqual(self.run_command("stop"), f"{command.NOTHING}\n")
