"""What stands in the log of a server."""

import asyncio
import io
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from threading import Barrier
from unittest import mock

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, SimpleTestCase, override_settings
from django.urls import path
from django.utils.log import configure_logging
from rest_framework.test import APIClient

from accounts.models import User
from common import middleware, request_ids
from common.errors import CommonError
from common.logs import log
from config.asgi import application as asgi
from config.settings import base

from ..factories import UserFactory
from ..helpers import ApiTestCase, address, log_in_to_admin
from ..unit.test_settings import PRODUCTION, load

logger = logging.getLogger("blog")
together: asyncio.Barrier


async def slow_view(request: HttpRequest) -> HttpResponse:
    """Answer once every other request has come this far."""
    request.user = User(pk=int(request.GET["user"]))
    await together.wait()
    logger.info("Served.")
    return HttpResponse()


urlpatterns = [path("", slow_view)]


class WithLog:
    """Configures the logs as a server does; mixed into test cases."""

    configuration = base.LOGGING

    def setUp(self) -> None:
        super().setUp()
        self.log = io.StringIO()
        with redirect_stderr(self.log):
            configure_logging(settings.LOGGING_CONFIG, self.configuration)
        self.addCleanup(configure_logging, settings.LOGGING_CONFIG, settings.LOGGING)

    def lines(self) -> list[str]:
        return self.log.getvalue().splitlines()


class PlainLogTests(WithLog, ApiTestCase):
    def test_a_fault_of_ours_is_logged_with_its_reason_and_the_id_of_the_request(self) -> None:
        client = APIClient(raise_request_exception=False, headers={"x-request-id": "caller-0001"})
        with mock.patch("blog.models.BlogQuerySet.visible_to", side_effect=ZeroDivisionError):
            response = client.get(address("blog:list"))
        self.assert_error(response, CommonError.SERVER_ERROR)
        first, *reason = self.lines()
        self.assertRegex(
            first,
            r"ERROR django\.request \[caller-0001 None\] Internal Server Error: /v1/blogs/"
            r" status_code=500$",
        )
        self.assertEqual(reason[-1], "ZeroDivisionError")

    def test_a_line_outside_a_request_has_no_ids(self) -> None:
        self.as_user(UserFactory()).get("/v1/tags/")
        logger.info("Hello.")
        self.assertRegex(self.lines()[-1], r"INFO blog \[None None\] Hello\.$")

    def test_a_line_is_written_once_while_debugging_too(self) -> None:
        with self.settings(DEBUG=True):
            logging.getLogger("django.request").error("Hello.")
        self.assertEqual(self.log.getvalue().count("Hello."), 1)

    def test_what_differs_stands_behind_the_message(self) -> None:
        logger.info("Hello.", extra={"blog": 3, "token": "abc"})
        self.assertTrue(self.lines()[-1].endswith("] Hello. blog=3 token=***"))

    def test_what_differs_begins_no_line_of_its_own(self) -> None:
        log("blog", logging.WARNING, "Hello.", username="ann\nforged\rline")
        (line,) = self.lines()
        self.assertTrue(line.endswith("WARNING blog [None None] Hello. username=ann forged line"))

    def test_a_line_says_where_it_was_written(self) -> None:
        with self.assertLogs("blog") as logs:
            log("blog", logging.INFO, "Hello.")
        self.assertEqual(logs.records[0].filename, "test_logs.py")

    def test_an_error_has_the_traceback_of_what_is_being_handled(self) -> None:
        for level, ends in ((logging.ERROR, "ZeroDivisionError"), (logging.WARNING, "Hello.")):
            with self.subTest(level):
                try:
                    raise ZeroDivisionError
                except ZeroDivisionError:
                    log("blog", level, "Hello.")
                self.assertTrue(self.lines()[-1].endswith(ends))

    def test_an_error_outside_of_a_handler_has_none(self) -> None:
        log("blog", logging.ERROR, "Hello.")
        self.assertTrue(self.lines()[-1].endswith("Hello."))

    def test_the_app_writes_every_line_by_one_function(self) -> None:
        others = re.compile(r"getLogger\(|\bprint\(|\blogger\.|logging\.(?:debug|info|warn|error)")
        found = [
            str(path)
            for path in sorted(settings.BASE_DIR.glob("*/**/*.py"))
            if others.search(path.read_text())
        ]
        self.assertEqual(found, [str(settings.BASE_DIR / "common" / "logs.py")])

    def test_the_user_of_a_token_is_named(self) -> None:
        user = UserFactory()
        self.as_user(user).get(address("blog:detail", uuid="0" * 8 + "-0000" * 3 + "-" + "0" * 12))
        self.assertIn(f" {user.pk}] Not Found", self.lines()[-1])

    def test_the_user_of_a_session_is_named(self) -> None:
        user = UserFactory(is_staff=True)
        log_in_to_admin(self.client, user)
        self.client.get("/admin/nowhere/")
        self.assertIn(f" {user.pk}] Not Found", self.lines()[-1])

    def test_nobody_is_looked_up_for_a_line(self) -> None:
        self.client.force_login(UserFactory())
        with self.assertNumQueries(0):
            self.client.get("/nowhere/")
        self.assertIn(" None] Not Found", self.lines()[-1])

    def test_no_secret_is_written(self) -> None:
        try:
            raise ValueError("no answer from redis://:hunter2@cache/0")
        except ValueError:
            logger.exception("Failed with %s", {"password": "hunter2"}, stack_info=True)
        self.client.get("/nowhere/", headers={"authorization": "Token hunter2"})
        self.assertIn("ValueError: no answer from redis://***@cache/0", self.lines())
        self.assertNotIn("hunter2", self.log.getvalue())


