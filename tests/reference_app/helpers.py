"""What the tests of the API share."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock
from uuid import uuid4

from django.conf import settings
from django.test import override_settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.response import Response
from rest_framework.test import APIClient, APITestCase

from accounts.errors import AccountError
from accounts.models import User
from common import store
from common.caching import epochs
from common.errors import CommonError, ErrorCode
from quality_harness.testing.query_budget import QueryBudgets
from quality_harness.testing.roles import RoleClients

from .factories import token_of
from .roles import ANONYMOUS, EXPIRED_TOKEN, ROLES, USER, WRONG_TOKEN, World, with_header


def address(name: str, **arguments: Any) -> str:
    """Return the path of a route in the first version of the API."""
    return reverse(name, kwargs={"version": "v1", **arguments})


@contextmanager
def meanwhile(owner: type, method: str, act: Callable[[], Any]) -> Iterator[None]:
    """Let somebody else act just before a method runs, as another request could."""
    original = getattr(owner, method)

    def late(*args: Any, **kwargs: Any) -> Any:
        act()
        return original(*args, **kwargs)

    with mock.patch.object(owner, method, late):
        yield


def moment(text: str) -> datetime:
    """Return the time that an answer gives, whatever the time zone that it is told in."""
    return datetime.fromisoformat(text).astimezone(UTC)


def mailed_token() -> str:
    """Return the token of the link in the last mail."""
    found = re.search(r"#token=(\S+)$", mail.outbox[-1].body, re.M)
    assert found, mail.outbox[-1].body
    return found[1]


def log_in_to_admin(client: Client, user: User) -> None:
    """Log a member of staff in with a password and a second factor, as the login page does."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, name="phone")
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()


class OwnCacheTests:
    """Gives each test a cache that no other test reads or fills; mixed into test cases."""

    def setUp(self) -> None:
        super().setUp()
        prefix = {**settings.CACHES["default"], "KEY_PREFIX": str(uuid4())}
        own = override_settings(CACHES={"default": prefix})
        own.enable()
        self.addCleanup(own.disable)


class CommittingTests(OwnCacheTests):
    """Lets the cache wait for real commits, as a server does; mixed into TransactionTestCases."""

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(override_settings(CACHE_UNCOMMITTED=False))
        self.addCleanup(epochs.stop)


class ApiTestCase(OwnCacheTests, RoleClients, QueryBudgets, APITestCase):
    """A test that speaks to the API as somebody."""

    roles = ROLES

    def make_world(self) -> World:
        """Make the users of the roles, each when it is asked for."""
        return World()

    def as_user(self, user: User) -> APIClient:
        """Return a client that sends the user's token."""
        return self.with_token(token_of(user))

    def with_token(self, token: str) -> APIClient:
        """Return a client that sends this token."""
        return with_header(f"Token {token}")

    def assert_error(self, response: Response, error: ErrorCode) -> None:
        """Check that an answer is this error, in the error format."""
        self.assertEqual(
            (response.status_code, response.json()["error"]["code"]), (error.status, error.code)
        )
        self.assertEqual(response["X-Request-ID"], response.json()["error"]["request_id"])

    def assert_field_error(self, response: Response, field: str, error: ErrorCode) -> None:
        """Check that an answer refuses one field, for this reason."""
        self.assert_error(response, CommonError.INVALID)
        fields = response.json()["error"]["fields"]
        self.assertEqual(list(fields), [field])
        self.assertEqual([part["code"] for part in fields[field]], [error.code])


