"""The configuration of gunicorn, and the line that it writes about a request."""

import http.client
import io
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

from django.conf import settings
from django.test import SimpleTestCase, tag
from gunicorn.config import Config

from config import gunicorn

ENVIRON = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": '/v1/"blogs"/\n',
    "QUERY_STRING": "page=2&token=abc",
    "REMOTE_ADDR": "127.0.0.1",
}


class ConfigurationTests(SimpleTestCase):
    def test_gunicorn_takes_every_setting(self) -> None:
        config = Config()
        names = set(vars(gunicorn)) & set(config.settings)
        for name in names:
            config.set(name, getattr(gunicorn, name))
        self.assertLessEqual({"workers", "threads", "timeout", "accesslog", "logger_class"}, names)
        self.assertEqual(config.worker_class_str, "gthread")

    def test_workers_are_replaced_one_after_the_other(self) -> None:
        self.assertGreater(gunicorn.max_requests, 0)
        self.assertGreaterEqual(gunicorn.max_requests_jitter, gunicorn.max_requests // 10)

    def test_a_statement_gives_up_before_its_worker_is_killed(self) -> None:
        self.assertGreater(gunicorn.timeout * 1000, settings.DATABASE_STATEMENT_TIMEOUT_MS)


class AccessLogTests(SimpleTestCase):
    def setUp(self) -> None:
        for name in ("gunicorn.access", "gunicorn.error"):
            logger = logging.getLogger(name)
            as_it_is = {"level": logger.level, "propagate": logger.propagate}
            self.enterContext(mock.patch.multiple(logger, handlers=[], **as_it_is))
        config = Config()
        config.set("accesslog", "-")
        self.logger = gunicorn.JsonLogger(config)
        self.output = io.StringIO()
        for handler in (*self.logger.access_log.handlers, *self.logger.error_log.handlers):
            handler.setStream(self.output)

    def entry(self) -> dict:
        (line,) = self.output.getvalue().splitlines()
        return json.loads(line)

    def test_a_request_is_an_object_with_its_id(self) -> None:
        headers = [("Content-Type", "text/html"), ("X-Request-ID", "caller-0001")]
        answer = SimpleNamespace(status="404 Not Found", headers=headers, sent=12)
        self.logger.access(answer, None, ENVIRON, timedelta(seconds=1, milliseconds=5))
        found = self.entry()
        del found["time"]
        self.assertEqual(
            found,
            {
                "level": "INFO",
                "logger": "gunicorn.access",
                "message": "Request answered.",
                "request_id": "caller-0001",
                "user_id": None,
                "method": "GET",
                "path": '/v1/"blogs"/\n',
                "query": "page=2&token=***",
                "status": 404,
                "bytes": 12,
                "milliseconds": 1005,
                "client": "127.0.0.1",
            },
        )

    def test_what_gunicorn_itself_says_is_an_object_too(self) -> None:
        self.logger.warning("Worker %s is late", 3)
        self.assertEqual(self.entry()["message"], "Worker 3 is late")


@tag("slow")
class ServerTests(SimpleTestCase):
    def test_gunicorn_serves_with_it(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryFile() as log:
            environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
            server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"),
                    *("--bind", f"fd://{listener.fileno()}", "--no-control-socket"),
                    *("--workers", "1", "config.wsgi"),
                ],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[listener.fileno()],
            )
            connection = http.client.HTTPConnection(*listener.getsockname(), timeout=30)
            try:
                connection.request(
                    "GET", "/nowhere/", headers={"Host": "localhost", "X-Request-ID": "abc-12345"}
                )
                self.assertEqual(connection.getresponse().status, 404)
            finally:
                connection.close()
                server.terminate()
                server.wait(30)
            log.seek(0)
            entries = [json.loads(line) for line in log]
        answered = [entry for entry in entries if entry["message"] == "Request answered."]
        self.assertEqual([entry["request_id"] for entry in answered], ["abc-12345"])
