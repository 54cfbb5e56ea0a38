"""What is reported to Sentry."""

import io
import json
import logging
from unittest import mock
from wsgiref.util import setup_testing_defaults

import sentry_sdk
from django.test import SimpleTestCase
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from config import celery_app, sentry
from config.wsgi import application as wsgi

from ..helpers import OwnCacheTests, address
from ..unit.test_settings import PRODUCTION, load

DSN = "https://key@sentry.invalid/1"
SECRET = "hunter2hunter2"


class Recorder(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope)

    def events(self) -> list[dict]:
        found = (envelope.get_event() for envelope in self.sent)
        return [event for event in found if event]

    def text(self) -> str:
        return b"".join(envelope.serialize() for envelope in self.sent).decode()


class SentryTests(OwnCacheTests, SimpleTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.recorder = Recorder()
        sentry.start(DSN, transport=self.recorder)
        self.addCleanup(sentry_sdk.get_global_scope().set_client, None)
        self.addCleanup(sentry_sdk.get_client().close)

    def meet_a_fault(self) -> None:
        """Send a request full of secrets to a view that fails."""
        body = json.dumps(
            {"email": "ann@example.com", "password": SECRET, "device": "Phone"}
        ).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": address("accounts:login"),
            "QUERY_STRING": f"token={SECRET}",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "testserver",
            "HTTP_AUTHORIZATION": f"Token {SECRET}",
            "HTTP_COOKIE": f"sessionid={SECRET}",
            "HTTP_X_REQUEST_ID": "caller-0001",
            "wsgi.input": io.BytesIO(body),
        }
        setup_testing_defaults(environ)
        with mock.patch("accounts._private.log_in", fail_loudly):
            answer = wsgi(environ, lambda status, headers: self.assertEqual(status[:3], "500"))
        b"".join(answer)
        answer.close()

    def test_an_error_is_reported_once(self) -> None:
        self.meet_a_fault()
        (event,) = self.recorder.events()
        self.assertEqual(event["exception"]["values"][-1]["type"], "ValueError")
        self.assertEqual(event["tags"]["request_id"], "caller-0001")
        self.assertTrue(event["request"]["url"].endswith(address("accounts:login")))
        self.assertEqual(event["request"]["headers"]["Host"], "testserver")

    def test_no_secret_is_reported(self) -> None:
        self.meet_a_fault()
        self.assertEqual(len(self.recorder.events()), 1)
        self.assertNotIn(SECRET, self.recorder.text())

    def test_neither_body_nor_user_nor_variables_are_reported(self) -> None:
        self.meet_a_fault()
        self.assertNotIn("ann@example.com", self.recorder.text())
        (event,) = self.recorder.events()
        self.assertFalse(event["request"]["data"])
        self.assertNotIn("user", event)
        self.assertNotIn('"vars"', json.dumps(event))
        self.assertFalse(sentry_sdk.get_client().options["send_default_pii"])

    def meet_a_fault_in_a_task(self) -> None:
        """Run a task that fails, as a worker runs it: what it was given is a secret, too."""
        task = celery_app.tasks["accounts.tasks.mail_password_reset"]
        with mock.patch("accounts._passwords.mail_password_reset", fail_loudly):
            task.apply(args=[SECRET], headers={"authorization": SECRET}, throw=False)

    def test_an_error_in_a_task_is_reported_once(self) -> None:
        self.meet_a_fault_in_a_task()
        (event,) = self.recorder.events()
        self.assertEqual(event["exception"]["values"][-1]["type"], "ValueError")
        self.assertEqual(event["transaction"], "accounts.tasks.mail_password_reset")

    def test_no_secret_of_a_task_is_reported(self) -> None:
        self.meet_a_fault_in_a_task()
        self.assertEqual(len(self.recorder.events()), 1)
        self.assertNotIn(SECRET, self.recorder.text())
        self.assertNotIn('"vars"', self.recorder.text())

    def test_a_refusal_is_no_error(self) -> None:
        self.client.post(address("accounts:login"), {})
        self.client.get("/nowhere/")
        self.assertEqual(self.recorder.events(), [])

    def test_an_error_in_the_log_is_reported_without_secrets(self) -> None:
        logging.getLogger("blog").error("Failed.", extra={"headers": {"Cookie": SECRET}})
        (event,) = self.recorder.events()
        self.assertEqual(event["logentry"]["message"], "Failed.")
        self.assertNotIn(SECRET, self.recorder.text())


def fail_loudly(password: str, **body: str) -> None:
    """Fail as a driver does that names its address."""
    raise ValueError(f"no answer from redis://:{password}@cache/0")


class SwitchTests(SimpleTestCase):
    def test_it_is_off_unless_the_environment_names_an_address(self) -> None:
        with mock.patch("config.sentry.start") as start:
            load("production", PRODUCTION)
            start.assert_not_called()
            load("production", {**PRODUCTION, "SENTRY_DSN": DSN})
            start.assert_called_once_with(DSN)
