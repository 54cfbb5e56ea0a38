"""First logins elsewhere that meet another request at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier
from unittest import mock

from django.db import IntegrityError
from django.test import TransactionTestCase, tag
from rest_framework.test import APIClient

from accounts import _private, _providers, _social
from accounts._providers import Identity
from accounts.models import DeviceToken, SocialAccount, User
from author.models import Author

from ..factories import PASSWORD, UserFactory
from ..helpers import OwnCacheTests, ApiTestCase, address, meanwhile
from .test_concurrency import both_at_once

ANN = Identity("google", "g-1", "ann@example.com", True, "Ann")
REGISTRATION = {"email": "ann@example.com", "password": PASSWORD, "name": "Mallory"}


@contextmanager
def agreed(*identities: Identity) -> Iterator[None]:
    """Let the provider tell who it is, to one login after the other."""
    with (
        mock.patch.object(_social, "_verifier", return_value="v"),
        mock.patch.object(_providers, "fetch_identity", side_effect=identities),
    ):
        yield


def log_in_elsewhere():
    """Send the request that ends a login."""
    body = {"code": "c", "state": "s", "flow": "f"}
    return APIClient().post(address("accounts:social-login", provider="google"), body)


class MeanwhileTests(ApiTestCase):
    """Another request is done between two steps of a login."""

    def test_who_is_registered_by_somebody_else_meanwhile_gets_the_account_alone(self) -> None:
        with meanwhile(_private, "register", lambda: UserFactory(email=ANN.email)), agreed(ANN):
            response = log_in_elsewhere()
        self.assertEqual(response.status_code, 201)
        user = User.objects.get()
        self.assertFalse(user.has_usable_password())
        self.assertIsNotNone(user.email_verified_at)
        self.assertEqual(SocialAccount.objects.get().user, user)

    def test_of_two_emails_of_one_account_elsewhere_the_first_one_counts(self) -> None:
        first = UserFactory(email="first@example.com")
        SocialAccount.objects.create(provider="google", subject="g-1", user=first)
        # Looked for just before it was there.
        with mock.patch.object(_social, "_linked_user", side_effect=[None, first]), agreed(ANN):
            response = log_in_elsewhere()
        self.assertEqual(response.status_code, 201)
        self.assertEqual(DeviceToken.objects.get().user, first)
        self.assertEqual((User.objects.count(), Author.objects.count()), (1, 0))

    def test_what_else_the_database_refuses_is_a_fault_of_ours(self) -> None:
        with (
            mock.patch.object(_private, "register", side_effect=IntegrityError),
            agreed(ANN),
            self.assertRaises(IntegrityError),
        ):
            log_in_elsewhere()


@tag("slow")
class RaceTests(OwnCacheTests, TransactionTestCase):
    """Both requests at once, in threads of their own."""

    def race(self, *identities: Identity, request=log_in_elsewhere) -> list:
        """Let two requests find the email and the account elsewhere unknown, and go on together."""
        barrier, register = Barrier(2, timeout=60), _private.register

        def register_together(**fields):
            barrier.wait()
            return register(**fields)

        with mock.patch.object(_private, "register", register_together), agreed(*identities):
            return both_at_once(request)

    def assert_both_got_in(self, responses: list) -> None:
        self.assertEqual([answer.status_code for answer in responses], [201, 201])
        self.assertEqual((User.objects.count(), Author.objects.count()), (1, 1))
        user = User.objects.get()
        for answer in responses:
            client = APIClient(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
            me = client.get(address("accounts:me"))
            self.assertEqual(me.json()["uuid"], str(user.uuid))

    def test_two_first_logins_make_one_user(self) -> None:
        self.assert_both_got_in(self.race(ANN, ANN))
        self.assertEqual(SocialAccount.objects.count(), 1)

    def test_two_first_logins_with_one_account_elsewhere_and_two_emails(self) -> None:
        other = Identity("google", "g-1", "new@example.com", True, "Ann")
        self.assert_both_got_in(self.race(ANN, other))
        self.assertEqual(SocialAccount.objects.count(), 1)

    def test_two_first_logins_with_one_email_at_two_providers(self) -> None:
        other = Identity("github", "7", "ann@example.com", True, "Ann")
        self.assert_both_got_in(self.race(ANN, other))
        self.assertEqual(SocialAccount.objects.count(), 2)

    def test_a_first_login_and_a_registration_of_the_same_email(self) -> None:
        requests = iter(
            [
                log_in_elsewhere,
                lambda: APIClient().post(address("accounts:registration"), REGISTRATION),
            ]
        )
        login, registration = sorted(
            self.race(ANN, request=lambda: next(requests)()),
            key=lambda answer: "token" not in answer.json(),
        )
        self.assertEqual(login.status_code, 201)
        self.assertIn(registration.status_code, (201, 400))
        user = User.objects.get()
        # Whoever was first: only who has proven the email gets in.
        self.assertFalse(user.check_password(PASSWORD))
        self.assertIsNotNone(user.email_verified_at)
        self.assertEqual((SocialAccount.objects.count(), Author.objects.count()), (1, 1))
