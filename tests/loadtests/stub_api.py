"""A small API that has what the scenarios look for, and makes mistakes where it is told to."""

import json
import re
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LIMIT = 10
PATHS = (
    *("/v1/tags/", "/v1/authors/", "/v1/blogs/", "/v1/blogs/{uuid}/", "/v1/blogs/{uuid}/comments/"),
    *("/v1/accounts/registration/", "/v1/accounts/login/", "/v1/accounts/me/"),
)
ANY = {"content": {"application/json": {"schema": {}}}}
AUTHOR = {"type": "object", "required": ["pen_name", "bio"]}
METHODS = ("get", "post", "patch", "delete")
OPERATION = {"responses": {"200": ANY, "201": ANY, "429": ANY, "204": {}}}
SCHEMA = {
    "info": {"title": "Blog API"},
    "paths": {
        **{path: {method: OPERATION for method in METHODS} for path in PATHS},
        "/v1/authors/{uuid}/": {
            method: {"responses": {"200": {"content": {"application/json": {"schema": AUTHOR}}}}}
            for method in ("get", "patch")
        },
    },
}


class Handler(BaseHTTPRequestHandler):
    """Answers every request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        assert isinstance(self.server, StubApi)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer, headers = self.server.answer(self, json.loads(body or b"{}"))
        text = b"" if status == 204 else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *args: object) -> None:
        """Stay silent."""


class StubApi(ThreadingHTTPServer):
    """The API; `mistakes` are those that it makes."""

    request_queue_size = 200

    def __init__(self, *mistakes: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mistakes = mistakes
        self.asked: set[tuple[str, bool]] = set()
        self._lock = threading.Lock()
        self._accounts = 0
        self._bios: dict[str, str] = {}
        self._cached: dict[str, str] = {}
        self._admitted: dict[str, int] = {}
        self._connections: list[socket.socket] = []

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def process_request(self, request: Any, address: Any) -> None:
        self._connections.append(request)
        super().process_request(request, address)

    def hang_up(self) -> None:
        """End all connections, so that their threads end."""
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, address: object) -> None:
        """Stay silent: Locust hangs up in the middle of things when it ends."""

    def answer(self, handler: Handler, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        """Return status, body and headers."""
        token = handler.headers.get("Authorization") or ""
        plain = re.sub(r"/u\d*/", "/u/", handler.path)
        with self._lock:
            self.asked.add((f"{handler.command} {plain}", bool(token)))
            if plain.startswith("/v1/schema/"):
                return 200, SCHEMA, {}
            if plain == "/v1/authors/u/":
                return self._author(handler, body)
            if "search=" in plain:
                return self._search(handler)
            if plain == "/v1/accounts/login/":
                self._accounts += 1
            if handler.command == "DELETE":
                return 204, None, {}
        number = token.removeprefix("Token ") or self._accounts
        row = {"uuid": "u", "slug": "s", "author": {"uuid": f"u{number}"}}
        answer = {"results": [row], "token": str(self._accounts), **row}
        return 201 if handler.command == "POST" else 200, answer, {}

    def _author(self, handler: Handler, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        path = handler.path
        if handler.command == "PATCH":
            before = self._bios.get(path, "version 0")
            self._bios[path] = body["bio"]
            self._cached.pop(path, None)
            if "stale" in self.mistakes:
                self._cached[path] = before
            return 200, {"pen_name": "A", "bio": body["bio"]}, {}
        is_hit = path in self._cached and "recomputing" not in self.mistakes
        bio = self._cached[path] if is_hit else self._bios.get(path, "version 0")
        self._cached[path] = bio
        author = {"bio": bio} if "contract" in self.mistakes else {"pen_name": "A", "bio": bio}
        return 200, author, {"X-Cache": "HIT" if is_hit else "MISS"}

    def _search(self, handler: Handler) -> tuple[int, Any, dict[str, str]]:
        if "status" in self.mistakes:
            return 500, {}, {}
        address = handler.headers["X-Forwarded-For"]
        self._admitted[address] = self._admitted.get(address, 0) + 1
        limit = LIMIT * 2 if "admitting" in self.mistakes else LIMIT
        policy = {"RateLimit-Policy": f"{LIMIT};w=60"}
        if self._admitted[address] <= limit:
            return 200, {"results": []}, policy
        wait = {} if "waiting" in self.mistakes else {"Retry-After": "60"}
        return 429, {"time": time.time()}, policy | wait
