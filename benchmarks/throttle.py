"""Whether limits are exact under bursts, and what they cost, beside Django REST framework's own.

Bursts of 2,000 requests go to gunicorn over 50, 100 and 200 connections: 20 for each layout of
workers and threads, and some more in which every request names another client in X-Forwarded-For.
All answers of a burst have come before the keys are cleared for the next one, and the window is
longer than a burst takes.

Costs are CPU seconds of the workers for a request that is let in, over those of the same view
without limits; 50 clients send 20 requests each. Runs take turns, and the least of each kind
counts, since other work on the machine only adds. `ARGS=5` takes five bursts a layout, not 20.
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import psutil
import redis
from rich.console import Console

from benchmarks._burst import burst
from benchmarks.figures import Figure, conclude, print_table
from quality_harness import services
from quality_harness.gate import CouldNotRun

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
LAYOUTS = ((2, 4), (4, 16))
CONNECTIONS = (50, 100, 200)
REQUESTS = 2000
LIMIT = 100
BURSTS = 20
SPOOFED = len(CONNECTIONS)
STOCK = len(CONNECTIONS)
# Several runs: the least of each kind is one that nothing disturbed.
ROUNDS = 10
# The kernel counts CPU in hundredths of a second: 4,000 requests tell microseconds.
ROUND = 4000
CLIENTS = 50
PATIENCE = 40.0
ENOUGH_CONTROL = 2.0


@dataclass
class Server:
    """gunicorn with the three views, and their keys."""

    master: psutil.Process
    port: int
    store: "redis.Redis"
    prefix: str

    def burst(
        self, path: str, connections: int, clients: int = 0, number: int = REQUESTS
    ) -> Counter[int]:
        """Send a burst with no keys from before; the clients are named in X-Forwarded-For."""
        self.clear()
        return burst(HOST, self.port, requests(path, clients, number), connections)

    def clear(self) -> None:
        """Remove the keys of these views."""
        keys = list(self.store.scan_iter(match=f"{self.prefix}*", count=1000))
        if keys:
            self.store.unlink(*keys)

    def cpu(self) -> float:
        """Return the seconds that the workers have used."""
        times = [worker.cpu_times() for worker in self.master.children()]
        return sum(each.user + each.system for each in times)


@dataclass
class Bursts:
    """What bursts of one kind, over one layout, admitted."""

    layout: str
    kind: str
    admitted: dict[int, list[int]] = field(default_factory=dict)

    def add(self, connections: int, statuses: Counter[int]) -> None:
        """Note a burst.

        Raises:
            CouldNotRun: something was answered that is neither admitted nor refused.
        """
        if statuses[200] + statuses[429] != REQUESTS:
            raise CouldNotRun(f"A burst at {self.kind} was answered with {dict(statuses)}.")
        self.admitted.setdefault(connections, []).append(statuses[200])

    @property
    def all(self) -> list[int]:
        """Of every burst, how many requests it let in."""
        return [number for numbers in self.admitted.values() for number in numbers]

    def row(self) -> list[str]:
        """Return the cells of the table."""
        exact = sum(number == LIMIT for number in self.all)
        spans = [_span(self.admitted.get(connections, ())) for connections in CONNECTIONS]
        return [f"{self.layout} {self.kind}", *spans, f"{exact} of {len(self.all)}"]


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code, 2 where it could not run."""
    try:
        return _main(argv)
    except CouldNotRun as error:
        print(f"could not run: {error}", file=sys.stderr)
        return 2


def _main(argv: Sequence[str]) -> int:
    console = Console(file=sys.stderr)
    number = int(argv[0]) if argv else BURSTS
    if number < 1:
        raise CouldNotRun("Without a burst nothing is measured.")
    found: list[Bursts] = []
    for workers, threads in LAYOUTS:
        with console.status(f"bursts at {workers}x{threads}"), served(workers, threads) as server:
            found += _bursts(server, f"{workers}x{threads}", number)
    columns = ["admitted", *(f"{each} connections" for each in CONNECTIONS), "exact"]
    print_table(console, f"limit {LIMIT}, bursts of {REQUESTS}", columns, [b.row() for b in found])
    with console.status("costs"), served(*LAYOUTS[0], proxies=1) as server:
        costs = _costs(server)
    rows = [(path, f"{ms:.3f}", f"{ms - costs['open']:.3f}") for path, ms in costs.items()]
    print_table(console, "CPU of the workers, ms a request", ["view", "all", "added"], rows)
    return conclude(_figures(found, costs))


