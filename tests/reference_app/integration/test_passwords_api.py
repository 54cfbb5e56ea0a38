"""Another password: by the old one, or by a link in a mail."""

from datetime import UTC, datetime, timedelta
from unittest import mock

from django.core import mail
from freezegun import freeze_time
from rest_framework.test import APIClient

from accounts import _passwords, _verification
from accounts.errors import AccountError
from accounts.models import DeviceToken, User
from common.errors import CommonError
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import PASSWORD, UserFactory, token_of
from ..helpers import ApiTestCase, BodyTests, TokenTests, address, mailed_token

NEW = "quite another staple"


class PasswordChangeTests(TokenTests, BodyTests, ApiTestCase):
    method = "put"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(email="annabelle@example.com")
        cls.token = token_of(cls.user, device="laptop")
        token_of(cls.user, device="phone")
        token_of(UserFactory(), device="other's")

    def url(self) -> str:
        return address("accounts:password")

    def client_with_rights(self) -> APIClient:
        return self.with_token(self.token)

    def change(self, **changes):
        body = {"old_password": PASSWORD, "password": NEW, **changes}
        return self.with_token(self.token).put(self.url(), body)

    def assert_unchanged(self) -> None:
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(PASSWORD))
        self.assertEqual(DeviceToken.objects.count(), 3)

    def test_the_new_password_counts_and_the_old_one_does_not(self) -> None:
        response = self.change()
        self.assertEqual((response.status_code, response.content), (204, b""))
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(NEW))

    def test_the_other_devices_of_the_user_are_logged_out(self) -> None:
        self.change()
        self.assertEqual(
            set(DeviceToken.objects.values_list("device", flat=True)), {"laptop", "other's"}
        )

    def test_a_wrong_old_password_is_refused(self) -> None:
        response = self.change(old_password="wrong")
        self.assert_field_error(response, "old_password", AccountError.PASSWORD_WRONG)
        self.assert_unchanged()

    def test_without_the_old_password_it_is_refused(self) -> None:
        response = self.with_token(self.token).put(self.url(), {"password": NEW})
        self.assert_field_error(response, "old_password", CommonError.FIELD_REQUIRED)
        self.assert_unchanged()

    def test_a_weak_password_is_refused(self) -> None:
        response = self.change(password="annabelle-x")
        self.assert_field_error(response, "password", AccountError.PASSWORD_TOO_SIMILAR)
        self.assert_unchanged()

    def test_spaces_at_its_ends_belong_to_a_password(self) -> None:
        self.change(password=f" {NEW} ")
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(f" {NEW} "))

    def test_a_change_proves_no_email(self) -> None:
        self.change()
        self.user.refresh_from_db()
        self.assertIsNone(self.user.email_verified_at)

    def test_a_change_is_dated(self) -> None:
        self.change()
        self.assertGreater(User.objects.get(pk=self.user.pk).updated_at, self.user.updated_at)


class PasswordResetMailTests(BodyTests, ApiTestCase):
    def url(self) -> str:
        return address("accounts:password-reset-mail")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def ask(self, email: object):
        return self.client.post(self.url(), {"email": email})

    def test_a_link_is_mailed(self) -> None:
        UserFactory(email="ann@example.com", name="Ann")
        self.assertEqual(self.ask("Ann@Example.com").status_code, 202)
        letter = mail.outbox[0]
        self.assertEqual((letter.to, letter.subject), (["ann@example.com"], "Set a new password"))
        self.assertIn("Hello Ann", letter.body)
        self.assertIn("http://localhost:3000/password-reset#token=", letter.body)

    def test_the_answer_does_not_tell_whether_there_is_an_account(self) -> None:
        UserFactory(email="ann@example.com")
        UserFactory(email="gone@example.com", is_active=False)
        for name in ("ann", "gone", "nobody"):
            response = self.ask(f"{name}@example.com")
            self.assertEqual((response.status_code, response.content), (202, b""), name)
        assert_mailed_to("ann@example.com")

    def test_the_request_does_the_same_whether_there_is_an_account_or_not(self) -> None:
        UserFactory(email="ann@example.com")
        later = mock.patch("accounts.tasks.mail_password_reset.delay")
        with later as delay, self.assertNumQueries(0):
            self.ask("ann@example.com")
            self.ask("nobody@example.com")
        self.assertEqual(
            delay.mock_calls, [mock.call("ann@example.com"), mock.call("nobody@example.com")]
        )

    def test_an_email_that_is_no_text_is_refused(self) -> None:
        self.assert_field_error(self.ask({"a": 1}), "email", CommonError.FIELD_WRONG_TYPE)

    def test_a_stale_login_in_the_header_is_no_hindrance(self) -> None:
        response = self.with_token("0" * 64).post(self.url(), {"email": "ann@example.com"})
        self.assertEqual(response.status_code, 202)


