"""Small servers on loopback that stand in for an application."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

IDENTITY = "the stand-in"


class Handler(BaseHTTPRequestHandler):
    """Answers 200 with its name, or the status that the path asks for: /503/."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        assert isinstance(self.server, StandIn)
        time.sleep(self.server.delay)
        asked = self.path.strip("/")
        body = IDENTITY.encode()
        self.send_response(int(asked) if asked.isdecimal() else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Stay silent."""


class StandIn(ThreadingHTTPServer):
    """The server; `delay` is how long each answer takes."""

    request_queue_size = 500
    delay = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self._connections: list[socket.socket] = []

    def process_request(self, request: Any, address: Any) -> None:
        self._connections.append(request)
        super().process_request(request, address)

    def hang_up(self) -> None:
        """End all connections, so that their threads end."""
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, address: object) -> None:
        """Stay silent: users hang up when a run ends."""


@contextmanager
def served(delay: float = 0.0) -> Iterator[StandIn]:
    """Serve until the block ends."""
    with StandIn() as server:
        server.delay = delay
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()
