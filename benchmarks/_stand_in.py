"""A small server for benchmarks of load: it stalls, drifts and is slower at its second port.

python -m benchmarks._stand_in '{"service": 0.008, "slowdown": 1.2}' prints its two ports.
"""

import json
import random
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Behaviour:
    """How it answers.

    Attributes:
        service: how long an answer takes, in seconds.
        jitter: the share by which that differs from answer to answer.
        slowdown: how many times as long the second port takes.
        drift: the share by which everything gets slower each second.
        stall_after: when all answers stop, in seconds from the first request; 0 for never.
        stall: for how long.
    """

    service: float = 0.008
    jitter: float = 0.2
    slowdown: float = 1.0
    drift: float = 0.0
    stall_after: float = 0.0
    stall: float = 0.0


class Server(ThreadingHTTPServer):
    """One port."""

    request_queue_size = 1000
    daemon_threads = True
    behaviour = Behaviour()
    factor = 1.0
    began = 0.0

    def wait(self) -> None:
        """Take as long as an answer takes."""
        now = time.monotonic()
        Server.began = Server.began or now
        passed, behaviour = now - Server.began, self.behaviour
        if behaviour.stall and 0 <= passed - behaviour.stall_after < behaviour.stall:
            time.sleep(behaviour.stall_after + behaviour.stall - passed)
        jitter = random.uniform(1 - behaviour.jitter, 1 + behaviour.jitter)
        drift = 1 + behaviour.drift * passed
        time.sleep(behaviour.service * self.factor * jitter * drift)

    def handle_error(self, request: object, address: object) -> None:
        """Stay silent: users hang up when a run ends."""


class Handler(BaseHTTPRequestHandler):
    """Answers every GET."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.wait()
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: object) -> None:
        """Stay silent."""


def main() -> None:
    """Serve both ports until the process is ended."""
    Server.behaviour = Behaviour(**json.loads(sys.argv[1]))
    servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
    servers[1].factor = Server.behaviour.slowdown
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    print(*(server.server_port for server in servers), flush=True)


if __name__ == "__main__":
    main()
