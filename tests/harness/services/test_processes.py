import os
import signal
import subprocess
import sys
from unittest import mock

import psutil

from quality_harness.gate import CouldNotRun
from quality_harness.services import processes
from quality_harness.services.home import Account
from tests.harness.services.homes import HomeCase

SLEEP = ("sleep", "60")


class RunAsTests(HomeCase):
    def test_the_own_account_needs_no_switch(self) -> None:
        self.assertEqual(processes.run_as(Account(1000, 100), 1000), {})

    def test_another_account_leaves_all_groups_of_root(self) -> None:
        self.assertEqual(
            processes.run_as(Account(1000, 100), 0),
            {"user": 1000, "group": 100, "extra_groups": []},
        )


class EnvironmentTests(HomeCase):
    def test_what_would_redirect_postgresql_is_left_out(self) -> None:
        with mock.patch.dict(os.environ, PGPORT="7", PGDATA="/x", LC_ALL="de_DE", KEPT="1"):
            variables = processes.clean_environment()

        self.assertEqual([name for name in variables if name.startswith("PG")], [])
        self.assertEqual((variables["LC_ALL"], variables["KEPT"]), ("C", "1"))


class LaunchTests(HomeCase):
    def launch(self, *command: str) -> int:
        account = Account(os.geteuid(), os.getegid())
        return processes.launch(command, self.root / "a log", account, self.root)

    def sleeper(self) -> psutil.Process:
        process = psutil.Process(self.launch(*SLEEP))
        self.addCleanup(processes.end, [process], signal.SIGKILL)
        return process

    def test_the_server_is_in_a_session_of_its_own_and_nobodys_child(self) -> None:
        process = self.sleeper()

        self.assertNotEqual(os.getsid(process.pid), os.getsid(0))
        self.assertNotEqual(process.ppid(), os.getpid())

    def test_its_output_goes_to_the_log(self) -> None:
        pid = self.launch("sh", "-c", 'echo "$1"; echo 2 >&2', "sh", "a  b")

        self.assertFalse(processes.comes_up(lambda: False, pid))
        self.assertEqual((self.root / "a log").read_text(), "a  b\n2\n")

    def test_it_is_found_by_its_program_and_folder(self) -> None:
        process = self.sleeper()

        self.assertTrue(processes.comes_up(lambda: process.name() == "sleep", process.pid))
        self.assertEqual(processes.belonging("sleep", self.root), [process])
        self.assertEqual(processes.belonging("sleep", self.root / "other"), [])
        self.assertEqual(processes.belonging("slee", self.root), [])

    def test_it_is_ended_politely(self) -> None:
        process = self.sleeper()

        self.assertEqual(processes.end([process], signal.SIGTERM), [process.pid])

        self.assertFalse(processes.alive(process.pid))

    def test_it_is_ended_by_force_where_it_does_not_go(self) -> None:
        process = self.sleeper()

        processes.end([process], signal.SIGCONT, patience=0)

        self.assertFalse(processes.alive(process.pid))


class AliveTests(HomeCase):
    def zombie(self) -> int:
        """Return the id of a process that has ended and was not waited for."""
        process = subprocess.Popen(["true"])
        self.addCleanup(process.wait)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        return process.pid

    def test_a_process_that_runs(self) -> None:
        self.assertTrue(processes.alive(os.getpid()))

    def test_a_zombie_does_not_run(self) -> None:
        self.assertFalse(processes.alive(self.zombie()))

    def test_a_process_that_is_gone(self) -> None:
        pid = subprocess.Popen(["true"])
        pid.wait()

        self.assertFalse(processes.alive(pid.pid))

    def test_a_server_comes_up_once_it_answers(self) -> None:
        answers = iter([False, True])

        self.assertTrue(processes.comes_up(lambda: next(answers), os.getpid()))

    def test_a_server_that_ends_does_not_come_up(self) -> None:
        self.assertFalse(processes.comes_up(lambda: False, self.zombie()))

    def test_a_server_that_takes_too_long_does_not_come_up(self) -> None:
        self.assertFalse(processes.comes_up(lambda: False, os.getpid(), patience=0))


class TopmostTests(HomeCase):
    def test_a_helper_is_left_to_its_server(self) -> None:
        helper = subprocess.Popen(SLEEP)
        self.addCleanup(helper.wait)
        self.addCleanup(helper.kill)
        server = psutil.Process()

        found = processes.topmost([psutil.Process(helper.pid), server])

        self.assertEqual(found, [server])


class TailTests(HomeCase):
    def test_gives_the_last_lines(self) -> None:
        log = self.root / "log"
        log.write_text("1\n2\n3\n")

        self.assertEqual(processes.tail(log, 2), "  2\n  3")

    def test_says_that_there_is_nothing(self) -> None:
        self.assertEqual(processes.tail(self.root / "missing"), "  (the log is empty)")


class MissingTests(HomeCase):
    def test_without_psutil_there_is_a_message(self) -> None:
        with mock.patch.dict(sys.modules, psutil=None):
            del sys.modules["quality_harness.services.processes"]
            with self.assertRaisesRegex(
                CouldNotRun, r"psutil is not installed, so .* or stopped here.*\[services\]"
            ):
                import quality_harness.services.processes  # noqa: F401