class PasswordResetTests(BodyTests, ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(email="annabelle@example.com")

    def url(self) -> str:
        return address("accounts:password-reset")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def new_token(self) -> str:
        _passwords.mail_password_reset(self.user.email)
        return mailed_token()

    def reset(self, token: str, password: str = NEW):
        return self.client.post(self.url(), {"token": token, "password": password})

    def assert_unchanged(self) -> None:
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(PASSWORD))

    def test_the_new_password_counts_and_the_old_one_does_not(self) -> None:
        self.assertEqual(self.reset(self.new_token()).status_code, 204)
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(NEW))

    def test_every_device_of_the_user_is_logged_out(self) -> None:
        token_of(self.user)
        token_of(self.user, device="phone")
        token_of(UserFactory(), device="other's")
        self.reset(self.new_token())
        self.assertEqual(list(DeviceToken.objects.values_list("device", flat=True)), ["other's"])

    def test_who_reads_the_mail_has_proven_the_email(self) -> None:
        self.reset(self.new_token())
        self.user.refresh_from_db()
        self.assertIsNotNone(self.user.email_verified_at)

    def test_an_email_that_was_proven_before_keeps_its_date(self) -> None:
        proven = datetime(2026, 1, 1, tzinfo=UTC)
        User.objects.update(email_verified_at=proven)
        self.reset(self.new_token())
        self.user.refresh_from_db()
        self.assertEqual(self.user.email_verified_at, proven)

    def test_who_has_no_password_gets_one(self) -> None:
        self.user.set_unusable_password()
        self.user.save()
        self.reset(self.new_token())
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(NEW))

    def test_a_stale_login_in_the_header_is_no_hindrance(self) -> None:
        body = {"token": self.new_token(), "password": NEW}
        self.assertEqual(self.with_token("0" * 64).post(self.url(), body).status_code, 204)

    def test_a_replayed_link_is_refused(self) -> None:
        token = self.new_token()
        self.reset(token)
        self.assert_error(self.reset(token, "and a third one"), AccountError.LINK_INVALID)
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(NEW))

    def test_a_link_dies_with_the_password_that_it_was_made_for(self) -> None:
        token = self.new_token()
        self.user.set_password("changed by hand")
        self.user.save()
        self.assert_error(self.reset(token), AccountError.LINK_INVALID)

    def test_a_weak_password_is_refused_and_spends_no_link(self) -> None:
        token = self.new_token()
        response = self.reset(token, "annabelle-x")
        self.assert_field_error(response, "password", AccountError.PASSWORD_TOO_SIMILAR)
        self.assertEqual(self.reset(token).status_code, 204)

    def test_a_link_works_for_an_hour(self) -> None:
        start = datetime(2026, 3, 1, tzinfo=UTC)
        with freeze_time(start):
            token = self.new_token()
        with freeze_time(start + timedelta(minutes=60, seconds=1)):
            self.assert_error(self.reset(token), AccountError.LINK_EXPIRED)
        self.assert_unchanged()
        with freeze_time(start + timedelta(minutes=59)):
            self.assertEqual(self.reset(token).status_code, 204)

    def test_the_link_of_an_inactive_user_is_refused(self) -> None:
        token = self.new_token()
        User.objects.update(is_active=False)
        self.assert_error(self.reset(token), AccountError.LINK_INVALID)
        self.assert_unchanged()

    def test_a_link_to_prove_an_email_sets_no_password(self) -> None:
        _verification.mail_verification(self.user.email)
        self.assert_error(self.reset(mailed_token()), AccountError.LINK_INVALID)
        self.assert_unchanged()

    def test_the_link_of_someone_else_is_not_ours(self) -> None:
        other = UserFactory()
        _passwords.mail_password_reset(other.email)
        self.reset(mailed_token())
        self.assert_unchanged()

    def test_a_token_that_was_tampered_with_is_refused(self) -> None:
        self.assert_error(self.reset(self.new_token()[:-1] + "~"), AccountError.LINK_INVALID)
        self.assert_unchanged()

    def test_half_a_surrogate_pair_is_refused(self) -> None:
        body = r'{"token": "\ud800", "password": "%s"}' % NEW
        response = self.client.post(self.url(), body, content_type="application/json")
        self.assert_field_error(response, "token", CommonError.FIELD_FORBIDDEN_CHARACTERS)