class JsonLogTests(WithLog, ApiTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.configuration = load("production", PRODUCTION).LOGGING

    def entries(self) -> list[dict]:
        return [json.loads(line) for line in self.lines()]

    def test_a_line_is_an_object(self) -> None:
        request_ids.begin("caller-0001")
        self.addCleanup(request_ids.end)
        logger.warning("Hello\n%s.", "Ann", extra={"blog": 3})
        (entry,) = self.entries()
        self.assertRegex(entry.pop("time"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$")
        self.assertEqual(
            entry,
            {
                "level": "WARNING",
                "logger": "blog",
                "message": "Hello\nAnn.",
                "request_id": "caller-0001",
                "user_id": None,
                "blog": 3,
            },
        )

    def test_a_refused_request(self) -> None:
        user = UserFactory()
        response = self.as_user(user).post("/v1/blogs/")
        (entry,) = self.entries()
        self.assertEqual(entry["request_id"], response["X-Request-ID"])
        self.assertEqual((entry["user_id"], entry["status_code"]), (user.pk, 403))

    def test_no_secret_is_written(self) -> None:
        try:
            raise ValueError("no answer from redis://:hunter2@cache/0")
        except ValueError:
            logger.exception(
                "Failed with %s",
                {"password": "hunter2"},
                extra={"headers": {"Cookie": "hunter2"}, "error": ValueError("token=hunter2")},
            )
        (entry,) = self.entries()
        self.assertEqual(entry["message"], "Failed with {'password': ***}")
        self.assertEqual(entry["headers"], {"Cookie": "***"})
        self.assertEqual(entry["error"], "token=***")
        self.assertTrue(entry["traceback"].startswith("Traceback"))
        self.assertTrue(
            entry["traceback"].endswith("ValueError: no answer from redis://***@cache/0")
        )


class SideBySideTests(WithLog, SimpleTestCase):
    """Requests that run at the same time keep their own ids."""

    COUNT = 4

    def setUp(self) -> None:
        super().setUp()
        self.configuration = load("production", PRODUCTION).LOGGING
        super().setUp()

    def assert_each_has_its_own(self) -> None:
        entries = [json.loads(line) for line in self.lines()]
        found = {(entry["request_id"], entry["user_id"]) for entry in entries}
        self.assertEqual(found, {(f"request-{n}", n) for n in range(self.COUNT)})
        self.assertEqual(len(entries), self.COUNT)

    def test_in_threads(self) -> None:
        barrier = Barrier(self.COUNT, timeout=60)

        def view(request: HttpRequest) -> HttpResponse:
            request.user = User(pk=int(request.GET["user"]))
            barrier.wait()
            logger.info("Served.")
            return HttpResponse()

        def serve(number: int) -> None:
            headers = {"x-request-id": f"request-{number}"}
            request = RequestFactory().get("/", {"user": number}, headers=headers)
            middleware.request_id(view)(request)

        with ThreadPoolExecutor(self.COUNT) as threads:
            list(threads.map(serve, range(self.COUNT)))
        self.assert_each_has_its_own()

    @override_settings(ROOT_URLCONF=__name__)
    def test_in_asyncio(self) -> None:
        async def serve(number: int) -> None:
            scope = {
                "type": "http",
                "method": "GET",
                "path": "/",
                "query_string": f"user={number}".encode(),
                "headers": [
                    (b"host", b"testserver"),
                    (b"x-request-id", f"request-{number}".encode()),
                ],
            }
            server = ApplicationCommunicator(asgi, scope)
            await server.send_input({"type": "http.request"})
            start = await server.receive_output(10)
            self.assertEqual(start["status"], 200)
            await server.receive_output(10)
            await server.wait()

        async def serve_all() -> None:
            global together
            together = asyncio.Barrier(self.COUNT)
            await asyncio.gather(*(serve(number) for number in range(self.COUNT)))

        asyncio.run(serve_all())
        self.assert_each_has_its_own()
