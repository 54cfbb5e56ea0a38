"""Where the admin is, and what stands at its usual place."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from unittest import mock

from django.conf import settings
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.urls.converters import REGISTERED_CONVERTERS

from common import honeypot

from ..factories import PASSWORD, UserFactory

SECRET = "back-office/"
LOGIN = "/admin/login/"


@contextmanager
def admin_at(path: str) -> Iterator[ModuleType]:
    """Serve the routes as they are with this ADMIN_PATH."""
    usual = sys.modules.pop(settings.ROOT_URLCONF)
    try:
        with mock.patch.dict(REGISTERED_CONVERTERS), override_settings(ADMIN_PATH=path):
            del REGISTERED_CONVERTERS["version"]  # Reading the routes again registers it again.
            routes = importlib.import_module(settings.ROOT_URLCONF)
            with override_settings(ROOT_URLCONF=routes):
                yield routes
    finally:
        sys.modules[usual.__name__] = usual


class AdminPathTests(TestCase):
    def test_at_the_usual_path_there_is_no_honeypot(self) -> None:
        self.assertEqual(honeypot.routes("admin/"), [])
        self.assertEqual(reverse("admin:index"), "/admin/")

    def test_the_admin_is_where_the_settings_say(self) -> None:
        with admin_at(SECRET):
            self.assertEqual(reverse("admin:index"), "/back-office/")
            self.assertEqual(self.client.get("/back-office/login/").status_code, 200)


class HoneypotTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(is_staff=True, is_superuser=True)

    def setUp(self) -> None:
        routes = admin_at(SECRET)
        routes.__enter__()
        self.addCleanup(routes.__exit__, None, None, None)

    def log_in(self, client: Client | None = None, **fields: str):
        form = {"username": self.user.email, "password": PASSWORD, **fields}
        return (client or self.client).post(LOGIN, form)

    def test_it_looks_like_the_login_page_of_django(self) -> None:
        page = self.client.get(LOGIN)
        self.assertTemplateUsed(page, "admin/login.html")
        self.assertContains(page, "Django administration")
        self.assertContains(page, 'name="password"')

    def test_every_address_below_it_leads_to_its_login_page(self) -> None:
        for address in ("/admin/", "/admin/blog/blog/", "/admin/nowhere/"):
            self.assertRedirects(self.client.get(address), f"{LOGIN}?next={address}")

    def test_nothing_in_it_tells_where_the_admin_is(self) -> None:
        for page in (self.client.get(LOGIN), self.log_in()):
            self.assertNotContains(page, "back-office")

    def test_the_right_password_does_not_let_in(self) -> None:
        page = self.log_in()
        self.assertContains(page, "Please enter the correct email and password")
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_a_login_that_holds_elsewhere_does_not_let_in(self) -> None:
        self.client.force_login(self.user)
        self.assertRedirects(self.client.get("/admin/"), f"{LOGIN}?next=/admin/")

    def test_an_attempt_is_logged_without_the_password(self) -> None:
        with self.assertLogs("common.honeypot", "WARNING") as logs:
            self.log_in(username="root\nforged line")
        (record,) = logs.records
        self.assertEqual(record.msg, "Somebody tried to log in where the admin is not.")
        self.assertEqual((record.client, record.username), ("127.0.0.1", "root\nforged line"))
        self.assertNotIn(PASSWORD, str(vars(record)))

    def test_a_very_long_name_is_logged_in_part(self) -> None:
        with self.assertLogs("common.honeypot", "WARNING") as logs:
            self.log_in(username="x" * 5000)
        self.assertEqual(logs.records[0].username, "x" * 254)

    def test_an_attempt_without_a_csrf_token_is_logged_and_refused(self) -> None:
        with self.assertLogs("common.honeypot", "WARNING"):
            response = self.log_in(Client(enforce_csrf_checks=True))
        self.assertEqual(response.status_code, 403)

    def test_looking_at_the_page_is_no_attempt(self) -> None:
        with self.assertNoLogs("common.honeypot"):
            self.client.get(LOGIN)
