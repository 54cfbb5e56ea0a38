"""What stands in the log of a server."""

import io
import logging
from contextlib import redirect_stderr
from unittest import mock

from django.conf import settings
from django.utils.log import configure_logging
from rest_framework.test import APIClient

from common.errors import CommonError
from config.settings import base

from ..helpers import ApiTestCase, address


class LogTests(ApiTestCase):
    def setUp(self) -> None:
        self.log = io.StringIO()
        with redirect_stderr(self.log):
            configure_logging(settings.LOGGING_CONFIG, base.LOGGING)
        self.addCleanup(configure_logging, settings.LOGGING_CONFIG, settings.LOGGING)

    def test_a_fault_of_ours_is_logged_with_its_reason_and_the_id_of_the_request(self) -> None:
        client = APIClient(raise_request_exception=False, headers={"x-request-id": "caller-0001"})
        with mock.patch("blog.models.BlogQuerySet.visible_to", side_effect=ZeroDivisionError):
            response = client.get(address("blog:list"))
        self.assert_error(response, CommonError.SERVER_ERROR)
        first, *reason = self.log.getvalue().splitlines()
        self.assertRegex(
            first, r"ERROR django\.request \[caller-0001\] Internal Server Error: /v1/blogs/$"
        )
        self.assertEqual(reason[-1], "ZeroDivisionError")

    def test_a_line_outside_a_request_has_a_dash(self) -> None:
        with mock.patch("common.logs.current_request_id", return_value=""):
            logging.getLogger("author").info("Hello.")
        self.assertRegex(self.log.getvalue(), r"INFO author \[-\] Hello\.\n$")

    def test_a_line_is_written_once_while_debugging_too(self) -> None:
        with self.settings(DEBUG=True):
            logging.getLogger("django.request").error("Hello.")
        self.assertEqual(self.log.getvalue().count("Hello."), 1)
