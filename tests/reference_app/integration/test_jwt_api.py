"""Pairs of JWTs: getting one, the next one, and what ends them."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
from django.conf import settings
from django.contrib.auth.models import Group
from freezegun import freeze_time
from rest_framework.test import APIClient, APIRequestFactory
from rest_framework.views import APIView

from accounts import _jwt, _passwords, _private
from accounts.authentication import JwtAuthentication
from accounts.errors import AccountError
from accounts.models import SpentToken, User
from common.errors import CommonError

from ..factories import PASSWORD, UserFactory, token_of
from ..helpers import ApiTestCase, BodyTests, address, mailed_token, meanwhile

START = datetime(2026, 3, 1, tzinfo=UTC)


def claims(token: str) -> dict:
    """Return what everyone can read in a token."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def forged(**changes) -> str:
    """Return an access token that is signed as ours are, with other claims."""
    kept = _jwt.AccessToken()
    kept.payload |= changes
    return str(kept)


class JwtTestCase(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(email="ann@example.com")

    def pair(self) -> _jwt.Pair:
        return _jwt.log_in(email="ann@example.com", password=PASSWORD)

    def with_access(self, access: str) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
        return client

    def get_me(self, access: str):
        return self.with_access(access).get(address("accounts:me"))

    def refresh(self, refresh: object):
        return self.client.post(address("accounts:jwt-refresh"), {"refresh": refresh})


class ObtainTests(BodyTests, JwtTestCase):
    def url(self) -> str:
        return address("accounts:jwt")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def obtain(self, **changes):
        body = {"email": "Ann@example.com", "password": PASSWORD, **changes}
        return self.client.post(self.url(), body)

    def test_the_access_token_opens_the_account(self) -> None:
        response = self.obtain()
        self.assertEqual((response.status_code, set(response.json())), (201, {"access", "refresh"}))
        self.assertEqual(self.get_me(response.json()["access"]).json()["email"], "ann@example.com")

    def test_the_access_token_names_the_user_and_the_roles(self) -> None:
        for name in ("Writers", "Readers"):
            self.user.groups.add(Group.objects.create(name=name))
        with freeze_time(START):
            found = claims(self.obtain().json()["access"])
        self.assertEqual(found["uuid"], str(self.user.uuid))
        self.assertEqual(found["roles"], ["Readers", "Writers"])
        self.assertEqual(found["exp"], (START + timedelta(minutes=5)).timestamp())

    def test_nothing_secret_can_be_read_in_a_token(self) -> None:
        for token in self.obtain().json().values():
            self.assertLessEqual(
                set(claims(token)), {"token_type", "exp", "iat", "jti", "uuid", "state", "roles"}
            )
            self.assertNotIn(self.user.password, str(claims(token)))

    def test_the_last_login_is_noted(self) -> None:
        with freeze_time(START):
            self.obtain()
        self.user.refresh_from_db()
        self.assertEqual(self.user.last_login, START)

    def test_a_wrong_password_is_refused(self) -> None:
        self.assert_error(self.obtain(password="wrong"), AccountError.WRONG_CREDENTIALS)

    def test_an_unknown_email_is_refused(self) -> None:
        self.assert_error(self.obtain(email="nobody@example.com"), AccountError.WRONG_CREDENTIALS)

    def test_an_inactive_user_is_refused_as_if_unknown(self) -> None:
        User.objects.update(is_active=False)
        self.assert_error(self.obtain(), AccountError.WRONG_CREDENTIALS)

    def test_a_password_that_is_changed_meanwhile_is_refused(self) -> None:
        with meanwhile(_private, "refuse_outdated", lambda: User.objects.update(password="!")):
            self.assert_error(self.obtain(), AccountError.WRONG_CREDENTIALS)

    def test_a_stale_token_in_the_header_is_no_hindrance(self) -> None:
        body = {"email": "ann@example.com", "password": PASSWORD}
        self.assertEqual(self.with_access("x").post(self.url(), body).status_code, 201)


class AccessTests(JwtTestCase):
    """What the header takes, anywhere in the API."""

    def get_with(self, header: str):
        return APIClient().get(address("accounts:me"), HTTP_AUTHORIZATION=header)

    def assert_invalid(self, access: str) -> None:
        self.assert_error(self.get_me(access), AccountError.TOKEN_INVALID)

    def test_the_scheme_may_be_in_any_spelling(self) -> None:
        self.assertEqual(self.get_with(f"bearer {self.pair().access}").status_code, 200)

    def test_finding_the_user_takes_one_query(self) -> None:
        access = self.pair().access
        with self.assertNumQueries(1):
            self.get_me(access)

    def test_it_lives_for_five_minutes(self) -> None:
        with freeze_time(START):
            access = self.pair().access
        with freeze_time(START + timedelta(minutes=4, seconds=59)):
            self.assertEqual(self.get_me(access).status_code, 200)
        with freeze_time(START + timedelta(minutes=5)):
            self.assert_error(self.get_me(access), AccountError.TOKEN_EXPIRED)

    def test_an_inactive_user_is_refused(self) -> None:
        access = self.pair().access
        User.objects.update(is_active=False)
        self.assert_error(self.get_me(access), AccountError.USER_INACTIVE)

    def test_a_user_who_is_gone_is_refused(self) -> None:
        access = self.pair().access
        User.objects.all().delete()
        self.assert_invalid(access)

    def test_a_refresh_token_is_no_access_token(self) -> None:
        self.assert_invalid(self.pair().refresh)

    def test_a_device_token_is_no_jwt(self) -> None:
        self.assert_invalid(token_of(self.user))

    def test_a_jwt_is_no_device_token(self) -> None:
        response = self.get_with(f"Token {self.pair().access}")
        self.assert_error(response, AccountError.TOKEN_INVALID)

    def test_another_user_in_the_claims_is_refused(self) -> None:
        head, _, signature = self.pair().access.split(".")
        other = claims(self.pair().access) | {"uuid": str(UserFactory().uuid)}
        payload = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
        self.assert_invalid(f"{head}.{payload}.{signature}")

    def test_a_token_without_signature_is_refused(self) -> None:
        self.assert_invalid(jwt.encode(claims(self.pair().access), "", algorithm="none"))

    def test_what_another_key_signed_is_refused(self) -> None:
        payload = claims(self.pair().access)
        for key in (settings.SECRET_KEY, "k" * 32):
            self.assert_invalid(jwt.encode(payload, key.ljust(32), algorithm="HS256"))

    def test_a_token_bound_to_another_state_is_refused(self) -> None:
        self.assert_invalid(forged(uuid=str(self.user.uuid), state="0" * 64))

    def test_a_token_of_nobody_is_refused(self) -> None:
        self.assert_invalid(forged(uuid=str(uuid4()), state="0" * 64))

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        self.assert_error(self.get_with("Bearer \xff\xfe.\xff.\xff"), AccountError.TOKEN_INVALID)

    def test_a_header_without_a_token_is_refused(self) -> None:
        response = self.get_with("Bearer")
        self.assert_error(response, CommonError.AUTHENTICATION_FAILED)
        self.assertEqual(response["WWW-Authenticate"], "Token")

    def test_a_view_that_takes_nothing_else_says_so(self) -> None:
        class Strict(APIView):
            allowed_versions = ("v1",)
            authentication_classes = [JwtAuthentication]

        response = Strict.as_view()(APIRequestFactory().get("/"), version="v1")
        self.assertEqual((response.status_code, response["WWW-Authenticate"]), (401, "Bearer"))

    def test_a_header_with_two_tokens_is_refused(self) -> None:
        self.assert_error(self.get_with("Bearer a b"), CommonError.AUTHENTICATION_FAILED)

    def test_a_header_with_nothing_in_it_is_no_token(self) -> None:
        self.assert_error(self.get_with(" "), CommonError.NOT_AUTHENTICATED)

    def test_it_shows_the_devices_and_is_none_of_them(self) -> None:
        token_of(self.user)
        rows = self.with_access(self.pair().access).get(address("accounts:devices")).json()
        self.assertEqual([row["current"] for row in rows["results"]], [False])

    def test_it_does_not_log_out_a_device(self) -> None:
        response = self.with_access(self.pair().access).post(address("accounts:logout"))
        self.assert_error(response, CommonError.NOT_AUTHENTICATED)


class RefreshTests(BodyTests, JwtTestCase):
    def url(self) -> str:
        return address("accounts:jwt-refresh")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def test_the_next_pair_works_and_has_another_refresh_token(self) -> None:
        first = self.pair()
        response = self.refresh(first.refresh)
        self.assertEqual(response.status_code, 201)
        self.assertEqual(self.get_me(response.json()["access"]).status_code, 200)
        self.assertEqual(self.refresh(response.json()["refresh"]).status_code, 201)

    def test_a_refresh_token_works_once(self) -> None:
        refresh = self.pair().refresh
        self.refresh(refresh)
        self.assert_error(self.refresh(refresh), AccountError.TOKEN_INVALID)

    def test_roles_are_read_again(self) -> None:
        refresh = self.pair().refresh
        self.user.groups.add(Group.objects.create(name="Writers"))
        self.assertEqual(claims(self.refresh(refresh).json()["access"])["roles"], ["Writers"])

    def test_it_works_for_a_fortnight(self) -> None:
        with freeze_time(START):
            refresh = self.pair().refresh
        with freeze_time(START + timedelta(days=14)):
            self.assert_error(self.refresh(refresh), AccountError.TOKEN_EXPIRED)
        with freeze_time(START + timedelta(days=13)):
            self.assertEqual(self.refresh(refresh).status_code, 201)

    def test_ids_that_were_spent_are_kept_as_long_as_their_token_could_be_used(self) -> None:
        with freeze_time(START):
            old = self.pair().refresh
            self.refresh(old)
            other = UserFactory()
            self.refresh(_jwt.log_in(email=other.email, password=PASSWORD).refresh)
        with freeze_time(START + timedelta(days=13)):
            self.refresh(self.pair().refresh)
            self.assertEqual(self.user.spent_tokens.count(), 2)
            self.assert_error(self.refresh(old), AccountError.TOKEN_INVALID)
        with freeze_time(START + timedelta(days=14)):
            self.refresh(self.pair().refresh)
        self.assertEqual(self.user.spent_tokens.count(), 2)
        self.assertEqual(other.spent_tokens.count(), 1)

    def test_no_token_is_kept(self) -> None:
        refresh = self.pair().refresh
        self.refresh(refresh)
        row = SpentToken.objects.values().get()
        self.assertNotIn(refresh, map(str, row.values()))
        self.assertEqual(row["jti"].hex, claims(refresh)["jti"])

    def test_an_inactive_user_is_refused(self) -> None:
        refresh = self.pair().refresh
        User.objects.update(is_active=False)
        self.assert_error(self.refresh(refresh), AccountError.USER_INACTIVE)

    def test_an_access_token_is_no_refresh_token(self) -> None:
        self.assert_error(self.refresh(self.pair().access), AccountError.TOKEN_INVALID)

    def test_a_token_that_is_no_jwt_is_refused(self) -> None:
        for token in ("a", "a.b.c", "é", "..", token_of(self.user)):
            self.assert_error(self.refresh(token), AccountError.TOKEN_INVALID)

    def test_a_number_is_refused(self) -> None:
        self.assert_field_error(self.refresh(1), "refresh", CommonError.FIELD_WRONG_TYPE)

    def test_a_stale_token_in_the_header_is_no_hindrance(self) -> None:
        body = {"refresh": self.pair().refresh}
        self.assertEqual(self.with_access("x").post(self.url(), body).status_code, 201)


class RevocationTests(BodyTests, JwtTestCase):
    def url(self) -> str:
        return address("accounts:jwt-revocation")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def revoke(self, refresh: str):
        return self.client.post(self.url(), {"refresh": refresh})

    def test_a_revoked_token_gets_no_pair(self) -> None:
        refresh = self.pair().refresh
        self.assertEqual(self.revoke(refresh).status_code, 204)
        self.assert_error(self.refresh(refresh), AccountError.TOKEN_INVALID)

    def test_the_pairs_of_other_logins_stay(self) -> None:
        kept = self.pair().refresh
        self.revoke(self.pair().refresh)
        self.assertEqual(self.refresh(kept).status_code, 201)

    def test_a_wrong_token_is_refused(self) -> None:
        self.assert_error(self.revoke("x"), AccountError.TOKEN_INVALID)

    def test_an_expired_token_is_refused(self) -> None:
        with freeze_time(START):
            refresh = self.pair().refresh
        self.assert_error(self.revoke(refresh), AccountError.TOKEN_EXPIRED)


class EndOfLoginsTests(JwtTestCase):
    """What makes every pair of the user worth nothing."""

    def setUp(self) -> None:
        super().setUp()
        self.old = self.pair()
        self.other = UserFactory()
        self.others = _jwt.log_in(email=self.other.email, password=PASSWORD)

    def assert_ended(self) -> None:
        self.assert_error(self.get_me(self.old.access), AccountError.TOKEN_INVALID)
        self.assert_error(self.refresh(self.old.refresh), AccountError.TOKEN_INVALID)
        self.assertEqual(self.get_me(self.others.access).status_code, 200)

    def test_a_change_of_the_password_by_jwt_ends_devices_as_well(self) -> None:
        token_of(self.user)
        body = {"old_password": PASSWORD, "password": "quite another staple"}
        response = self.with_access(self.old.access).put(address("accounts:password"), body)
        self.assertEqual(response.status_code, 204)
        self.assert_ended()
        self.assertFalse(self.user.auth_token_set.exists())

    def test_a_reset_of_the_password(self) -> None:
        _passwords.mail_password_reset(self.user.email)
        _passwords.reset_password(token=mailed_token(), password="quite another staple")
        self.assert_ended()

    def test_a_logout_everywhere(self) -> None:
        self.with_access(self.old.access).post(address("accounts:logout-everywhere"))
        self.assert_ended()
        self.assertEqual(self.get_me(self.pair().access).status_code, 200)
