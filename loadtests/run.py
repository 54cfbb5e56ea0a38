"""Runs a short load scenario against the reference app under gunicorn: `make load`.

The app gets a database of its own, `load`, beside the one of `make run`. Nothing is written
into the repository.

Exit codes: 0 every request succeeded, 1 some failed, 2 the run says nothing (the app did not
start or died, or no request was made, or a scenario is broken).
"""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
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

from quality_harness import services
from quality_harness.gate import CouldNotRun

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "reference_app"
LOCUSTFILE = Path(__file__).with_name("locustfile.py")
DATABASE = "load"
BLOGS = 200
USERS = 10
SECONDS = 20
LONGEST = 600
HOST = "127.0.0.1"
START_PATIENCE = 30.0
STOP_PATIENCE = 10.0
FAILED = 3
# All users of a run come from one address; it is not about limits.
UNREACHED = {
    f"THROTTLE_{name}": "1000000/minute"
    for name in (
        *("GENERAL_ANONYMOUS", "GENERAL_USER", "SEARCH_ANONYMOUS", "SEARCH_USER"),
        *("COMMENTS_ANONYMOUS", "LOGIN_ANONYMOUS", "MAIL_ANONYMOUS", "PUBLICATION_ANONYMOUS"),
    )
}


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
        connection = http.client.HTTPConnection(HOST, self.port, timeout=3)
        try:
            connection.request("GET", "/ht/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def main(argv: Sequence[str]) -> int:
    """Run the scenario and return the exit code.

    Args:
        argv: the arguments after the program's name.
    """
    seconds = parse(argv)
    signal.signal(signal.SIGTERM, leave)
    try:
        environment = load_environment(os.environ)
        prepare(environment)
        with tempfile.TemporaryDirectory() as name:
            code = run(environment, Path(name), seconds)
    except CouldNotRun as error:
        print(f"could not run: {error}", file=sys.stderr)
        return 2
    print("load failed: Locust's table names the requests" if code else "load passed")
    return code


def parse(argv: Sequence[str]) -> int:
    """Return for how many seconds to run."""
    parser = argparse.ArgumentParser(description="Run a short load scenario.")
    parser.add_argument("--seconds", type=seconds_of, default=SECONDS, help=f"default: {SECONDS}")
    return int(parser.parse_args(argv).seconds)


def seconds_of(text: str) -> int:
    """Return the seconds that `text` gives, raise ArgumentTypeError where that is no duration."""
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 1 and {LONGEST} seconds")
    return int(text)


def leave(number: int, frame: FrameType | None) -> NoReturn:
    """Turn a signal into an exit that ends gunicorn on its way."""
    sys.exit(128 + number)


def load_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the app in a load run, its database made.

    LOCUST_* and GUNICORN_* variables of the shell would change what the run measures.

    Raises:
        CouldNotRun: there is no server, or it refuses to make the database.
    """
    urls = services.environment(ROOT, "run")
    services.check_reachable(urls)
    try:
        make_database(urls["DATABASE_URL"])
    except psycopg.Error as error:
        raise CouldNotRun(f"The database {DATABASE} cannot be made: {error}") from error
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("LOCUST_", "GUNICORN_"))
    }
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DEBUG": "False",
        **UNREACHED,
        **kept,
        "DATABASE_URL": other_database(urls["DATABASE_URL"]),
        "REDIS_URL": other_cache(urls["REDIS_URL"]),
    }


def other_database(url: str) -> str:
    """Return the address of the load database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))


def other_cache(url: str) -> str:
    """Return the address of a cache of its own: the app uses the database named and the next."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return url
    number = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{number + 2}"))


def make_database(url: str) -> None:
    """Make the load database where it is missing."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def prepare(environment: Mapping[str, str]) -> None:
    """Bring the load database up to date and fill it."""
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "seed", "--blogs", str(BLOGS))


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    """Run a command of the app, silently.

    Raises:
        CouldNotRun: it failed; the message ends as its output does.
    """
    done = subprocess.run(
        [sys.executable, APP / "manage.py", *arguments],
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


def run(environment: Mapping[str, str], folder: Path, seconds: int) -> int:
    """Serve the app, send the users, and return 0 where all was well, 1 where a request failed."""
    with served(environment, folder / "gunicorn.log") as server:
        wait_until_healthy(server)
        try:
            return attack(environment, f"http://{HOST}:{server.port}", folder, seconds)
        finally:
            # Where the app has died, that explains whatever Locust met.
            server.check()


@contextmanager
def served(environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Serve the app; gunicorn takes an open socket, so its port cannot be taken meanwhile."""
    with socket.create_server((HOST, 0)) as listener, log.open("wb") as output:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
                *("--bind", f"fd://{listener.fileno()}", "--workers", "2", "--threads", "4"),
                *("--no-control-socket", "--graceful-timeout", "5"),
            ],
            cwd=APP,
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


def attack(environment: Mapping[str, str], url: str, folder: Path, seconds: int) -> int:
    """Send Locust's users to `url`; return 0 where all was well, 1 where a request failed.

    Its table goes to this process's output. The code 3 is given for failed requests alone: a
    locustfile that cannot be imported ends with 1.

    Raises:
        CouldNotRun: Locust crashed or hangs, or its run says nothing.
    """
    command: list[str | Path] = [
        *(sys.executable, "-m", "locust", "--locustfile", LOCUSTFILE, "--headless"),
        *("--host", url, "--users", str(USERS), "--spawn-rate", str(USERS)),
        *("--run-time", f"{seconds}s", "--only-summary", "--exit-code-on-error", str(FAILED)),
    ]
    try:
        code = subprocess.run(
            command, cwd=folder, env=environment, timeout=seconds + 60, check=False
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise CouldNotRun(f"Locust still ran {seconds + 60} seconds after its start.") from error
    if code not in (0, FAILED):
        raise CouldNotRun(f"Locust ended with code {code}; its messages above say why.")
    return 1 if code == FAILED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
