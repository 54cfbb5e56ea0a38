"""The endpoints of accounts."""

from datetime import UTC, datetime, timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.db import DataError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time
from rest_framework.test import APIClient

from accounts import _private
from accounts.errors import AccountError
from accounts.models import DeviceToken
from accounts.serializers import UserSerializer
from common.errors import CommonError

from ..factories import PASSWORD, UserFactory, token_of
from ..helpers import ApiTestCase, BodyTests, TokenTests, address, meanwhile, CommittedTests, moment

User = get_user_model()


class RegistrationTests(CommittedTests, BodyTests, ApiTestCase):
    def url(self) -> str:
        return address("accounts:registration")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def register(self, **changes):
        body = {"email": "Ann@Example.com", "password": PASSWORD, "name": "Ann", **changes}
        return self.client.post(self.url(), {k: v for k, v in body.items() if v is not ...})

    def test_an_account_and_its_author_are_made(self) -> None:
        response = self.register()
        self.assertEqual(response.status_code, 201)
        user = User.objects.get(email="ann@example.com")
        self.assertEqual(user.author.pen_name, "Ann")
        self.assertTrue(user.check_password(PASSWORD))
        self.assertFalse(user.is_staff or user.is_superuser)

    def test_the_answer_shows_the_account_without_its_password(self) -> None:
        self.assertEqual(
            set(self.register().json()),
            {"uuid", "email", "email_verified_at", "name", "created_at"},
        )

    def test_an_email_that_is_taken_after_the_check_is_refused(self) -> None:
        UserFactory(email="ann@example.com")
        with mock.patch.object(_private, "refuse_taken_email"):
            response = self.register()
        self.assertEqual(response.status_code, 400)
        code = response.json()["error"]["fields"]["email"][0]["code"]
        self.assertEqual(code, AccountError.EMAIL_TAKEN.code)
        self.assertEqual(User.objects.count(), 1)

    def test_a_stale_token_in_the_header_is_no_hindrance(self) -> None:
        body = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}
        self.assertEqual(self.with_token("0" * 64).post(self.url(), body).status_code, 201)

    def test_a_taken_email_is_refused_in_any_spelling(self) -> None:
        UserFactory(email="ann@example.com")
        self.assert_field_error(
            self.register(email="ANN@example.COM"), "email", AccountError.EMAIL_TAKEN
        )

    def test_an_email_without_an_at_sign_is_refused(self) -> None:
        self.assert_field_error(self.register(email="ann"), "email", CommonError.FIELD_INVALID)

    def test_an_email_whose_lower_case_depends_on_who_is_asked_is_refused(self) -> None:
        # PostgreSQL knows a lower case of this letter, Python does not.
        response = self.register(email="ann@\ua7cbx.com")
        self.assert_field_error(response, "email", AccountError.EMAIL_NOT_ASCII)

    def test_an_email_with_its_domain_in_ascii_is_taken(self) -> None:
        self.assertEqual(self.register(email="ann@xn--bcher-kva.de").status_code, 201)

    def test_an_email_that_is_a_number_is_refused(self) -> None:
        self.assert_field_error(self.register(email=1), "email", CommonError.FIELD_WRONG_TYPE)

    def test_a_missing_name_is_refused(self) -> None:
        self.assert_field_error(self.register(name=...), "name", CommonError.FIELD_REQUIRED)

    def test_a_blank_name_is_refused(self) -> None:
        self.assert_field_error(self.register(name=" "), "name", CommonError.FIELD_BLANK)

    def test_a_name_that_is_null_is_refused(self) -> None:
        self.assert_field_error(self.register(name=None), "name", CommonError.FIELD_NULL)

    def test_a_name_that_is_too_long_is_refused(self) -> None:
        self.assert_field_error(self.register(name="x" * 101), "name", CommonError.FIELD_TOO_LONG)

    def test_a_null_byte_in_the_name_is_refused(self) -> None:
        self.assert_field_error(
            self.register(name="A\0"), "name", CommonError.FIELD_FORBIDDEN_CHARACTERS
        )

    def test_half_a_surrogate_pair_in_the_name_is_refused(self) -> None:
        response = self.client.post(
            self.url(),
            r'{"email": "a@b.de", "password": "%s", "name": "\ud800"}' % PASSWORD,
            content_type="application/json",
        )
        self.assert_field_error(response, "name", CommonError.FIELD_FORBIDDEN_CHARACTERS)

    def test_nobody_registers_as_staff(self) -> None:
        self.assert_field_error(self.register(is_staff=True), "is_staff", CommonError.FIELD_UNKNOWN)

    def test_a_short_password_is_refused(self) -> None:
        self.assert_field_error(
            self.register(password="q7#Rz"), "password", AccountError.PASSWORD_TOO_SHORT
        )

    def test_a_common_password_is_refused(self) -> None:
        self.assert_field_error(
            self.register(password="password123"), "password", AccountError.PASSWORD_TOO_COMMON
        )

    def test_a_password_of_digits_is_refused(self) -> None:
        self.assert_field_error(
            self.register(password="84629173645"),
            "password",
            AccountError.PASSWORD_ENTIRELY_NUMERIC,
        )

    def test_a_password_like_the_email_is_refused(self) -> None:
        self.assert_field_error(
            self.register(email="annabelle@example.com", password="annabelle-xq"),
            "password",
            AccountError.PASSWORD_TOO_SIMILAR,
        )

    def test_a_password_like_the_name_is_refused(self) -> None:
        self.assert_field_error(
            self.register(name="Cornelius Featherby", password="featherby-q"),
            "password",
            AccountError.PASSWORD_TOO_SIMILAR,
        )

    def test_a_validator_that_the_table_does_not_know_calls_the_password_weak(self) -> None:
        validator = {"NAME": "tests.reference_app.integration.test_accounts_api.RefuseAll"}
        with override_settings(AUTH_PASSWORD_VALIDATORS=[validator]):
            response = self.register()
        self.assert_field_error(response, "password", AccountError.PASSWORD_WEAK)


