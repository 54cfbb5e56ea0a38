"""Runs the load scenarios against the reference app under gunicorn: `make load`.

The app gets a database of its own, `load`, beside the one of `make run`. Reports go to
`load-results/`.

    make load                                        two minutes, all scenarios, the budgets
    make load ARGS="--seconds 30 --tags read"        only readers
    make load ARGS=--baseline                        also against what this machine has reached
    make load ARGS="--against main"                  whether this tree is slower than main

Exit codes: 0 every budget is kept, 1 one is broken or this tree is slower, 2 the run says nothing.
"""

import argparse
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from quality_harness import cli, services
from quality_harness.gate import CouldNotRun

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "reference_app"
LOCUSTFILE = Path(__file__).with_name("locustfile.py")
BUDGETS = Path(__file__).with_name("budgets.toml")
BASELINE = Path(__file__).with_name("baselines.json")
RESULTS = ROOT / "load-results"
DATABASE = "load"
BLOGS = 200
USERS = 8
SECONDS = 120
PAIRS = 16
WORKERS = 2
WARMING = ("/v1/schema/?format=json", "/v1/blogs/", "/v1/authors/")
LONGEST = 600
HOST = "127.0.0.1"
START_PATIENCE = 30.0
STOP_PATIENCE = 10.0
# Each visitor says where it comes from, as a proxy would: limits are of visitors.
PROXIES = {"THROTTLE_PROXIES": "1"}
# The searches of one who hurries meet their limit; whoever reads, writes and logs in meets none.
UNREACHED = {
    f"THROTTLE_{name}": "1000000/minute"
    for name in (
        *("GENERAL_ANONYMOUS", "GENERAL_USER", "SEARCH_USER", "COMMENTS_ANONYMOUS"),
        *("LOGIN_ANONYMOUS", "MAIL_ANONYMOUS", "PUBLICATION_ANONYMOUS"),
    )
}


@dataclass(frozen=True)
class Chosen:
    """What to run.

    Attributes:
        seconds: how long, all in all.
        tags: only tasks that carry one of these; all where there are none.
        against: the revision that this tree is compared with; none for a run with budgets.
        output: the folder of the reports.
        ratchet: whether the run is held against the committed baseline, too.
    """

    seconds: int
    tags: tuple[str, ...]
    against: str
    output: Path
    ratchet: bool = False


@dataclass(frozen=True)
class Server:
    """The app under gunicorn."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def check(self) -> None:
        """Raise CouldNotRun with the end of its log where it has died."""
        code = self.process.poll()
        if code is not None:
            raise CouldNotRun(f"gunicorn ended with code {code}. The end of its log:\n{self.tail}")

    @property
    def tail(self) -> str:
        """The last lines of its log."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-10:])

    def is_healthy(self) -> bool:
        """Whether the health page answers 200."""
        return self.ask("/ht/") == 200

    def ask(self, path: str) -> int:
        """Return the status of an answer, 0 where there is none."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def main(argv: Sequence[str]) -> int:
    """Run the scenarios and return the exit code.

    Args:
        argv: the arguments after the program's name.
    """
    chosen = parse(argv)
    signal.signal(signal.SIGTERM, leave)
    try:
        with tempfile.TemporaryDirectory() as name:
            if chosen.against:
                return compare(chosen, Path(name))
            environment = load_environment(os.environ)
            prepare(environment)
            return run(environment, Path(name), chosen)
    except CouldNotRun as error:
        print(f"could not run: {error}", file=sys.stderr)
        return 2


def parse(argv: Sequence[str]) -> Chosen:
    """Return what to run."""
    parser = argparse.ArgumentParser(description="Run load scenarios against the reference app.")
    parser.add_argument("--seconds", type=seconds_of, default=SECONDS, help=f"default: {SECONDS}")
    parser.add_argument("--tags", nargs="+", default=(), help="only tasks with one of these")
    parser.add_argument("--against", default="", metavar="REV", help="is this slower than REV?")
    parser.add_argument("--output", type=Path, default=RESULTS, help="folder of the reports")
    parser.add_argument("--baseline", action="store_true", help=f"as good as in {BASELINE.name}?")
    given = parser.parse_args(argv)
    return Chosen(given.seconds, tuple(given.tags), given.against, given.output, given.baseline)


def seconds_of(text: str) -> int:
    """Return the seconds that `text` gives, raise ArgumentTypeError where that is no duration."""
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 1 and {LONGEST} seconds")
    return int(text)


def leave(number: int, frame: FrameType | None) -> NoReturn:
    """Turn a signal into an exit that ends gunicorn on its way."""
    sys.exit(128 + number)


def load_environment(
    environ: Mapping[str, str], database: str = "", caches: int = 2
) -> dict[str, str]:
    """Return the variables of the app in a load run, its database made.

    LOCUST_* and GUNICORN_* variables of the shell would change what the run measures.

    Args:
        environ: those of the shell.
        database: its name; the usual one where it is empty.
        caches: how far its cache lies from the one that is named.

    Raises:
        CouldNotRun: there is no server, or it refuses to make the database.
    """
    database = database or DATABASE
    urls = services.environment(ROOT, "run")
    services.check_reachable(urls)
    try:
        make_database(urls["DATABASE_URL"], database)
    except psycopg.Error as error:
        raise CouldNotRun(f"The database {database} cannot be made: {error}") from error
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("LOCUST_", "GUNICORN_"))
    }
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DEBUG": "False",
        **PROXIES,
        **UNREACHED,
        **kept,
        "DATABASE_URL": other_database(urls["DATABASE_URL"], database),
        "REDIS_URL": other_cache(urls["REDIS_URL"], caches),
    }


def other_database(url: str, database: str) -> str:
    """Return the address of the load database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def other_cache(url: str, further: int = 2) -> str:
    """Return the address of a cache of its own: the app uses the database named and the next."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return url
    number = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{number + further}"))


def make_database(url: str, database: str) -> None:
    """Make the load database where it is missing."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def prepare(environment: Mapping[str, str], app: Path | None = None) -> None:
    """Bring the load database up to date and fill it."""
    manage(environment, app or APP, "migrate", "--verbosity", "0")
    manage(environment, app or APP, "seed", "--blogs", str(BLOGS))


