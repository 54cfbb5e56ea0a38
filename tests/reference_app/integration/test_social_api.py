"""Logging in with Google and GitHub, against a provider on loopback."""

from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings
from django.core import mail, signing
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client, override_settings
from freezegun import freeze_time
from rest_framework.test import APIClient

from accounts import _jwt, _mailed_tokens, _passwords, _verification
from accounts.errors import AccountError
from accounts.models import DeviceToken, SocialAccount, User
from common.errors import CommonError
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import PASSWORD, UserFactory, token_of
from ..helpers import CommittedTests, ApiTestCase, BodyTests, address
from ..oauth_provider import Provider

VERIFIED = datetime(2026, 1, 1, tzinfo=UTC)


class SocialTestCase(CommittedTests, ApiTestCase):
    provider = "google"

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Provider()
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.enterClassContext(override_settings(SOCIAL_PROVIDERS=cls.server.settings()))
        super().setUpClass()

    def setUp(self) -> None:
        super().setUp()
        self.server.reset()

    def begin(self, provider: str = ""):
        name = provider or self.provider
        return self.client.post(address("accounts:social-beginning", provider=name))

    def agreed(self, provider: str = "") -> dict[str, str]:
        """Begin a login, agree at the provider, and return what a client then sends."""
        begun = self.begin(provider).json()
        answer = requests.get(begun["authorization_url"], allow_redirects=False, timeout=60)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {"code": query["code"][0], "state": query["state"][0], "flow": begun["flow"]}

    def finish(self, body: dict[str, str], provider: str = ""):
        name = provider or self.provider
        return self.client.post(address("accounts:social-login", provider=name), body)

    def log_in(self, provider: str = "", **changes: str):
        return self.finish({**self.agreed(provider), **changes}, provider)

    def assert_unavailable(self) -> None:
        with self.assertLogs("accounts._providers", "WARNING"):
            self.assert_error(self.log_in(), AccountError.SOCIAL_UNAVAILABLE)
        self.assertFalse(User.objects.exists())


class BeginningTests(BodyTests, SocialTestCase):
    def url(self) -> str:
        return address("accounts:social-beginning", provider="google")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def test_the_address_leads_to_the_provider_and_back_to_the_front_end(self) -> None:
        response = self.begin()
        self.assertEqual(response.status_code, 201)
        url = response.json()["authorization_url"]
        self.assertTrue(url.startswith(f"{self.server.root}/authorize?"), url)
        query = parse_qs(urlsplit(url).query)
        self.assertEqual(query["redirect_uri"], ["http://localhost:3000/social/google"])
        self.assertEqual(query["code_challenge_method"], ["S256"])

    def test_every_login_has_a_state_and_a_challenge_of_its_own(self) -> None:
        queries = [
            parse_qs(urlsplit(self.begin().json()["authorization_url"]).query) for _ in range(2)
        ]
        for name in ("state", "code_challenge"):
            self.assertNotEqual(queries[0][name], queries[1][name])

    def test_neither_secret_nor_verifier_is_in_the_address(self) -> None:
        begun = self.begin().json()
        verifier = signing.loads(begun["flow"], salt="accounts.social")[2]
        self.assertNotIn(verifier, begun["authorization_url"])
        self.assertNotIn("hush", str(begun))

    def test_a_provider_that_nobody_knows_is_a_404(self) -> None:
        self.assert_error(self.begin("nobody"), CommonError.NOT_FOUND)

    def test_a_provider_without_configuration_is_a_404(self) -> None:
        for missing in ("client_id", "client_secret"):
            options = self.server.settings()
            options["google"][missing] = ""
            with override_settings(SOCIAL_PROVIDERS=options):
                self.assert_error(self.begin(), CommonError.NOT_FOUND)

    def test_a_stale_login_in_the_header_is_no_hindrance(self) -> None:
        self.assertEqual(self.with_token("0" * 64).post(self.url()).status_code, 201)