class RefuseAll:
    """A password validator of some other package."""

    def validate(self, password, user=None) -> None:
        from django.core.exceptions import ValidationError

        raise ValidationError("No.", code="never")


class LoginTests(BodyTests, ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(email="ann@example.com")

    def url(self) -> str:
        return address("accounts:login")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def log_in(self, **changes):
        body = {"email": "ann@example.com", "password": PASSWORD, "device": "phone", **changes}
        return self.client.post(self.url(), body)

    def test_the_token_opens_the_account(self) -> None:
        response = self.log_in()
        self.assertEqual(response.status_code, 201)
        me = self.with_token(response.json()["token"]).get(address("accounts:me"))
        self.assertEqual(me.json()["email"], "ann@example.com")

    def test_the_answer_shows_the_token_and_its_device(self) -> None:
        self.assertEqual(set(self.log_in().json()), {"token", "device", "uuid", "expiry"})

    def test_a_token_that_cannot_be_made_leaves_everything_as_it_was(self) -> None:
        token_of(self.user, expiry=timedelta(seconds=-1), device="old")
        with self.assertRaises(DataError):
            _private.log_in(email="ann@example.com", password=PASSWORD, device="x" * 101)
        self.user.refresh_from_db()
        self.assertIsNone(self.user.last_login)
        self.assertEqual([row.device for row in self.user.auth_token_set.all()], ["old"])

    def test_the_email_may_be_in_any_spelling(self) -> None:
        self.assertEqual(self.log_in(email=" ANN@Example.com").status_code, 201)

    def test_the_device_is_remembered_and_the_token_is_not(self) -> None:
        token = self.log_in().json()["token"]
        device = self.user.auth_token_set.get()
        self.assertEqual(device.device, "phone")
        kept = (device.digest, device.token_key, device.device, str(device.uuid))
        self.assertNotIn(token, kept)

    def test_a_token_lives_for_a_fortnight(self) -> None:
        with freeze_time("2026-03-01"):
            response = self.log_in()
        self.assertEqual(moment(response.json()["expiry"]), datetime(2026, 3, 15, tzinfo=UTC))

    def test_a_token_ends_with_its_last_second(self) -> None:
        with freeze_time("2026-03-01"):
            token = self.log_in().json()["token"]
        client = self.with_token(token)
        with freeze_time("2026-03-14 23:59:59"):
            self.assertEqual(client.get(address("accounts:me")).status_code, 200)
        with freeze_time("2026-03-15"):
            response = client.get(address("accounts:me"))
        self.assert_error(response, AccountError.TOKEN_EXPIRED)

    def test_the_last_login_is_noted(self) -> None:
        with freeze_time("2026-03-01"):
            self.log_in()
        self.user.refresh_from_db()
        self.assertEqual(self.user.last_login, datetime(2026, 3, 1, tzinfo=UTC))

    def test_expired_tokens_of_the_user_are_cleared_away(self) -> None:
        token_of(self.user, expiry=timedelta(seconds=-1), device="old")
        token_of(self.user, device="laptop")
        other = UserFactory()
        token_of(other, expiry=timedelta(seconds=-1), device="other's")
        self.log_in()
        self.assertEqual(
            set(DeviceToken.objects.values_list("device", flat=True)),
            {"laptop", "phone", "other's"},
        )

    def test_a_wrong_password_is_refused(self) -> None:
        self.assert_error(self.log_in(password="wrong"), AccountError.WRONG_CREDENTIALS)

    def log_in_while(self, **changes):
        with meanwhile(_private, "refuse_outdated", lambda: User.objects.update(**changes)):
            return self.log_in()

    def test_a_password_that_is_changed_meanwhile_is_refused(self) -> None:
        self.assert_error(self.log_in_while(password="!"), AccountError.WRONG_CREDENTIALS)
        self.assertFalse(DeviceToken.objects.exists())

    def test_a_user_who_is_locked_out_meanwhile_is_refused(self) -> None:
        self.assert_error(self.log_in_while(is_active=False), AccountError.WRONG_CREDENTIALS)
        self.assertFalse(DeviceToken.objects.exists())

    def test_the_password_stays_the_same_until_the_token_is_made(self) -> None:
        with CaptureQueriesContext(connection) as queries:
            self.log_in()
        locks = [query for query in queries if query["sql"].endswith("FOR NO KEY UPDATE")]
        self.assertEqual(len(locks), 1)

    def test_an_unknown_email_gets_the_very_same_answer(self) -> None:
        wrong, unknown = self.log_in(password="wrong"), self.log_in(email="nobody@example.com")
        for response in (wrong, unknown):
            self.assertEqual(response.json()["error"].pop("request_id"), response["X-Request-ID"])
        self.assertEqual(
            {key: wrong.json()["error"][key] for key in ("code", "message")},
            {key: unknown.json()["error"][key] for key in ("code", "message")},
        )
        self.assertEqual(wrong.status_code, unknown.status_code)

    def test_an_inactive_user_is_refused_as_if_unknown(self) -> None:
        UserFactory(email="gone@example.com", is_active=False)
        self.assert_error(self.log_in(email="gone@example.com"), AccountError.WRONG_CREDENTIALS)

    def test_a_stale_token_in_the_header_is_no_hindrance(self) -> None:
        body = {"email": "ann@example.com", "password": PASSWORD}
        self.assertEqual(self.with_token("0" * 64).post(self.url(), body).status_code, 201)

    def test_a_null_byte_in_the_password_is_refused(self) -> None:
        self.assert_field_error(
            self.log_in(password="a\0"), "password", CommonError.FIELD_FORBIDDEN_CHARACTERS
        )


class TokenHeaderTests(ApiTestCase):
    """Headers that are not what a client of ours sends."""

    def get_with(self, header: str):
        return APIClient().get(address("accounts:me"), HTTP_AUTHORIZATION=header)

    def test_a_header_without_a_token_is_refused(self) -> None:
        self.assert_error(self.get_with("Token"), CommonError.AUTHENTICATION_FAILED)

    def test_a_header_with_two_tokens_is_refused(self) -> None:
        self.assert_error(self.get_with("Token a b"), CommonError.AUTHENTICATION_FAILED)

    def test_another_scheme_is_no_token(self) -> None:
        self.assert_error(self.get_with("Basic abc"), CommonError.NOT_AUTHENTICATED)

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        self.assert_error(self.get_with("Token \xff\xfe"), AccountError.TOKEN_INVALID)

    def test_a_null_byte_is_refused(self) -> None:
        self.assert_error(self.get_with("Token a\0b"), AccountError.TOKEN_INVALID)

    def test_the_hash_of_a_token_is_no_token(self) -> None:
        token_of(UserFactory())
        digest = DeviceToken.objects.get().digest
        self.assert_error(self.get_with(f"Token {digest}"), AccountError.TOKEN_INVALID)

    def test_the_token_of_an_inactive_user_is_refused(self) -> None:
        token = token_of(UserFactory(is_active=False))
        self.assert_error(self.get_with(f"Token {token}"), AccountError.USER_INACTIVE)

    def test_a_token_without_an_end_is_accepted(self) -> None:
        token = token_of(UserFactory(), expiry=None)
        self.assertEqual(self.get_with(f"Token {token}").status_code, 200)

    def test_finding_the_user_takes_one_query(self) -> None:
        user = UserFactory()
        token = token_of(user)
        token_of(user)
        with self.assertNumQueries(1):
            self.get_with(f"Token {token}")


class LogoutTests(TokenTests, ApiTestCase):
    method = "post"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory()
        cls.token = token_of(cls.user, device="laptop")
        token_of(cls.user, device="phone")
        token_of(UserFactory(), device="other's")

    def url(self) -> str:
        return address("accounts:logout")

    def test_this_device_is_logged_out_and_the_others_are_not(self) -> None:
        response = self.with_token(self.token).post(self.url())
        self.assertEqual(response.status_code, 204)
        self.assertEqual(
            set(DeviceToken.objects.values_list("device", flat=True)), {"phone", "other's"}
        )

    def test_the_token_is_worth_nothing_afterwards(self) -> None:
        client = self.with_token(self.token)
        client.post(self.url())
        self.assert_error(client.post(self.url()), AccountError.TOKEN_INVALID)


class LogoutBodyTests(BodyTests, ApiTestCase):
    def url(self) -> str:
        return address("accounts:logout")

    def client_with_rights(self) -> APIClient:
        return self.as_user(UserFactory())


class LogoutEverywhereTests(TokenTests, ApiTestCase):
    method = "post"

    def url(self) -> str:
        return address("accounts:logout-everywhere")

    def test_every_device_of_the_user_is_logged_out(self) -> None:
        user = UserFactory()
        token_of(user)
        token_of(UserFactory(), device="other's")
        response = self.as_user(user).post(self.url())
        self.assertEqual(response.status_code, 204)
        self.assertEqual(list(DeviceToken.objects.values_list("device", flat=True)), ["other's"])

    def test_an_argument_is_refused(self) -> None:
        user = UserFactory()
        response = self.as_user(user).post(self.url(), {"device": "phone"})
        self.assert_field_error(response, "device", CommonError.FIELD_UNKNOWN)
        self.assertEqual(user.auth_token_set.count(), 1)


class DeviceListTests(TokenTests, ApiTestCase):
    def url(self) -> str:
        return address("accounts:devices")

    def test_the_user_sees_the_own_devices_that_are_logged_in(self) -> None:
        user = UserFactory()
        token_of(user, device="phone")
        token_of(user, device="old", expiry=timedelta(seconds=-1))
        token_of(UserFactory(), device="other's")
        rows = self.as_user(user).get(self.url()).json()["results"]
        self.assertEqual(
            {(row["device"], row["current"]) for row in rows}, {("laptop", True), ("phone", False)}
        )

    def test_neither_token_nor_hash_is_shown(self) -> None:
        rows = self.as_user(UserFactory()).get(self.url()).json()["results"]
        self.assertEqual(set(rows[0]), {"uuid", "device", "created_at", "expiry", "current"})

    def test_more_devices_take_no_more_queries(self) -> None:
        user = UserFactory()
        client = self.as_user(user)
        with self.assertNumQueries(3):
            client.get(self.url())
        for number in range(3):
            token_of(user, device=str(number))
        with self.assertNumQueries(3):
            client.get(self.url())


class DeviceTests(TokenTests, ApiTestCase):
    method = "delete"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory()
        token_of(cls.user, device="phone")
        cls.phone = cls.user.auth_token_set.get()

    def url(self) -> str:
        return address("accounts:device", uuid=self.phone.uuid)

    def test_another_device_is_logged_out(self) -> None:
        response = self.as_user(self.user).delete(self.url())
        self.assertEqual(response.status_code, 204)
        self.assertEqual([row.device for row in self.user.auth_token_set.all()], ["laptop"])

    def test_the_device_of_someone_else_is_not_there(self) -> None:
        response = self.as_user(UserFactory()).delete(self.url())
        self.assert_error(response, CommonError.NOT_FOUND)
        self.assertTrue(self.user.auth_token_set.exists())


class MeTests(TokenTests, BodyTests, ApiTestCase):
    method = "patch"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(name="Ann")

    def url(self) -> str:
        return address("accounts:me")

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.user)

    def test_the_account_is_shown(self) -> None:
        account = self.as_user(self.user).get(self.url()).json()
        self.assertEqual(set(account), {"uuid", "email", "email_verified_at", "name", "created_at"})
        self.assertEqual(
            {key: account[key] for key in ("uuid", "email", "name")},
            {"uuid": str(self.user.uuid), "email": self.user.email, "name": "Ann"},
        )

    def test_reading_without_a_token_is_refused(self) -> None:
        self.assert_error(APIClient().get(self.url()), CommonError.NOT_AUTHENTICATED)

    def test_the_name_is_changed(self) -> None:
        response = self.as_user(self.user).patch(self.url(), {"name": "Bea"})
        self.assertEqual((response.status_code, response.json()["name"]), (200, "Bea"))
        self.user.refresh_from_db()
        self.assertEqual(self.user.name, "Bea")

    def test_the_change_is_dated(self) -> None:
        self.as_user(self.user).patch(self.url(), {"name": "Bea"})
        self.assertGreater(User.objects.get().updated_at, self.user.updated_at)

    def test_a_change_does_not_undo_what_happens_meanwhile(self) -> None:
        client = self.as_user(self.user)
        locked = {"is_active": False, "password": "!"}
        with meanwhile(UserSerializer, "is_valid", lambda: User.objects.update(**locked)):
            client.patch(self.url(), {"name": "Bea"})
        user = User.objects.get()
        self.assertEqual((user.name, user.is_active, user.password), ("Bea", False, "!"))

    def test_the_email_is_not_changed_here(self) -> None:
        response = self.as_user(self.user).patch(self.url(), {"email": "x@example.com"})
        self.assert_field_error(response, "email", CommonError.FIELD_UNKNOWN)

    def test_the_account_is_not_replaced(self) -> None:
        response = self.as_user(self.user).put(self.url(), {"name": "Bea"})
        self.assert_error(response, CommonError.METHOD_NOT_ALLOWED)