def manage(environment: Mapping[str, str], app: Path, *arguments: str) -> None:
    """Run a command of the app, silently.

    Raises:
        CouldNotRun: it failed; the message ends as its output does.
    """
    done = subprocess.run(
        [sys.executable, app / "manage.py", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        end = "\n".join(f"  {line}" for line in done.stdout.splitlines()[-10:])
        raise CouldNotRun(f"manage.py {' '.join(arguments)} failed:\n{end}")


def run(environment: Mapping[str, str], folder: Path, chosen: Chosen) -> int:
    """Serve the app, send the users, and return the exit code."""
    with served(environment, folder / "gunicorn.log") as server:
        wait_until_healthy(server)
        warm_up(server)
        try:
            return attack(f"http://{HOST}:{server.port}", chosen)
        finally:
            # Where the app has died, that explains whatever Locust met.
            server.check()


def warm_up(server: Server) -> None:
    """Let every worker do once what it does only once: import views, write the schema."""
    for path in WARMING * WORKERS * 2:
        server.ask(path)


def compare(chosen: Chosen, folder: Path) -> int:
    """Serve another revision beside this tree, each on a database of its own, and ask in turns."""
    tree = folder / "tree"
    export(chosen.against, tree)
    before = load_environment(os.environ, f"{DATABASE}_before", 4)
    after = load_environment(os.environ)
    for environment, app in ((before, tree / APP.name), (after, APP)):
        prepare(environment, app)
    with (
        served(before, folder / "before.log", tree / APP.name) as old,
        served(after, folder / "after.log") as new,
    ):
        for server in (old, new):
            wait_until_healthy(server)
            warm_up(server)
        try:
            return duel(*(f"http://{HOST}:{server.port}" for server in (old, new)), chosen)
        finally:
            old.check()
            new.check()


def export(revision: str, tree: Path) -> None:
    """Write the files of a revision into a folder.

    Raises:
        CouldNotRun: there is no such revision.
    """
    packed = subprocess.run(
        ["git", "archive", revision], cwd=ROOT, capture_output=True, check=False
    )
    if packed.returncode:
        raise CouldNotRun(f"git has no revision {revision}: {packed.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
        files.extractall(tree, filter="data")


@contextmanager
def served(environment: Mapping[str, str], log: Path, app: Path | None = None) -> Iterator[Server]:
    """Serve the app; gunicorn takes an open socket, so its port cannot be taken meanwhile."""
    with socket.create_server((HOST, 0)) as listener, log.open("wb") as output:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
                *(
                    "--bind",
                    f"fd://{listener.fileno()}",
                    "--workers",
                    str(WORKERS),
                    "--threads",
                    "4",
                ),
                *("--no-control-socket", "--graceful-timeout", "5"),
            ],
            cwd=app or APP,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
        )
    try:
        yield Server(process, port, log)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End gunicorn: politely, then by force."""
    process.terminate()
    try:
        process.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_healthy(server: Server, patience: float = START_PATIENCE) -> None:
    """Wait until the health page answers 200.

    Raises:
        CouldNotRun: gunicorn died, or the page does not within `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while not server.is_healthy():
        server.check()
        if time.monotonic() > deadline:
            raise CouldNotRun(
                f"/ht/ did not answer 200 within {patience:.0f} seconds. "
                f"The end of gunicorn's log:\n{server.tail}"
            )
        time.sleep(0.05)


def attack(url: str, chosen: Chosen) -> int:
    """Send users to `url` and hold the run against the budgets; return the exit code."""
    return cli.main(
        [
            *("load", "run", "--host", url, "--locustfile", str(LOCUSTFILE)),
            *("--budgets", str(BUDGETS), "--seconds", str(chosen.seconds)),
            *("--users", str(USERS), "--output", str(chosen.output)),
            *(("--baseline", str(BASELINE)) if chosen.ratchet else ()),
            *(("--tags", *chosen.tags) if chosen.tags else ()),
        ]
    )


def duel(a: str, b: str, chosen: Chosen) -> int:
    """Ask both in turns; return 1 where `b`, which is this tree, is slower."""
    return cli.main(
        [
            *("load", "compare", "--a", a, "--b", b, "--locustfile", str(LOCUSTFILE)),
            *("--budgets", str(BUDGETS), "--seconds", str(max(1, chosen.seconds // (2 * PAIRS)))),
            *("--pairs", str(PAIRS), "--users", str(USERS), "--output", str(chosen.output)),
            *("--tags", *(chosen.tags or ("read",))),
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