class LoginTests(BodyTests, SocialTestCase):
    def url(self) -> str:
        return address("accounts:social-login", provider="google")

    def client_with_rights(self) -> APIClient:
        return APIClient()

    def test_who_has_no_account_gets_one_with_an_author(self) -> None:
        response = self.log_in(device="phone")
        self.assertEqual((response.status_code, response.json()["device"]), (201, "phone"))
        self.assertEqual(set(response.json()), {"token", "device", "uuid", "expiry"})
        user = User.objects.get()
        self.assertEqual((user.email, user.name), ("ann@example.com", "Ann"))
        self.assertEqual(user.author.pen_name, "Ann")
        self.assertFalse(user.has_usable_password())
        self.assertIsNotNone(user.email_verified_at)

    def test_the_token_opens_the_account(self) -> None:
        me = self.with_token(self.log_in().json()["token"]).get(address("accounts:me"))
        self.assertEqual(me.json()["email"], "ann@example.com")

    def test_the_provider_has_proven_the_email_so_no_mail_is_sent(self) -> None:
        with self.captureOnCommitCallbacks(execute=True) as ran:
            self.log_in()
        self.assertEqual((len(ran), mail.outbox), (1, []))

    def test_the_second_time_it_is_the_same_account(self) -> None:
        self.log_in()
        self.log_in()
        self.assertEqual((User.objects.count(), DeviceToken.objects.count()), (1, 2))

    def test_whose_email_changes_elsewhere_keeps_the_account(self) -> None:
        self.log_in()
        self.server.profile |= {"email": "new@example.com", "email_verified": False}
        self.assertEqual(self.log_in().status_code, 201)
        self.assertEqual(User.objects.get().email, "ann@example.com")

    def test_who_gets_the_email_of_someone_else_elsewhere_is_not_that_user(self) -> None:
        self.log_in()
        self.server.profile |= {"sub": "g-2", "email": "bea@example.com"}
        self.log_in()
        self.assertEqual(SocialAccount.objects.get(subject="g-2").user.email, "bea@example.com")

    def test_a_proven_account_is_linked_and_stays_as_it_is(self) -> None:
        user = UserFactory(email="ann@example.com", email_verified_at=VERIFIED)
        token_of(user)
        self.assertEqual(self.log_in().status_code, 201)
        user.refresh_from_db()
        self.assertTrue(user.check_password(PASSWORD))
        self.assertEqual((user.email_verified_at, user.auth_token_set.count()), (VERIFIED, 2))
        self.assertEqual(SocialAccount.objects.get().user, user)

    def test_an_account_that_was_never_proven_is_taken_from_who_opened_it(self) -> None:
        user = UserFactory(email="ann@example.com")
        token_of(user, device="intruder")
        pair = _jwt.log_in(email=user.email, password=PASSWORD)
        self.log_in(device="phone")
        user.refresh_from_db()
        self.assertFalse(user.has_usable_password())
        self.assertIsNotNone(user.email_verified_at)
        self.assertEqual([row.device for row in user.auth_token_set.all()], ["phone"])
        with self.assertRaises(_jwt.Refused):
            _jwt.user_of(pair.access, _jwt.AccessToken)

    def test_who_opened_it_does_not_log_in_from_elsewhere_either(self) -> None:
        # As where the email of an account is changed for that of somebody else.
        user = UserFactory(email="ann@example.com")
        SocialAccount.objects.create(provider="github", subject="666", user=user)
        self.log_in()
        self.assertEqual([row.subject for row in user.social_accounts.all()], ["g-1"])

    def test_no_link_and_no_session_of_who_opened_it_is_left(self) -> None:
        user = UserFactory(email="ann@example.com")
        intruder = Client()
        intruder.force_login(user)
        hash_of_session = user.get_session_auth_hash()
        links = {
            "accounts:password-reset": _mailed_tokens.make_token(user, _passwords.RESET),
            "accounts:verification": _mailed_tokens.make_token(user, _verification.VERIFICATION),
        }
        self.log_in()
        user.refresh_from_db()
        self.assertNotEqual(user.get_session_auth_hash(), hash_of_session)
        self.assertFalse(get_user(intruder).is_authenticated)
        for name, token in links.items():
            body = {"token": token}
            if name == "accounts:password-reset":
                body["password"] = PASSWORD
            response = self.as_user(user).post(address(name), body)
            self.assert_error(response, AccountError.LINK_INVALID)

    def test_an_email_that_the_provider_has_not_verified_links_nothing(self) -> None:
        user = UserFactory(email="ann@example.com", email_verified_at=VERIFIED)
        self.server.profile["email_verified"] = False
        self.assert_error(self.log_in(), AccountError.SOCIAL_EMAIL_UNVERIFIED)
        self.assertFalse(SocialAccount.objects.exists() or user.auth_token_set.exists())

    def test_without_an_email_there_is_no_account(self) -> None:
        del self.server.profile["email"]
        self.assert_error(self.log_in(), AccountError.SOCIAL_EMAIL_UNVERIFIED)
        self.assertFalse(User.objects.exists())

    def test_what_says_nothing_of_verification_is_not_verified(self) -> None:
        del self.server.profile["email_verified"]
        self.assert_error(self.log_in(), AccountError.SOCIAL_EMAIL_UNVERIFIED)

    def test_an_inactive_user_is_refused_and_nothing_changes(self) -> None:
        user = UserFactory(email="ann@example.com", is_active=False)
        self.assert_error(self.log_in(), AccountError.USER_INACTIVE)
        user.refresh_from_db()
        self.assertTrue(user.has_usable_password())
        self.assertFalse(SocialAccount.objects.exists())

    def test_who_is_locked_out_later_is_refused(self) -> None:
        self.log_in()
        User.objects.update(is_active=False)
        self.assert_error(self.log_in(), AccountError.USER_INACTIVE)

    def test_who_has_no_name_there_is_called_by_the_email(self) -> None:
        self.server.profile["name"] = None
        self.log_in()
        self.assertEqual(User.objects.get().name, "ann")

    def test_a_name_that_is_too_long_is_cut(self) -> None:
        self.server.profile["name"] = "x" * 300
        self.log_in()
        self.assertEqual(User.objects.get().name, "x" * 100)

    def test_a_password_can_be_set_by_mail(self) -> None:
        self.log_in()
        _passwords.mail_password_reset("ann@example.com")
        assert_mailed_to("ann@example.com")

    def test_a_stale_login_in_the_header_is_no_hindrance(self) -> None:
        response = self.with_token("0" * 64).post(self.url(), self.agreed())
        self.assertEqual(response.status_code, 201)

    def test_a_provider_that_nobody_knows_is_a_404(self) -> None:
        begun = signing.dumps(["nobody", "s", "v"], salt="accounts.social")
        response = self.finish({"code": "c", "state": "s", "flow": begun}, "nobody")
        self.assert_error(response, CommonError.NOT_FOUND)


