"""The page that says whether the services are there."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from asgiref.sync import async_to_sync
from celery import Celery
from celery.app.control import Inspect
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.db import connections
from django.test import SimpleTestCase, override_settings, tag
from kombu import Connection
from rest_framework.test import APIClient

from common.errors import CommonError
from common.health import Worker
from config import celery_app, services

from ..helpers import NO_CACHE, ApiTestCase


def refused() -> Connection:
    """Return a connection to a broker that is not there."""
    return Connection("redis://127.0.0.1:1/0")


class HealthTests(ApiTestCase):
    def get(self):
        return self.client.get("/ht/", headers={"accept": "application/json"})

    @contextmanager
    def without_database(self) -> Iterator[None]:
        gone = mock.patch.dict(connections.settings["default"], {"HOST": "/nowhere"})
        with gone, self.assertLogs("health_check"):
            yield

    @contextmanager
    def migrations_of_knox(self, *names: str) -> Iterator[None]:
        """Give an app that has none migrations that do nothing."""
        package = Path(self.enterContext(TemporaryDirectory())) / "later_migrations"
        package.mkdir()
        (package / "__init__.py").touch()
        for name in names:
            (package / f"{name}.py").write_text("from django.db.migrations import Migration\n")
        with (
            mock.patch.object(sys, "path", [str(package.parent), *sys.path]),
            mock.patch.dict(sys.modules),
            override_settings(MIGRATION_MODULES={"knox": package.name}),
        ):
            yield

    def failed(self) -> dict[str, str]:
        """Return the message of each check that fails, as the page names it with a 500."""
        with self.assertLogs("health_check"):
            response = self.get()
        return self.failures(response)

    def failures(self, response) -> dict[str, str]:
        self.assertEqual(response.status_code, 500)
        found = response.json().items()
        return {name.split("(")[0]: state for name, state in found if state != "OK"}

    def test_all_is_well(self) -> None:
        response = self.get()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(
            response.json(),
            {
                "Cache(alias='default')": "OK",
                "Database(alias='default')": "OK",
                "Broker()": "OK",
                "Migrations()": "OK",
                "Disk()": "OK",
            },
        )

    def test_a_broker_that_is_gone_is_named(self) -> None:
        gone = mock.patch.object(celery_app, "connection_for_write", refused)
        with gone:
            self.assertEqual(self.failed(), {"Broker": "Unavailable: no connection"})

    def test_migrations_that_are_not_applied_are_counted(self) -> None:
        with self.migrations_of_knox("0001_first", "0002_second"):
            failed = self.failed()
        self.assertEqual(list(failed), ["Migrations"])
        self.assertEqual(
            failed["Migrations"], "Unavailable: 2 not applied, the first one is knox.0001_first"
        )

    def test_a_disk_that_is_full_is_named(self) -> None:
        with override_settings(HEALTH_FREE_DISK_MB=10**9):
            failed = self.failed()
        self.assertRegex(failed["Disk"], r"^Unavailable: \d+ MB free, 1000000000 are needed$")

    def test_the_disk_of_a_folder_that_is_not_there_yet_is_the_one_above(self) -> None:
        with override_settings(MEDIA_ROOT="/tmp/not-there-yet/media"):
            self.assertEqual(self.get().status_code, 200)

    @override_settings(HEALTH_WORKER_SECONDS=0.05)
    def test_workers_are_asked_only_where_the_settings_say_so(self) -> None:
        self.assertEqual(self.failed(), {"Worker": "Unavailable: no worker answers"})

    def test_a_cache_that_is_gone_is_named(self) -> None:
        with override_settings(CACHES=NO_CACHE):
            self.assertEqual(list(self.failed()), ["Cache"])

    def test_a_database_that_is_gone_is_named(self) -> None:
        with self.without_database():
            failed = self.failures(self.get())
        self.assertEqual(set(failed), {"Database", "Migrations"})
        self.assertEqual(failed["Migrations"], "Unavailable: unknown without the database")

    def test_no_format_says_well_where_the_database_is_gone(self) -> None:
        for name in ("json", "text", "atom", "rss", "openmetrics"):
            with self.subTest(name), self.without_database():
                self.assertEqual(self.client.get("/ht/", {"format": name}).status_code, 500)

    def test_no_accept_header_gets_well_where_the_database_is_gone(self) -> None:
        for accept in ("text/html", "application/rss+xml", "application/openmetrics-text"):
            with self.subTest(accept), self.without_database():
                response = self.client.get("/ht/", headers={"accept": accept})
                self.assertEqual(response.status_code, 500)

    def test_an_accept_header_that_cannot_be_read_is_refused(self) -> None:
        response = self.client.get("/ht/", headers={"accept": "anything"})
        self.assert_error(response, CommonError.NOT_ACCEPTABLE)

    def test_an_accept_header_that_nothing_fits_is_refused(self) -> None:
        response = self.client.get("/ht/", headers={"accept": "image/png"})
        self.assert_error(response, CommonError.NOT_ACCEPTABLE)

    def test_another_method_is_refused(self) -> None:
        client = APIClient(enforce_csrf_checks=True)
        for method in ("post", "put", "delete", "options"):
            with self.subTest(method):
                response = getattr(client, method)("/ht/")
                self.assert_error(response, CommonError.METHOD_NOT_ALLOWED)
                self.assertEqual(response["Allow"], "GET, HEAD")

    def test_a_page_for_people(self) -> None:
        self.assertContains(self.client.get("/ht/"), "<html")


class WorkerTests(SimpleTestCase):
    def error_of(self, answers: dict[str, list[dict[str, str]]] | None) -> str:
        """Return what the check says where workers answer so with their queues."""
        inspected = mock.patch.object(Inspect, "active_queues", lambda inspect: answers)
        with inspected, self.assertLogs("health_check"):
            return str(async_to_sync(Worker(celery_app, seconds=1).get_result)().error)

    def test_queues_that_no_worker_serves_are_named(self) -> None:
        answers = {"one@host": [{"name": "mail"}], "other@host": []}
        self.assertEqual(self.error_of(answers), "Unavailable: no worker for celery, fan_out")

    def test_workers_may_share_the_queues(self) -> None:
        answers = {
            "one@host": [{"name": "mail"}],
            "other@host": [{"name": "celery"}, {"name": "fan_out"}],
        }
        with mock.patch.object(Inspect, "active_queues", lambda inspect: answers):
            result = async_to_sync(Worker(celery_app, seconds=1).get_result)()
        self.assertIsNone(result.error)

    def test_without_a_broker_there_is_no_connection(self) -> None:
        app = Celery("health", broker="redis://127.0.0.1:1/0", set_as_current=False)
        with self.assertLogs("health_check"):
            result = async_to_sync(Worker(app, seconds=1).get_result)()
        self.assertEqual(str(result.error), "Unavailable: no connection")


@tag("slow")
class RealWorkerTests(SimpleTestCase):
    def setUp(self) -> None:
        super().setUp()
        # A worker takes its process over, which here is the one of the tests.
        self.enterContext(mock.patch.dict(os.environ))
        self.enterContext(warnings.catch_warnings())
        self.addCleanup(celery_app.set_default)
        self.addCleanup(celery_app.set_current)

    def error_of_a_worker(self, queues: list[str] | None = None) -> str:
        """Return what the check says of a worker of these queues, all of them where None."""
        # On a database of its own: other tests count on there being no worker.
        url = services.broker(settings.REDIS_URL.rpartition("/")[0] + "/13")
        app = Celery("health", broker=url, set_as_current=False)
        app.conf.task_queues = settings.CELERY_TASK_QUEUES
        with (
            mock.patch.object(app.log, "setup"),
            start_worker(app, perform_ping_check=False, queues=queues),
        ):
            result = async_to_sync(Worker(app, seconds=2).get_result)()
        return str(result.error or "")

    def test_a_worker_of_all_queues_is_well(self) -> None:
        self.assertEqual(self.error_of_a_worker(), "")

    def test_a_worker_of_some_queues_is_not_enough(self) -> None:
        with self.assertLogs("health_check"):
            error = self.error_of_a_worker(["celery", "mail"])
        self.assertEqual(error, "Unavailable: no worker for fan_out")
