"""The reference app under gunicorn, with servers of its own that may be broken."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from loadtests.run import UNREACHED
from quality_harness import services
from quality_harness.gate import CouldNotRun
from quality_harness.services.wheels import valkey_program

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "reference_app"
HOST = "127.0.0.1"
# An editor who may change every blog, and some blogs that everyone may read.
PEOPLE = """
import json
from accounts.models import DeviceToken, User
from blog.models import Blog
user = User.objects.create_superuser("bench@example.com", None, name="Bench")
_, token = DeviceToken.objects.create(user=user, device="bench")
uuids = [str(uuid) for uuid in Blog.objects.order_by("-pk").values_list("uuid", flat=True)]
print(json.dumps({"token": token, "uuids": uuids}))
"""


@dataclass
class Valkey:
    """A server that can be killed, stopped and started again, with a port that stays."""

    folder: Path
    port: int
    process: Any = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://{HOST}:{self.port}/0"

    def start(self) -> None:
        """Start it, with the data that lie in its folder."""
        with (self.folder / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(valkey_program(), "--port", str(self.port), "--bind", HOST),
                    *("--dir", self.folder, "--save", "", "--appendonly", "no"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        _wait(lambda: _listens(self.port), "Valkey")

    def kill(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, such as SIGSTOP."""
        self.process.send_signal(number)

    def save(self) -> None:
        """Write what it holds to its folder, where the next start finds it."""
        import redis

        with redis.Redis(HOST, self.port) as client:
            client.save()

    def forget(self) -> None:
        """Remove what was saved."""
        (self.folder / "dump.rdb").unlink(missing_ok=True)


@dataclass
class Served:
    """What runs.

    Attributes:
        port: where the app answers.
        valkey: its store.
        gunicorn: the master process.
        folder: holds the data of the servers.
        environment: the variables of the app.
        token: that of an editor.
        uuids: the blogs that everyone may read, the newest first.
    """

    port: int
    valkey: Valkey
    gunicorn: Any
    folder: Path
    environment: Mapping[str, str]
    token: str
    uuids: list[str] = field(default_factory=list)

    def workers(self) -> list[psutil.Process]:
        """Return the workers of gunicorn."""
        return list(psutil.Process(self.gunicorn.pid).children())

    def restart_database(self, pause: float) -> None:
        """End PostgreSQL as an administrator does, and start it again after some seconds."""
        (process,) = [
            server
            for server in psutil.process_iter(["name", "cwd", "ppid"])
            if server.info["name"] == "postgres"
            and str(server.info["cwd"] or "").startswith(_data_folder(self.environment))
            and psutil.Process(server.info["ppid"]).name() != "postgres"
        ]
        process.send_signal(signal.SIGINT)
        psutil.wait_procs([process], timeout=10)
        time.sleep(pause)
        with _own_environment():
            services.database_url("run", self.folder)


class Caller:
    """Asks over one connection that stays."""

    def __init__(self, port: int, token: str = "", timeout: float = 30.0) -> None:
        self._address = (HOST, port)
        self._timeout = timeout
        self._headers = {"Authorization": f"Token {token}"} if token else {}
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, str, bytes]:
        """Return status, X-Cache and body.

        Raises:
            OSError: the connection is refused or broken; the next call makes another one.
        """
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self._address, timeout=self._timeout)
        headers = dict(self._headers)
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body), "application/json"
        try:
            self._connection.request(method, path, body=data, headers=headers)
            response = self._connection.getresponse()
            return response.status, response.headers.get("X-Cache", ""), response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextmanager
def served(
    *, workers: int, threads: int, blogs: int, settings: str = "config.settings.local", **more: str
) -> Iterator[Served]:
    """Serve the app.

    Args:
        workers: how many processes.
        threads: how many in each.
        blogs: how many everyone may read.
        settings: the module of the settings.
        more: variables of the environment.

    Raises:
        CouldNotRun: something does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    valkey = Valkey(folder, _free_port())
    gunicorn = None
    try:
        valkey.start()
        environment = _environment(folder, valkey, settings, more)
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "seed", "--blogs", str(blogs))
        made = json.loads(manage(environment, "shell", "-v", "0", "-c", PEOPLE).splitlines()[-1])
        port = _free_port()
        gunicorn = _gunicorn(environment, folder, port, workers, threads)
        _wait(lambda: _healthy(port), "The app")
        yield Served(port, valkey, gunicorn, folder, environment, made["token"], made["uuids"])
    finally:
        if gunicorn is not None:
            gunicorn.terminate()
            try:
                gunicorn.wait(10)
            except subprocess.TimeoutExpired:
                gunicorn.kill()
                gunicorn.wait()
        if valkey.process is not None:
            valkey.signal(signal.SIGCONT)
            valkey.kill()
        services.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command of the app and return its output.

    Raises:
        CouldNotRun: it failed.
    """
    done = subprocess.run(
        [sys.executable, APP / "manage.py", *arguments],
        env=dict(environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CouldNotRun(f"manage.py {' '.join(arguments)}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


@contextmanager
def _own_environment() -> Iterator[None]:
    """Hide the servers that the shell names: these ones are to be broken."""
    hidden = {
        name: os.environ.pop(name) for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ
    }
    try:
        yield
    finally:
        os.environ.update(hidden)


def _environment(
    folder: Path, valkey: Valkey, settings: str, more: Mapping[str, str]
) -> dict[str, str]:
    with _own_environment():
        database = services.database_url("run", folder)
    return {
        **os.environ,
        # All readers come from one address.
        **UNREACHED,
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(APP)]),
        "DEBUG": "False",
        "DATABASE_URL": database,
        "REDIS_URL": valkey.url,
        **more,
    }


def _data_folder(environment: Mapping[str, str]) -> str:
    """Return the folder in which the database of this address keeps its socket and its data."""
    from urllib.parse import parse_qs, urlsplit

    (host,) = parse_qs(urlsplit(environment["DATABASE_URL"]).query)["host"]
    return str(Path(host).parent)


def _gunicorn(
    environment: Mapping[str, str], folder: Path, port: int, workers: int, threads: int
) -> "subprocess.Popen[bytes]":
    with (folder / "gunicorn.log").open("wb") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
                *("--bind", f"{HOST}:{port}", "--workers", str(workers)),
                *("--threads", str(threads), "--keep-alive", "30", "--no-control-socket"),
                *("--graceful-timeout", "3", "--worker-tmp-dir", "/dev/shm"),
            ],
            cwd=APP,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _healthy(port: int) -> bool:
    caller = Caller(port, timeout=5)
    try:
        return caller.ask("GET", "/v1/tags/")[0] == 200
    except OSError:
        return False
    finally:
        caller.close()


def _wait(condition: Any, what: str, patience: float = 40.0) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise CouldNotRun(f"{what} did not come up within {patience:.0f} seconds.")
        time.sleep(0.05)


def paths(uuids: Sequence[str]) -> list[str]:
    """Return the addresses of blogs."""
    return [f"/v1/blogs/{uuid}/" for uuid in uuids]
