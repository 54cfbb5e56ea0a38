"""What a kept list costs, beside a constant answer through the same middleware and an unkept list.

CPU seconds of this process, which calls the WSGI application; ways take turns in rounds, and the
least of each counts, since other work on the machine only adds. `ARGS=9` takes nine rounds.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO

from benchmarks._served import ROOT, served
from benchmarks.figures import Figure, conclude, print_table

ROUNDS = 7
CALLS = {"/constant/": 1500, "/v1/blogs/?page_size=10": 1500, "/uncached/?page_size=10": 100}
NAMES = {
    "/constant/": "constant",
    "/v1/blogs/?page_size=10": "kept list",
    "/uncached/?page_size=10": "unkept list",
}
INSIDE = "HOT_LIST_INSIDE"


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    if os.environ.get(INSIDE):
        return _inside(argv)
    with served(workers=1, threads=1, blogs=50) as app:
        command = [sys.executable, "-m", "benchmarks", "hot_list", *argv]
        environment = {**app.environment, INSIDE: "1"}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _inside(argv: Sequence[str]) -> int:
    from django.conf import settings

    settings.ROOT_URLCONF = "benchmarks._hot_urls"
    from config.wsgi import application

    calls = {path: _caller(application, path) for path in CALLS}
    for path, call in calls.items():
        for _ in range(20):
            call()
        outcome = call()
        if path.startswith("/v1") and outcome != "hit":
            raise RuntimeError(f"The list is not kept: {outcome}.")
    least = dict.fromkeys(CALLS, float("inf"))
    for _ in range(int(argv[0]) if argv else ROUNDS):
        for path, call in calls.items():
            least[path] = min(least[path], _cpu(call, CALLS[path]))
    constant, kept, unkept = least.values()
    print_table(
        _console(),
        "one request, full middleware",
        ["way", "CPU ms", "x constant"],
        [
            (NAMES[path], f"{cpu * 1000:.3f}", f"{cpu / constant:.2f}")
            for path, cpu in least.items()
        ],
    )
    return conclude(
        [
            Figure("kept_list_over_constant", round(kept / constant, 2), 2.5, "at_most"),
            Figure("less_cpu_than_unkept", round(unkept / kept, 1), 9.0, "at_least"),
        ]
    )


def _console() -> "object":
    from rich.console import Console

    return Console(file=sys.stderr)


def _cpu(call: Callable[[], str], calls: int) -> float:
    begun = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - begun) / calls


def _caller(application: Callable[..., object], path: str) -> Callable[[], str]:
    route, _, query = path.partition("?")

    def call() -> str:
        found = {}

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            found.update(dict(headers), status=status)

        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": route,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT": "application/json",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        response = application(environ, start)
        b"".join(response)
        response.close()
        if found["status"] != "200 OK":
            raise RuntimeError(f"{path}: {found['status']}")
        return found.get("X-Cache", "")

    return call


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