class FlowTests(SocialTestCase):
    """Logins that are not what was begun."""

    def test_a_code_works_once(self) -> None:
        body = self.agreed()
        self.finish(body)
        with self.assertLogs("accounts._providers", "WARNING"):
            self.assert_error(self.finish(body), AccountError.SOCIAL_REFUSED)
        self.assertEqual(DeviceToken.objects.count(), 1)

    def test_another_state_is_refused(self) -> None:
        self.assert_error(self.log_in(state="x"), AccountError.SOCIAL_FLOW_INVALID)
        self.assert_error(self.log_in(state="é"), AccountError.SOCIAL_FLOW_INVALID)

    def test_a_flow_that_was_tampered_with_is_refused(self) -> None:
        body = self.agreed()
        self.assert_error(
            self.finish({**body, "flow": body["flow"][1:]}), AccountError.SOCIAL_FLOW_INVALID
        )

    def test_a_flow_that_something_else_signed_is_refused(self) -> None:
        body = self.agreed()
        flow = signing.dumps(signing.loads(body["flow"], salt="accounts.social"), salt="x")
        self.assert_error(self.finish({**body, "flow": flow}), AccountError.SOCIAL_FLOW_INVALID)

    def test_a_flow_of_another_provider_is_refused(self) -> None:
        response = self.finish(self.agreed("github"), "google")
        self.assert_error(response, AccountError.SOCIAL_FLOW_INVALID)

    def test_the_code_of_someone_elses_login_is_refused(self) -> None:
        mine, stolen = self.agreed(), self.agreed()
        with self.assertLogs("accounts._providers", "WARNING"):
            response = self.finish({**mine, "code": stolen["code"]})
        self.assert_error(response, AccountError.SOCIAL_REFUSED)
        self.assertFalse(User.objects.exists())

    def test_a_login_is_good_for_ten_minutes(self) -> None:
        body = self.agreed()
        with freeze_time(datetime.now(UTC) + timedelta(minutes=10, seconds=2)):
            self.assert_error(self.finish(body), AccountError.SOCIAL_FLOW_INVALID)
        with freeze_time(datetime.now(UTC) + timedelta(minutes=9)):
            self.assertEqual(self.finish(body).status_code, 201)

    def test_without_a_code_it_is_refused(self) -> None:
        response = self.log_in(code="")
        self.assert_field_error(response, "code", CommonError.FIELD_BLANK)

    def test_a_null_byte_is_refused(self) -> None:
        response = self.log_in(state="a\0")
        self.assert_field_error(response, "state", CommonError.FIELD_FORBIDDEN_CHARACTERS)


