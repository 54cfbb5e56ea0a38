import argparse
import contextlib
import io
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import psycopg


from loadtests import run
from quality_harness import services
from quality_harness.gate import CouldNotRun

# Stands in for gunicorn: answers every request with the code that APP_ANSWER gives.
GUNICORN = """
import os, socket, sys
print("a line of the log", flush=True)
if "APP_ANSWER" not in os.environ:
    sys.exit(7)
name = sys.argv[sys.argv.index("--bind") + 1].removeprefix("fd://")
listener = socket.socket(fileno=int(name))
while True:
    client = listener.accept()[0]
    client.recv(1000)
    head = f"HTTP/1.1 {os.environ['APP_ANSWER']} X\\r\\nContent-Length: 0"
    client.sendall(head.encode() + b"\\r\\n\\r\\n")
    client.close()
"""
CHOSEN = run.Chosen(96, ("read",), "", Path("results"))
MANAGE = """
import pathlib, sys
with pathlib.Path("calls").open("a") as calls:
    print(*sys.argv[1:], file=calls)
print("no such table")
sys.exit("fails" in sys.argv)
"""


class FolderCase(unittest.TestCase):
    """A test with an app of its own, made of small scripts, in `self.folder`."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.enterContext(mock.patch.object(run, "APP", self.folder))
        (self.folder / "gunicorn.py").write_text(GUNICORN)
        (self.folder / "manage.py").write_text(MANAGE)


class ParseTests(unittest.TestCase):
    def refused(self, text: str) -> str:
        with (
            contextlib.redirect_stderr(io.StringIO()) as printed,
            self.assertRaises(SystemExit) as caught,
        ):
            run.parse(["--seconds", text])
        self.assertEqual(caught.exception.code, 2)
        return printed.getvalue()

    def test_takes_two_minutes_of_everything(self) -> None:
        self.assertEqual(run.parse([]), run.Chosen(120, (), "", run.RESULTS))

    def test_takes_what_is_given(self) -> None:
        chosen = run.parse(
            ["--seconds", "600", "--tags", "read", "slow", "--against", "main", "--output", "here"]
        )

        self.assertEqual(chosen, run.Chosen(600, ("read", "slow"), "main", Path("here")))

    def test_refuses_none_at_all(self) -> None:
        self.assertIn("'0' is not between 1 and 600 seconds", self.refused("0"))

    def test_refuses_too_many(self) -> None:
        self.assertIn("'601' is not between", self.refused("601"))

    def test_refuses_what_is_no_number(self) -> None:
        self.assertIn("'1.5' is not between", self.refused("1.5"))

    def test_its_type_is_an_error_of_the_command_line(self) -> None:
        with self.assertRaises(argparse.ArgumentTypeError):
            run.seconds_of("-1")


class AddressTests(unittest.TestCase):
    def test_the_database_is_another_one_of_the_same_server(self) -> None:
        self.assertEqual(
            run.other_database("postgresql://u:p@h:1/app?sslmode=off", "load"),
            "postgresql://u:p@h:1/load?sslmode=off",
        )

    def test_the_cache_is_neither_the_one_that_is_named_nor_the_queue_beside_it(self) -> None:
        self.assertEqual(run.other_cache("redis://:p@h:1/3"), "redis://:p@h:1/5")
        self.assertEqual(run.other_cache("redis://:p@h:1"), "redis://:p@h:1/2")

    def test_the_cache_behind_a_socket_stays(self) -> None:
        self.assertEqual(run.other_cache("unix:///tmp/redis.sock"), "unix:///tmp/redis.sock")


class EnvironmentTests(unittest.TestCase):
    def setUp(self) -> None:
        name = f"load_{os.getpid()}"
        self.enterContext(mock.patch.object(run, "DATABASE", name))
        self.urls = services.environment(run.ROOT)
        self.enterContext(mock.patch.dict(os.environ, self.urls))
        self.addCleanup(self.drop, name)

    def drop(self, name: str) -> None:
        with psycopg.connect(self.urls["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")

    def test_the_app_gets_a_database_of_its_own(self) -> None:
        environment = run.load_environment({})
        run.load_environment({})

        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT current_database()").fetchone()
        self.assertEqual(row, (run.DATABASE,))
        self.assertEqual(environment["REDIS_URL"], run.other_cache(self.urls["REDIS_URL"]))

    def test_what_the_shell_sets_for_the_tools_does_not_change_the_run(self) -> None:
        given = {"LOCUST_USERS": "1", "GUNICORN_CMD_ARGS": "-w 9", "KEPT": "1"}
        with mock.patch.object(run, "make_database"):
            environment = run.load_environment(given)

        self.assertEqual(
            set(environment) - set(run.UNREACHED),
            {"DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "KEPT", "REDIS_URL", *run.PROXIES},
        )
        self.assertEqual(environment["DJANGO_SETTINGS_MODULE"], "config.settings.local")
        self.assertEqual(environment["DEBUG"], "False")

    def test_the_settings_that_the_shell_names_win(self) -> None:
        given = {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
        with mock.patch.object(run, "make_database"):
            environment = run.load_environment(given)

        self.assertEqual(environment["DJANGO_SETTINGS_MODULE"], "config.settings.production")

    def test_a_server_that_refuses_has_a_message(self) -> None:
        url = self.urls["DATABASE_URL"].replace("postgres@", "stranger@", 1)
        with (
            mock.patch.dict(os.environ, DATABASE_URL=url),
            self.assertRaisesRegex(CouldNotRun, f'{run.DATABASE} cannot be made: .*"stranger"'),
        ):
            run.load_environment({})


class ManageTests(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(contextlib.chdir(self.folder))

    def test_the_database_is_brought_up_to_date_and_filled(self) -> None:
        run.prepare(os.environ)

        self.assertEqual(
            (self.folder / "calls").read_text(), "migrate --verbosity 0\nseed --blogs 200\n"
        )

    def test_a_command_that_fails_shows_the_end_of_its_output(self) -> None:
        with self.assertRaises(CouldNotRun) as caught:
            run.manage(os.environ, self.folder, "migrate", "fails")

        self.assertEqual(str(caught.exception), "manage.py migrate fails failed:\n  no such table")


class ServedTests(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.log = self.folder / "log"
        self.enterContext(mock.patch.dict(os.environ, APP_ANSWER="200"))

    def test_users_are_sent_to_a_healthy_app_which_is_ended_afterwards(self) -> None:
        with mock.patch.object(run, "attack", return_value=1) as attack:
            code = run.run(os.environ, self.folder, CHOSEN)

        url = attack.call_args.args[0]
        port = int(url.removeprefix("http://127.0.0.1:"))
        self.assertEqual(code, 1)
        self.assertEqual(attack.call_args.args, (url, CHOSEN))
        self.assertFalse(run.Server(mock.Mock(), port, self.log).is_healthy())

    def test_the_app_is_ended_when_the_run_breaks_off(self) -> None:
        with (
            contextlib.suppress(KeyboardInterrupt),
            run.served(os.environ, self.log) as server,
        ):
            raise KeyboardInterrupt

        self.assertEqual(server.process.returncode, -signal.SIGTERM)

    def test_an_app_that_dies_at_its_start_shows_its_log(self) -> None:
        del os.environ["APP_ANSWER"]

        with self.assertRaises(CouldNotRun) as caught:
            run.run(os.environ, self.folder, CHOSEN)

        self.assertEqual(
            str(caught.exception),
            "gunicorn ended with code 7. The end of its log:\n  a line of the log",
        )

    def test_an_app_that_dies_during_the_run_says_nothing(self) -> None:
        def kill(url: str, chosen: run.Chosen) -> int:
            run.end(self.started[0])
            raise CouldNotRun("Locust ended with code 2")

        start = subprocess.Popen
        self.started: list[subprocess.Popen[bytes]] = []

        def remember(*args: object, **options: object) -> subprocess.Popen[bytes]:
            self.started.append(start(*args, **options))  # type: ignore[call-overload]
            return self.started[0]

        with (
            mock.patch.object(run.subprocess, "Popen", side_effect=remember),
            mock.patch.object(run, "attack", side_effect=kill),
            self.assertRaisesRegex(CouldNotRun, "gunicorn ended with code -15"),
        ):
            run.run(os.environ, self.folder, CHOSEN)

    def test_an_app_that_needs_a_while_is_waited_for(self) -> None:
        server = mock.Mock()
        server.is_healthy.side_effect = [False, True]

        run.wait_until_healthy(server)

        self.assertEqual(server.check.call_count, 1)

    def test_an_app_that_never_gets_healthy_shows_its_log(self) -> None:
        os.environ["APP_ANSWER"] = "500"

        with (
            run.served(os.environ, self.log) as server,
            self.assertRaisesRegex(
                CouldNotRun, "/ht/ did not answer 200 within 0 seconds.*\n  a line of the log"
            ),
        ):
            run.wait_until_healthy(server, patience=0)

    def test_an_app_that_does_not_go_is_ended_by_force(self) -> None:
        stubborn = subprocess.Popen(
            ["sleep", "60"], preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN)
        )

        with mock.patch.object(run, "STOP_PATIENCE", 0):
            run.end(stubborn)

        self.assertEqual(stubborn.returncode, -signal.SIGKILL)


class CommandTests(unittest.TestCase):
    def command(self, function: str, *hosts: str) -> list[str]:
        with mock.patch.object(run.cli, "main", return_value=1) as main:
            self.assertEqual(getattr(run, function)(*hosts, CHOSEN), 1)
        arguments = main.call_args.args[0]
        assert isinstance(arguments, list)
        return arguments

    def test_the_budgets_decide(self) -> None:
        arguments = self.command("attack", "http://h")

        self.assertEqual(arguments[:4], ["load", "run", "--host", "http://h"])
        self.assertEqual(arguments[arguments.index("--budgets") + 1], str(run.BUDGETS))
        self.assertEqual(arguments[-2:], ["--tags", "read"])

    def test_the_baseline_is_asked_where_that_is_wanted(self) -> None:
        with mock.patch.object(run.cli, "main", return_value=0) as main:
            run.attack("http://h", run.parse(["--baseline"]))

        self.assertIn(str(run.BASELINE), main.call_args.args[0])
        self.assertNotIn(str(run.BASELINE), self.command("attack", "http://h"))

    def test_two_revisions_are_asked_in_turns(self) -> None:
        arguments = self.command("duel", "http://a", "http://b")

        self.assertEqual(arguments[:6], ["load", "compare", "--a", "http://a", "--b", "http://b"])
        self.assertEqual(arguments[arguments.index("--seconds") + 1], "3")

    def test_files_that_are_named_are_there(self) -> None:
        self.assertTrue(run.BUDGETS.is_file())
        self.assertTrue(run.LOCUSTFILE.is_file())


class CompareTests(FolderCase):
    def test_two_servers_run_each_on_a_database_of_its_own(self) -> None:
        self.enterContext(mock.patch.dict(os.environ, APP_ANSWER="200"))
        self.enterContext(contextlib.chdir(self.folder))
        environments: list[tuple[str, ...]] = []

        def environment(environ: dict[str, str], database: str = "", caches: int = 2) -> object:
            environments.append((database, str(caches)))
            return os.environ

        def export(revision: str, tree: Path) -> None:
            (tree / run.APP.name).mkdir(parents=True)
            for name in ("gunicorn.py", "manage.py"):
                (tree / run.APP.name / name).write_text((run.APP / name).read_text())

        with (
            mock.patch.object(run, "load_environment", environment),
            mock.patch.object(run, "export", export),
            mock.patch.object(run, "duel", return_value=1) as duel,
        ):
            code = run.compare(run.Chosen(60, (), "main", Path("x")), self.folder / "work")

        self.assertEqual(code, 1)
        self.assertEqual(environments, [("load_before", "4"), ("", "2")])
        before, after = duel.call_args.args[:2]
        self.assertNotEqual(before, after)

    def test_a_revision_is_written_out(self) -> None:
        run.export("HEAD", self.folder / "tree")

        self.assertTrue((self.folder / "tree" / "Makefile").is_file())

    def test_a_revision_that_is_not_there_is_told(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "git has no revision nowhere: "):
            run.export("nowhere", self.folder)


class MainTests(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
        self.enterContext(mock.patch.object(run, "load_environment", return_value={"A": "1"}))
        self.prepare = self.enterContext(mock.patch.object(run, "prepare"))
        self.run = self.enterContext(mock.patch.object(run, "run", return_value=0))

    def main(self, *arguments: str) -> tuple[int, str, str]:
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as err,
        ):
            return run.main(["--seconds", "7", *arguments]), out.getvalue(), err.getvalue()

    def test_a_run_prepares_the_app_and_gives_its_code(self) -> None:
        for code in (0, 1, 2):
            with self.subTest(code=code):
                self.run.return_value = code

                self.assertEqual(self.main()[0], code)
        self.prepare.assert_called_with({"A": "1"})
        self.assertEqual(self.run.call_args.args[2].seconds, 7)

    def test_a_comparison_prepares_its_own(self) -> None:
        with mock.patch.object(run, "compare", return_value=1) as compare:
            self.assertEqual(self.main("--against", "main")[0], 1)

        self.assertEqual(compare.call_args.args[0].against, "main")
        self.prepare.assert_not_called()

    def test_says_that_it_could_not_run(self) -> None:
        self.prepare.side_effect = CouldNotRun("no database")

        self.assertEqual(self.main(), (2, "", "could not run: no database\n"))

    def test_a_signal_leaves_by_the_way_that_ends_gunicorn(self) -> None:
        self.main()
        handler = signal.getsignal(signal.SIGTERM)
        assert callable(handler)

        with self.assertRaises(SystemExit) as caught:
            handler(signal.SIGTERM, None)

        self.assertEqual(caught.exception.code, 143)