class TokenTests:
    """What holds for every endpoint that needs a token; mixed into the test of each."""

    method = "get"
    body: Any = None

    def url(self) -> str:
        raise NotImplementedError

    def test_without_a_token_the_answer_is_401(self) -> None:
        response = self._send(self.client_of(ANONYMOUS))
        self.assert_error(response, CommonError.NOT_AUTHENTICATED)
        self.assertEqual(response["WWW-Authenticate"], "Token")

    def test_a_wrong_token_is_refused(self) -> None:
        self.assert_error(self._send(self.client_of(WRONG_TOKEN)), AccountError.TOKEN_INVALID)

    def test_an_expired_token_is_refused(self) -> None:
        self.assert_error(self._send(self.client_of(EXPIRED_TOKEN)), AccountError.TOKEN_EXPIRED)

    def _send(self, client: APIClient) -> Response:
        return getattr(client, self.method)(self.url(), self.body)


class PublicTests:
    """What holds for every endpoint that everyone may read; mixed into the test of each."""

    def url(self) -> str:
        raise NotImplementedError

    def test_it_is_read_without_a_token(self) -> None:
        self.assertEqual(self.client_of(ANONYMOUS).get(self.url()).status_code, 200)

    def test_it_is_read_with_a_token(self) -> None:
        self.assertEqual(self.client_of(USER).get(self.url()).status_code, 200)

    def test_a_wrong_token_is_refused(self) -> None:
        response = self.client_of(WRONG_TOKEN).get(self.url())
        self.assert_error(response, AccountError.TOKEN_INVALID)

    def test_an_expired_token_is_refused(self) -> None:
        response = self.client_of(EXPIRED_TOKEN).get(self.url())
        self.assert_error(response, AccountError.TOKEN_EXPIRED)


class BodyTests:
    """What holds for every endpoint that takes JSON; mixed into the test of each."""

    method = "post"

    def url(self) -> str:
        raise NotImplementedError

    def client_with_rights(self) -> APIClient:
        raise NotImplementedError

    def test_malformed_json_is_refused(self) -> None:
        self.assert_error(self._send_text('{"title": '), CommonError.MALFORMED)

    def test_json_that_exhausts_the_stack_is_refused(self) -> None:
        self.assert_error(self._send_text("[" * 200_000), CommonError.MALFORMED)

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        self.assert_error(self._send_text(b"\xff\xfe{}"), CommonError.MALFORMED)

    def test_a_number_too_long_to_read_is_refused(self) -> None:
        self.assert_error(self._send_text("9" * 5000), CommonError.MALFORMED)

    def test_a_list_instead_of_an_object_is_refused(self) -> None:
        response = self._send_text("[]")
        self.assert_field_error(response, "non_field_errors", CommonError.FIELD_WRONG_TYPE)

    def test_an_unknown_field_is_refused(self) -> None:
        response = self._send_text('{"surprise": 1}')
        self.assert_field_error(response, "surprise", CommonError.FIELD_UNKNOWN)

    def test_a_name_that_cannot_be_encoded_is_refused_by_its_spelling(self) -> None:
        response = self._send_text(r'{"\ud800": 1}')
        self.assert_field_error(response, r"\ud800", CommonError.FIELD_UNKNOWN)

    def test_another_content_type_is_refused(self) -> None:
        response = self._send_text("title=x", "application/x-www-form-urlencoded")
        self.assert_error(response, CommonError.UNSUPPORTED_MEDIA_TYPE)

    def test_an_oversized_body_is_refused(self) -> None:
        response = self._send_text('"' + "x" * 600_000 + '"')
        self.assert_error(response, CommonError.TOO_LARGE)

    def _send_text(self, text: str | bytes, kind: str = "application/json") -> Response:
        send = getattr(self.client_with_rights(), self.method)
        return send(self.url(), text, content_type=kind)


class CommittedTests(OwnCacheTests):
    """Runs what waits for the commit at the end of each test; mixed into test cases.

    A test that is about what waits there runs it earlier, or captures it.
    """

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(self.captureOnCommitCallbacks(execute=True))


NO_CACHE = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}


@contextmanager
def no_store() -> Iterator[None]:
    """Let nobody answer where the store should be; how that went is forgotten afterwards."""
    with override_settings(CACHES=NO_CACHE):
        try:
            yield
        finally:
            store._stores.pop(NO_CACHE["default"]["LOCATION"]).close()
