from django.test import TestCase

from accounts.signals import user_registered
from author.models import Author
from author.receivers import create_profile
from quality_harness.testing.muted_signals import muted
from tests.reference_app.factories import UserFactory
from tests.reference_app.helpers import CommittedTests


class ProfileTests(CommittedTests, TestCase):
    def announce(self) -> None:
        user = UserFactory()
        user_registered.send(sender=type(user), user_id=user.pk, name=user.name)

    def test_whoever_registers_gets_a_profile(self) -> None:
        self.announce()
        self.assertEqual(Author.objects.count(), 1)

    def test_without_the_receiver_there_is_none(self) -> None:
        with muted(user_registered, create_profile):
            self.announce()
        self.assertEqual(Author.objects.count(), 0)
