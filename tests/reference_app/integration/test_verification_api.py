"""Proving that an email belongs to the account."""

from datetime import UTC, datetime
from unittest import mock

from django.core import mail, signing
from freezegun import freeze_time
from rest_framework.test import APIClient

from accounts import _verification
from accounts.errors import AccountError
from accounts.models import User
from accounts.tasks import mail_verification
from common.errors import CommonError
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import PASSWORD, UserFactory, token_of
from ..helpers import (
    ApiTestCase,
    BodyTests,
    TokenTests,
    address,
    mailed_token,
    CommittedTests,
    moment,
)


class RegistrationMailTests(CommittedTests, ApiTestCase):
    def register(self):
        body = {"email": "Ann@example.com", "password": PASSWORD, "name": "Ann"}
        return self.client.post(address("accounts:registration"), body)

    def test_a_new_user_gets_a_link_that_proves_the_email(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.register()
        letter, user = mail.outbox[0], User.objects.get()
        self.assertEqual((letter.to, letter.subject), (["ann@example.com"], "Confirm your email"))
        self.assertIn("http://localhost:3000/verification#token=", letter.body)
        self.as_user(user).post(address("accounts:verification"), {"token": mailed_token()})
        user.refresh_from_db()
        self.assertIsNotNone(user.email_verified_at)

    def test_no_mail_is_sent_before_the_registration_stands(self) -> None:
        with self.captureOnCommitCallbacks() as waiting:
            self.register()
        self.assertEqual((len(waiting), mail.outbox), (1, []))

    def test_a_queue_that_is_down_does_not_stand_in_the_way(self) -> None:
        with (
            mock.patch.object(mail_verification, "delay", side_effect=OSError),
            self.assertLogs("django.test", "ERROR"),
            self.captureOnCommitCallbacks(execute=True) as ran,
        ):
            response = self.register()
        self.assertEqual((response.status_code, len(ran)), (201, 1))

    def test_a_new_user_has_proven_nothing_and_may_log_in(self) -> None:
        self.assertIsNone(self.register().json()["email_verified_at"])
        body = {"email": "ann@example.com", "password": PASSWORD}
        self.assertEqual(self.client.post(address("accounts:login"), body).status_code, 201)


class VerificationTests(TokenTests, BodyTests, ApiTestCase):
    method = "post"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(email="ann@example.com")
        cls.login = token_of(cls.user)

    def url(self) -> str:
        return address("accounts:verification")

    def client_with_rights(self) -> APIClient:
        return self.with_token(self.login)

    def new_token(self) -> str:
        _verification.mail_verification(self.user.email)
        return mailed_token()

    def verify(self, token: object):
        return self.client_with_rights().post(self.url(), {"token": token})

    def assert_not_verified(self) -> None:
        self.user.refresh_from_db()
        self.assertIsNone(self.user.email_verified_at)

    def test_the_proof_is_dated_and_shown_to_the_user(self) -> None:
        token = self.new_token()
        with freeze_time(datetime.now(UTC).replace(microsecond=0)) as clock:
            self.assertEqual(self.verify(token).status_code, 204)
            now = clock().replace(tzinfo=UTC)
        me = self.as_user(self.user).get(address("accounts:me")).json()
        self.assertEqual(moment(me["email_verified_at"]), now)

    def test_who_follows_the_link_of_a_stranger_proves_nothing(self) -> None:
        # The owner of the email, which somebody else has registered: with no login or another one.
        token = self.new_token()
        response = self.client.post(self.url(), {"token": token})
        self.assert_error(response, CommonError.NOT_AUTHENTICATED)
        response = self.as_user(UserFactory()).post(self.url(), {"token": token})
        self.assert_error(response, AccountError.LINK_OF_ANOTHER)
        self.assert_not_verified()
        self.assertEqual(self.verify(token).status_code, 204)

    def test_a_link_works_once(self) -> None:
        token = self.new_token()
        self.verify(token)
        self.assert_error(self.verify(token), AccountError.LINK_INVALID)

    def test_the_other_link_of_two_is_spent_as_well(self) -> None:
        first, second = self.new_token(), self.new_token()
        self.verify(second)
        self.assert_error(self.verify(first), AccountError.LINK_INVALID)

    def test_a_link_works_for_three_days(self) -> None:
        with freeze_time("2026-03-01"):
            self.login, token = token_of(self.user), self.new_token()
        with freeze_time("2026-03-04 00:00:01"):
            self.assert_error(self.verify(token), AccountError.LINK_EXPIRED)
        self.assert_not_verified()
        with freeze_time("2026-03-03 23:59:59"):
            self.assertEqual(self.verify(token).status_code, 204)

    def test_a_link_to_another_email_proves_nothing(self) -> None:
        token = self.new_token()
        User.objects.update(email="bea@example.com")
        self.assert_error(self.verify(token), AccountError.LINK_INVALID)

    def test_the_link_of_an_inactive_user_is_refused(self) -> None:
        token = self.new_token()
        User.objects.update(is_active=False)
        self.assert_error(self.verify(token), AccountError.USER_INACTIVE)
        self.assert_not_verified()

    def test_the_link_of_a_user_who_is_gone_is_refused(self) -> None:
        token = self.new_token()
        User.objects.all().delete()
        self.login = token_of(UserFactory())
        self.assert_error(self.verify(token), AccountError.LINK_INVALID)

    def test_a_token_that_was_tampered_with_is_refused(self) -> None:
        payload, _, rest = self.new_token().partition(":")
        self.assert_error(self.verify(f"{payload[:-1]}A:{rest}"), AccountError.LINK_INVALID)
        self.assert_not_verified()

    def test_a_token_signed_for_something_else_is_refused(self) -> None:
        payload = signing.loads(self.new_token(), salt="accounts.verification")
        token = signing.dumps(payload, salt="accounts.something-else")
        self.assert_error(self.verify(token), AccountError.LINK_INVALID)

    def test_the_token_of_a_login_is_refused(self) -> None:
        self.assert_error(self.verify(token_of(self.user)), AccountError.LINK_INVALID)

    def test_letters_that_are_not_ascii_are_refused(self) -> None:
        self.assert_error(self.verify("é:ü:ß"), AccountError.LINK_INVALID)

    def test_a_null_byte_is_refused(self) -> None:
        self.assert_field_error(self.verify("a\0"), "token", CommonError.FIELD_FORBIDDEN_CHARACTERS)

    def test_a_token_that_is_no_text_is_refused(self) -> None:
        self.assert_field_error(self.verify(["a"]), "token", CommonError.FIELD_WRONG_TYPE)

    def test_a_token_that_is_too_long_is_refused(self) -> None:
        self.assert_field_error(self.verify("x" * 501), "token", CommonError.FIELD_TOO_LONG)


class VerificationMailTests(BodyTests, ApiTestCase):
    def url(self) -> str:
        return address("accounts:verification-mail")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def ask(self, email: object):
        return self.client.post(self.url(), {"email": email})

    def test_another_link_is_mailed(self) -> None:
        user = UserFactory(email="ann@example.com")
        self.assertEqual(self.ask("ANN@example.com").status_code, 202)
        self.as_user(user).post(address("accounts:verification"), {"token": mailed_token()})
        user.refresh_from_db()
        self.assertIsNotNone(user.email_verified_at)

    def test_the_answer_does_not_tell_whether_there_is_an_account(self) -> None:
        UserFactory(email="ann@example.com")
        UserFactory(email="proven@example.com", email_verified_at=datetime.now(UTC))
        UserFactory(email="gone@example.com", is_active=False)
        for name in ("ann", "proven", "gone", "nobody"):
            response = self.ask(f"{name}@example.com")
            self.assertEqual((response.status_code, response.content), (202, b""), name)
        assert_mailed_to("ann@example.com")

    def test_an_email_without_an_at_sign_is_refused(self) -> None:
        self.assert_field_error(self.ask("ann"), "email", CommonError.FIELD_INVALID)

    def test_a_line_break_in_the_email_is_refused(self) -> None:
        response = self.ask("ann@example.com\nBcc: all@example.com")
        self.assert_field_error(response, "email", CommonError.FIELD_INVALID)

    def test_a_stale_login_in_the_header_is_no_hindrance(self) -> None:
        response = self.with_token("0" * 64).post(self.url(), {"email": "ann@example.com"})
        self.assertEqual(response.status_code, 202)
