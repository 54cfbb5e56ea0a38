import json
import os
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

from django.test import tag

from loadtests import run


class Stub(BaseHTTPRequestHandler):
    """An API that has what the scenarios look for and answers at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps({"results": [{"uuid": "u", "slug": "s"}], "token": "t", "uuid": "u"})
        self.send_response(201 if self.command == "POST" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
        assert isinstance(self.server, StubServer)
        self.server.miss(f"{self.command} {self.path}", self.headers.get("Authorization"))

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *args: object) -> None:
        """Stay silent."""


class StubServer(ThreadingHTTPServer):
    """Knows which requests are still to come."""

    request_queue_size = 50

    def __init__(self, *expected: tuple[str, str | None]) -> None:
        super().__init__(("127.0.0.1", 0), Stub)
        self.missing = set(expected)
        self.complete = threading.Event()

    def miss(self, line: str, token: str | None) -> None:
        self.missing.discard((line, token))
        if not self.missing:
            self.complete.set()

    def handle_error(self, request: object, address: object) -> None:
        """Stay silent: Locust hangs up in the middle of things when it ends."""


@tag("slow")
class ScenarioTests(unittest.TestCase):
    def test_readers_browse_and_writers_work_with_their_token(self) -> None:
        token = "Token t"
        stub = StubServer(
            ("GET /v1/tags/", None),
            ("GET /v1/blogs/?page=1", None),
            ("GET /v1/blogs/u/", None),
            ("GET /v1/blogs/u/comments/", None),
            ("GET /v1/blogs/?tag=s", None),
            ("GET /v1/authors/", None),
            ("POST /v1/accounts/registration/", None),
            ("POST /v1/accounts/login/", None),
            ("GET /v1/accounts/me/", token),
            ("POST /v1/blogs/", token),
            ("PATCH /v1/blogs/u/", token),
            ("GET /v1/blogs/u/", token),
            ("DELETE /v1/blogs/u/", token),
        )
        self.enterContext(stub)
        threading.Thread(target=stub.serve_forever, args=(0.01,)).start()
        self.addCleanup(stub.shutdown)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

        def run_until_complete(command: list[str], **options: Any) -> Any:
            del options["timeout"], options["check"]
            with subprocess.Popen(command, stderr=subprocess.DEVNULL, **options) as locust:
                stub.complete.wait(30)
                locust.terminate()
            return subprocess.CompletedProcess(command, locust.returncode)

        with mock.patch.object(run.subprocess, "run", side_effect=run_until_complete):
            code = run.attack(os.environ, f"http://127.0.0.1:{stub.server_port}", folder, 60)

        self.assertEqual(stub.missing, set())
        self.assertEqual(code, 0)
        self.assertEqual(os.listdir(folder), [])