def _bursts(server: Server, layout: str, number: int) -> list[Bursts]:
    kinds = (("exact", 0, number), ("spoofed", REQUESTS, SPOOFED), ("stock", 0, STOCK))
    found = []
    for kind, clients, times in kinds:
        bursts = Bursts(layout, kind)
        for connections in islice(cycle(CONNECTIONS), times):
            path = "stock" if kind == "stock" else "exact"
            bursts.add(connections, server.burst(path, connections, clients))
        found.append(bursts)
    return found


def _costs(server: Server) -> dict[str, float]:
    """Return the milliseconds of CPU that a request of each view takes."""
    taken: dict[str, list[float]] = {"open": [], "exact": [], "stock": []}
    for number in range(ROUNDS + 1):
        for path, times in taken.items():
            before = server.cpu()
            statuses = server.burst(path, 8, CLIENTS, ROUND)
            if statuses != {200: ROUND}:
                raise CouldNotRun(f"/{path}/ was answered with {dict(statuses)}.")
            if number:  # The first round warms up.
                times.append((server.cpu() - before) / ROUND * 1000)
    return {path: min(times) for path, times in taken.items()}


def _figures(found: Sequence[Bursts], costs: dict[str, float]) -> list[Figure]:
    by_kind = {
        kind: [number for bursts in found if bursts.kind == kind for number in bursts.all]
        for kind in ("exact", "spoofed", "stock")
    }
    exact = {kind: _share(numbers, LIMIT) for kind, numbers in by_kind.items()}
    added = {path: costs[path] - costs["open"] for path in ("exact", "stock")}
    return [
        Figure("bursts_exact", exact["exact"], 1.0, "at_least"),
        Figure("spoofed_bursts_exact", exact["spoofed"], 1.0, "at_least"),
        Figure(
            "stock_admits_times_the_limit",
            round(min(by_kind["stock"]) / LIMIT, 2),
            ENOUGH_CONTROL,
            "at_least",
        ),
        Figure("added_cpu_of_stock", round(added["exact"] / added["stock"], 3), 0.4, "at_most"),
    ]


def requests(path: str, clients: int, number: int) -> list[bytes]:
    """Return the requests of a burst, each client with as many; 0 names no client."""
    return [
        (
            f"GET /{path}/ HTTP/1.1\r\nHost: {HOST}\r\nAccept: application/json\r\n"
            + (f"X-Forwarded-For: {_address(place % clients)}\r\n" if clients else "")
            + "\r\n"
        ).encode()
        for place in range(number)
    ]


def _address(number: int) -> str:
    return f"10.0.{number // 250}.{number % 250 + 1}"


def _share(numbers: Sequence[int], wanted: int) -> float:
    return sum(number == wanted for number in numbers) / len(numbers)


def _span(numbers: Sequence[int]) -> str:
    if not numbers:
        return "-"
    least, most = min(numbers), max(numbers)
    return str(least) if least == most else f"{least}-{most}"


def _environment(url: str, prefix: str, proxies: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks._throttle_app.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "reference_app")]),
        "DEBUG": "False",
        # No view asks the database.
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": url,
        "THROTTLE_PROXIES": str(proxies),
        "THROTTLE_GENERAL_ANONYMOUS": f"{LIMIT}/hour",
        "BENCH_STOCK_RATE": f"{LIMIT}/hour",
        "BENCH_PREFIX": prefix,
    }


@contextmanager
def served(workers: int, threads: int, proxies: int = 0) -> Iterator[Server]:
    """Serve the three views.

    Raises:
        CouldNotRun: gunicorn does not come up.
    """
    url, prefix = services.redis_url("run", ROOT), f"bench-throttle-{os.getpid()}"
    environment = _environment(url, prefix, proxies)
    with tempfile.TemporaryFile() as log, socket.create_server((HOST, 0), backlog=512) as listener:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
                *("--bind", f"fd://{listener.fileno()}", "--keep-alive", "75"),
                *("--workers", str(workers), "--threads", str(threads)),
                *("--no-control-socket", "--graceful-timeout", "3"),
            ],
            cwd=ROOT / "reference_app",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
        )
        server = Server(
            psutil.Process(process.pid), listener.getsockname()[1], redis.from_url(url), prefix
        )
        try:
            _wait(server, process, workers)
            yield server
        except CouldNotRun as error:
            log.seek(0)
            raise CouldNotRun(f"{error}\n{log.read()[-2000:].decode()}") from error
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            server.clear()
            server.store.close()


def _wait(server: Server, process: "subprocess.Popen[bytes]", workers: int) -> None:
    """Wait until the views answer and every worker is there."""
    deadline = time.monotonic() + PATIENCE
    while len(server.master.children()) < workers or not _answers(server.port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise CouldNotRun("gunicorn does not come up.")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=3)
    try:
        connection.request("GET", "/open/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
