"""What accounts announce, and who reacts."""

from unittest import mock

from django.test import TestCase

from accounts import _private
from accounts.models import User
from accounts.signals import user_registered
from author.models import Author
from author.receivers import create_profile
from quality_harness.testing.muted_signals import muted

from ..helpers import CommittedTests
from ..factories import PASSWORD

ANN = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}


class UserRegisteredTests(CommittedTests, TestCase):
    def test_it_is_announced_once_with_id_and_name(self) -> None:
        heard = mock.Mock()
        user_registered.connect(heard)
        self.addCleanup(user_registered.disconnect, heard)
        user = _private.register(**ANN)
        heard.assert_called_once_with(
            signal=user_registered, sender=User, user_id=user.pk, name="Ann"
        )

    def test_the_author_app_makes_a_profile(self) -> None:
        user = _private.register(**ANN)
        self.assertEqual(Author.objects.get(user=user).pen_name, "Ann")

    def test_muted_there_is_a_user_without_profile(self) -> None:
        with muted(user_registered, create_profile):
            user = _private.register(**ANN)
        self.assertFalse(Author.objects.filter(user=user).exists())

    def test_a_receiver_that_fails_undoes_the_registration(self) -> None:
        def fail(**kwargs) -> None:
            raise ZeroDivisionError

        user_registered.connect(fail)
        self.addCleanup(user_registered.disconnect, fail)
        with self.assertRaises(ZeroDivisionError):
            _private.register(**ANN)
        self.assertFalse(User.objects.filter(email="ann@example.com").exists())
        self.assertFalse(Author.objects.filter(pen_name="Ann").exists())

    def test_a_clash_that_is_not_about_the_email_is_not_hidden(self) -> None:
        from django.db import IntegrityError

        def clash(**kwargs) -> None:
            raise IntegrityError("something else")

        user_registered.connect(clash)
        self.addCleanup(user_registered.disconnect, clash)
        with self.assertRaisesMessage(IntegrityError, "something else"):
            _private.register(**ANN)
