"""Logging in with a session, as people do to use the browsable API."""

from django.test import override_settings
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.errors import AccountError
from accounts.models import User
from blog.models import Blog
from common.errors import CommonError

from ..factories import PASSWORD, AuthorFactory, UserFactory
from ..helpers import ApiTestCase, address

LOGIN = "/session/login/"
LOGOUT = "/session/logout/"


class SessionTestCase(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = AuthorFactory().user

    def log_in(self, client: APIClient | None = None, **fields: str):
        form = {"username": self.user.email, "password": PASSWORD, **fields}
        return (client or self.client).post(reverse("rest_framework:login"), form, "multipart")

    def is_logged_in(self, client: APIClient | None = None) -> bool:
        response = (client or self.client).get(address("accounts:me"))
        self.assertIn(response.status_code, (200, 401))
        return response.status_code == 200


class LoginTests(SessionTestCase):
    def test_the_page_has_a_form_and_no_door_to_the_admin(self) -> None:
        page = self.client.get(LOGIN)
        self.assertContains(page, "csrfmiddlewaretoken")
        self.assertNotContains(page, "admin")

    def test_email_and_password_log_in(self) -> None:
        self.assertRedirects(self.log_in(), address("blog:list"))
        self.assertTrue(self.is_logged_in())
        self.user.refresh_from_db()
        self.assertIsNotNone(self.user.last_login)

    def test_the_email_is_read_in_any_case(self) -> None:
        self.log_in(username=f" {self.user.email.upper()} ")
        self.assertTrue(self.is_logged_in())

    def test_it_leads_back_to_where_one_was(self) -> None:
        tags = address("blog:tags")
        self.assertRedirects(self.log_in(next=tags), tags)

    def test_it_leads_to_no_other_site(self) -> None:
        response = self.log_in(next="https://evil.example.com/")
        self.assertRedirects(response, address("blog:list"))

    def assert_refused(self, response) -> None:
        self.assertContains(response, AccountError.WRONG_CREDENTIALS.message)
        self.assertFalse(self.is_logged_in())

    def test_a_wrong_password_is_refused(self) -> None:
        self.assert_refused(self.log_in(password="wrong"))

    def test_an_email_without_account_is_refused_alike(self) -> None:
        self.assert_refused(self.log_in(username="nobody@example.com"))

    def test_an_inactive_user_is_refused_alike(self) -> None:
        User.objects.update(is_active=False)
        self.assert_refused(self.log_in())

    def test_who_has_not_proven_the_email_may_log_in_as_with_a_token(self) -> None:
        User.objects.update(email_verified_at=None)
        self.log_in()
        self.assertTrue(self.is_logged_in())

    def test_a_form_of_another_site_is_refused(self) -> None:
        client = APIClient(enforce_csrf_checks=True)
        self.assert_error(self.log_in(client), CommonError.CSRF_REFUSED)
        self.assertFalse(self.is_logged_in(client))

    def test_another_method_is_refused_in_the_error_format(self) -> None:
        for response in (self.client.put(LOGIN), self.client.get(LOGOUT)):
            self.assert_error(response, CommonError.METHOD_NOT_ALLOWED)
            self.assertIn("POST", response["Allow"])

    def test_it_does_not_open_the_admin(self) -> None:
        User.objects.update(is_staff=True, is_superuser=True)
        self.log_in()
        self.assertEqual(self.client.get(reverse("admin:index")).status_code, 302)


class SessionTests(SessionTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = APIClient(enforce_csrf_checks=True)
        self.client.force_login(self.user)

    def begin_draft(self, **headers: str):
        body = {"title": "By hand"}
        return self.client.post(address("blog:list"), body, "json", headers=headers)

    def csrf_token(self) -> str:
        self.client.get(LOGIN)
        return self.client.cookies["csrftoken"].value

    def test_it_reads(self) -> None:
        self.assertTrue(self.is_logged_in())

    def test_with_the_csrf_token_it_writes(self) -> None:
        response = self.begin_draft(**{"x-csrftoken": self.csrf_token()})
        self.assertEqual(response.status_code, 201)

    def test_without_the_csrf_token_it_does_not_write(self) -> None:
        self.assert_error(self.begin_draft(), CommonError.CSRF_REFUSED)
        self.assertFalse(Blog.objects.exists())

    def test_with_a_wrong_csrf_token_it_does_not_write(self) -> None:
        self.csrf_token()
        self.assert_error(self.begin_draft(**{"x-csrftoken": "x" * 64}), CommonError.CSRF_REFUSED)

    def test_a_token_in_the_header_needs_no_csrf_token(self) -> None:
        self.client.credentials(HTTP_AUTHORIZATION="Token " + "f" * 64)
        self.assert_error(self.begin_draft(), AccountError.TOKEN_INVALID)

    def test_without_any_login_the_answer_is_401(self) -> None:
        self.client.logout()
        response = self.begin_draft()
        self.assert_error(response, CommonError.NOT_AUTHENTICATED)
        self.assertEqual(response["WWW-Authenticate"], "Token")


class EndOfSessionTests(SessionTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = APIClient()
        self.client.force_login(self.user)

    def test_the_logout_ends_it(self) -> None:
        self.assertRedirects(self.client.post(LOGOUT), LOGIN)
        self.assertFalse(self.is_logged_in())

    def test_a_logout_that_another_site_sends_does_not(self) -> None:
        careful = APIClient(enforce_csrf_checks=True)
        careful.cookies = self.client.cookies
        self.assert_error(careful.post(LOGOUT), CommonError.CSRF_REFUSED)
        self.assertTrue(self.is_logged_in())

    def test_the_logout_everywhere_ends_it(self) -> None:
        other = APIClient()
        other.force_login(self.user)
        self.assertEqual(other.post(address("accounts:logout-everywhere")).status_code, 204)
        self.assertFalse(self.is_logged_in(other))
        self.assertFalse(self.is_logged_in())

    def test_another_password_ends_it(self) -> None:
        self.user.set_password("another correct horse")
        self.user.save()
        self.assertFalse(self.is_logged_in())

    def test_it_ends_with_the_account(self) -> None:
        User.objects.update(is_active=False)
        self.assertFalse(self.is_logged_in())

    def test_it_outlives_a_change_of_the_secret_key(self) -> None:
        self.assertTrue(self.is_logged_in())
        with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["test-only-not-a-secret"]):
            self.assertTrue(self.is_logged_in())

    def test_the_session_of_somebody_else_goes_on(self) -> None:
        other = APIClient()
        other.force_login(UserFactory())
        self.client.post(address("accounts:logout-everywhere"))
        self.assertTrue(self.is_logged_in(other))
