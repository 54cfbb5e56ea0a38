"""The page that says whether the services are there."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connections
from django.test import override_settings
from rest_framework.test import APIClient

from common.errors import CommonError

from ..helpers import NO_CACHE, ApiTestCase


class HealthTests(ApiTestCase):
    def get(self):
        return self.client.get("/ht/", headers={"accept": "application/json"})

    @contextmanager
    def without_database(self) -> Iterator[None]:
        gone = mock.patch.dict(connections.settings["default"], {"HOST": "/nowhere"})
        with gone, self.assertLogs("health_check"):
            yield

    def test_all_is_well(self) -> None:
        response = self.get()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(set(response.json().values()), {"OK"})
        self.assertEqual(len(response.json()), 2)

    def test_a_cache_that_is_gone_is_named(self) -> None:
        with override_settings(CACHES=NO_CACHE), self.assertLogs("health_check"):
            response = self.get()
        failed = [name for name, state in response.json().items() if state != "OK"]
        self.assertEqual(response.status_code, 500)
        self.assertEqual([name.split("(")[0] for name in failed], ["Cache"])

    def test_a_database_that_is_gone_is_named(self) -> None:
        with self.without_database():
            response = self.get()
        failed = [name for name, state in response.json().items() if state != "OK"]
        self.assertEqual(response.status_code, 500)
        self.assertEqual([name.split("(")[0] for name in failed], ["Database"])

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
