"""Feature flags: where they are read from, and what they switch."""

from datetime import timedelta
from unittest import mock

from django.test import TestCase
from django.urls import reverse
from freezegun import freeze_time

from accounts.models import User
from author.models import PublicationNotice
from author.tasks import (
    fan_out_publication,
    mail_followers,
    mail_publication,
    reconcile_publications,
)
from common import flags
from common.errors import CommonError
from common.flags import Flag
from common.models import FeatureFlag
from quality_harness.testing.sent_mail import assert_mailed_to, assert_nothing_mailed

from ..factories import PASSWORD, BlogFactory, UserFactory, followers_of
from ..helpers import (
    ApiTestCase,
    CommittedTests,
    OwnCacheTests,
    address,
    log_in_to_admin,
    no_store,
)
from .test_social_races import ANN, agreed, log_in_elsewhere


class FlagTests(OwnCacheTests, TestCase):
    def throw(self, enabled: bool) -> FeatureFlag:
        """Throw the switch of registrations, and commit that."""
        with self.captureOnCommitCallbacks(execute=True):
            row, _ = FeatureFlag.objects.update_or_create(
                name="registrations", defaults={"enabled": enabled}
            )
        return row

    def is_enabled(self) -> bool:
        return flags.is_enabled(Flag.REGISTRATIONS)

    def test_without_a_row_it_stands_as_declared(self) -> None:
        self.assertIs(self.is_enabled(), True)
        with mock.patch.object(Flag.PUBLICATION_MAILS, "default", False):
            self.assertIs(flags.is_enabled(Flag.PUBLICATION_MAILS), False)

    def test_the_row_decides(self) -> None:
        self.throw(False)
        self.assertIs(self.is_enabled(), False)

    def test_a_flag_has_a_row_of_its_own(self) -> None:
        self.throw(False)
        self.assertIs(flags.is_enabled(Flag.PUBLICATION_MAILS), True)

    def test_the_state_is_cached(self) -> None:
        for enabled in (True, False):
            self.throw(enabled)
            self.is_enabled()
            with self.assertNumQueries(0):
                self.assertIs(self.is_enabled(), enabled)

    def test_a_change_is_seen_at_once(self) -> None:
        for enabled in (False, True, False):
            row = self.throw(enabled)
            self.assertIs(self.is_enabled(), enabled)
        with self.captureOnCommitCallbacks(execute=True):
            row.delete()
        self.assertIs(self.is_enabled(), True)

    def test_without_a_cache_the_row_decides(self) -> None:
        self.throw(False)
        with no_store(), self.assertLogs("common.store"):
            self.assertIs(self.is_enabled(), False)

    def test_without_cache_and_row_it_stands_as_declared(self) -> None:
        with no_store(), self.assertLogs("common.store"):
            self.assertIs(self.is_enabled(), True)

    def test_without_a_cache_a_flag_is_thrown_all_the_same(self) -> None:
        with no_store(), self.assertLogs("common.store"):
            row = self.throw(False)
        self.assertIs(FeatureFlag.objects.get(pk=row.pk).enabled, False)

    def test_a_flag_shows_its_name_and_state(self) -> None:
        self.assertEqual(str(self.throw(False)), "registrations: off")
        self.assertEqual(str(self.throw(True)), "registrations: on")


class RegistrationFlagTests(CommittedTests, ApiTestCase):
    def register(self):
        body = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}
        return self.client.post(address("accounts:registration"), body)

    def test_registrations_are_switched_off(self) -> None:
        FeatureFlag.objects.create(name="registrations", enabled=False)
        self.assert_error(self.register(), CommonError.SWITCHED_OFF)
        self.assertFalse(User.objects.exists())

    def test_a_first_login_elsewhere_is_a_registration_too(self) -> None:
        FeatureFlag.objects.create(name="registrations", enabled=False)
        with agreed(ANN):
            self.assert_error(log_in_elsewhere(), CommonError.SWITCHED_OFF)
        self.assertFalse(User.objects.exists())

    def test_who_has_an_account_logs_in_elsewhere_all_the_same(self) -> None:
        FeatureFlag.objects.create(name="registrations", enabled=False)
        UserFactory(email=ANN.email)
        with agreed(ANN):
            self.assertEqual(log_in_elsewhere().status_code, 201)

    def test_registrations_are_on_without_a_row(self) -> None:
        self.assertEqual(self.register().status_code, 201)


class MailFlagTests(CommittedTests, TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.blog = BlogFactory(published=True)
        self.follower = followers_of(self.blog.author, 1)[0]
        self.row = FeatureFlag.objects.create(name="publication-mails", enabled=False)

    def test_publication_mails_are_switched_off(self) -> None:
        mail_publication.delay(str(self.blog.uuid))
        fan_out_publication.delay(str(self.blog.uuid))
        mail_followers.delay(str(self.blog.uuid), [self.follower.pk])
        assert_nothing_mailed()
        self.assertFalse(PublicationNotice.objects.exists())

    def test_nothing_is_queued_for_a_switch_that_is_off(self) -> None:
        later = freeze_time(self.blog.published_at + timedelta(hours=1))
        with later, mock.patch.object(mail_publication, "delay") as delay:
            reconcile_publications.delay()
        delay.assert_not_called()

    def test_switched_on_again_they_are_made_up_for(self) -> None:
        mail_publication.delay(str(self.blog.uuid))
        with self.captureOnCommitCallbacks(execute=True):
            self.row.delete()
        with freeze_time(self.blog.published_at + timedelta(hours=1)):
            reconcile_publications.delay()
        everyone = [self.blog.author.user.email, self.follower.email]
        assert_mailed_to(*everyone)


class FlagAdminTests(CommittedTests, TestCase):
    def setUp(self) -> None:
        super().setUp()
        log_in_to_admin(self.client, UserFactory(is_staff=True, is_superuser=True))

    def add(self, name: str):
        return self.client.post(reverse("admin:common_featureflag_add"), {"name": name})

    def test_a_declared_flag_is_thrown(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(self.add("registrations").status_code, 302)
        self.assertIs(flags.is_enabled(Flag.REGISTRATIONS), False)

    def test_another_name_is_refused(self) -> None:
        self.assertContains(self.add("registration"), "Select a valid choice")
        self.assertFalse(FeatureFlag.objects.exists())

    def test_a_flag_is_not_turned_into_another(self) -> None:
        row = FeatureFlag.objects.create(name="registrations", enabled=False)
        page = reverse("admin:common_featureflag_change", args=[row.pk])
        self.client.post(page, {"name": "publication-mails", "enabled": "on"})
        row.refresh_from_db()
        self.assertEqual((row.name, row.enabled), ("registrations", True))

    def test_the_other_fields_are_those_of_the_model(self) -> None:
        self.assertContains(
            self.client.get(reverse("admin:common_featureflag_add")), "Why, and until when."
        )