class GitHubTests(SocialTestCase):
    provider = "github"

    def test_the_primary_email_counts(self) -> None:
        self.assertEqual(self.log_in().status_code, 201)
        user = User.objects.get()
        self.assertEqual((user.email, user.name), ("ann@example.com", "ann7"))
        account = SocialAccount.objects.get()
        self.assertEqual((account.provider, account.subject), ("github", "7"))

    def test_the_name_counts_before_the_login(self) -> None:
        self.server.user["name"] = "Ann Bee"
        self.log_in()
        self.assertEqual(User.objects.get().name, "Ann Bee")

    def test_a_primary_email_that_is_not_verified_is_refused(self) -> None:
        self.server.emails[1]["verified"] = False
        self.assert_error(self.log_in(), AccountError.SOCIAL_EMAIL_UNVERIFIED)

    def test_without_a_primary_email_there_is_no_account(self) -> None:
        self.server.emails = []
        self.assert_error(self.log_in(), AccountError.SOCIAL_EMAIL_UNVERIFIED)

    def test_the_same_number_at_two_providers_is_not_the_same_account(self) -> None:
        self.log_in()
        self.server.profile |= {"sub": "7", "email": "bea@example.com"}
        self.log_in("google")
        self.assertEqual(User.objects.count(), 2)

    def test_an_error_in_the_emails_is_not_taken_for_their_list(self) -> None:
        self.server.emails = {"message": "Bad credentials"}
        self.assert_unavailable()


class UnavailableTests(SocialTestCase):
    """Providers that do not keep to the standard."""

    def test_an_error_page_instead_of_a_token(self) -> None:
        self.server.broken["/token"] = (503, b"<h1>Busy</h1>")
        self.assert_unavailable()

    def test_text_instead_of_a_token(self) -> None:
        self.server.broken["/token"] = (200, b"token=1")
        self.assert_unavailable()

    def test_an_answer_without_a_token(self) -> None:
        self.server.broken["/token"] = (200, b"{}")
        self.assert_unavailable()

    def test_a_token_of_a_kind_that_nobody_knows(self) -> None:
        self.server.broken["/token"] = (200, b'{"access_token": "a", "token_type": 1}')
        self.assert_unavailable()

    def test_an_error_page_instead_of_a_profile(self) -> None:
        self.server.broken["/profile"] = (500, b"{}")
        self.assert_unavailable()

    def test_profiles_that_make_no_sense(self) -> None:
        for change in (
            {"sub": None},
            {"sub": "x" * 256},
            {"email": "no email"},
            {"email": "ann@\ua7cbx.com"},
            {"email": "ann\0@example.com"},
            {"name": "A\0"},
            {"name": ["Ann"]},
            {"name": 7},
        ):
            with self.subTest(change):
                self.server.reset()
                self.server.profile |= change
                cache.clear()  # More logins than one address may try.
                self.assert_unavailable()

    def test_a_list_instead_of_a_profile(self) -> None:
        self.server.profile = []
        self.assert_unavailable()

    def test_text_instead_of_a_profile(self) -> None:
        self.server.broken["/profile"] = (200, b"hello")
        self.assert_unavailable()

    def test_a_provider_that_is_not_there(self) -> None:
        options = self.server.settings()
        options["google"]["token_url"] = "http://127.0.0.1:9/token"
        with override_settings(SOCIAL_PROVIDERS=options):
            self.assert_unavailable()

    def test_a_wrong_client_secret_is_noted_in_the_log(self) -> None:
        options = self.server.settings()
        options["google"]["client_secret"] = "wrong"
        with (
            override_settings(SOCIAL_PROVIDERS=options),
            self.assertLogs("accounts._providers", "WARNING") as logs,
        ):
            self.assert_error(self.log_in(), AccountError.SOCIAL_REFUSED)
        (record,) = logs.records
        self.assertEqual((record.provider, record.error), ("google", "invalid_client"))

    def test_a_silent_provider_is_given_up(self) -> None:
        with mock.patch("requests.Session.request", side_effect=requests.Timeout) as request:
            flow = signing.dumps(["google", "s", "v"], salt="accounts.social")
            body = {"code": "c", "state": "s", "flow": flow}
            with self.assertLogs("accounts._providers", "WARNING"):
                self.assert_error(self.finish(body), AccountError.SOCIAL_UNAVAILABLE)
        self.assertEqual(request.call_args.kwargs["timeout"], settings.SOCIAL_TIMEOUT)
