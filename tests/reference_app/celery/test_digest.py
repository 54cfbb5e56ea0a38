"""The tasks that mail what was published in a week."""

from datetime import UTC, date, datetime
from unittest import mock

from django.core import mail
from django.db import IntegrityError
from django.test import TestCase
from freezegun import freeze_time

from author import _deliveries
from author.models import DigestDelivery, Follow
from author.tasks import fan_out_digest, mail_digests
from blog.models import Blog
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import AuthorFactory, BlogFactory, FollowFactory, UserFactory
from ..helpers import OwnCacheTests
from .mail_servers import refusing

# The factory's blogs are published on its Sunday.
WEEK = "2026-02-23"


class DigestTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.ann, cls.bea = AuthorFactory(pen_name="Ann"), AuthorFactory(pen_name="Bea")
        cls.reader = UserFactory(name="Cleo")
        for author, title in ((cls.ann, "First"), (cls.ann, "Second"), (cls.bea, "Third")):
            BlogFactory(published=True, author=author, title=title)
        for author in (cls.ann, cls.bea):
            FollowFactory(follower=cls.reader, author=author)
        cls.other = FollowFactory(author=cls.bea).follower

    def test_a_reader_gets_one_mail_about_all_blogs_of_the_week(self) -> None:
        fan_out_digest.delay(WEEK)
        letters = {letter.to[0]: letter for letter in mail.outbox}
        assert_mailed_to(self.reader.email, self.other.email)
        letter = letters[self.reader.email]
        self.assertEqual(letter.subject, "New blogs in the week of 2026-02-23")
        self.assertEqual(letter.body, "Hello Cleo,\n\n- “First”\n- “Second”\n- “Third”\n")
        self.assertNotIn("First", letters[self.other.email].body)
        self.assertEqual(
            letter.extra_headers["Message-ID"],
            f"<digest.2026-02-23.{self.reader.uuid}@example.com>",
        )

    def test_twice_is_mailed_once(self) -> None:
        fan_out_digest.delay(WEEK)
        fan_out_digest.delay(WEEK)
        mail_digests.delay(WEEK, [self.reader.pk, self.other.pk])
        self.assertEqual(len(mail.outbox), 2)

    def test_the_next_week_is_mailed_too(self) -> None:
        fan_out_digest.delay(WEEK)
        Blog.objects.update(published_at=datetime(2026, 3, 2, tzinfo=UTC))
        fan_out_digest.delay("2026-03-02")
        self.assertEqual(len(mail.outbox), 4)

    def test_the_week_is_from_monday_to_monday(self) -> None:
        days = {"2026-02-22T23:59:59": 0, "2026-02-23T00:00:00": 2}
        days |= {"2026-03-01T23:59:59": 2, "2026-03-02T00:00:00": 0}
        for day, mails in days.items():
            Blog.objects.update(published_at=datetime.fromisoformat(f"{day}+00:00"))
            readers = _deliveries.readers_of(date.fromisoformat(WEEK))
            self.assertEqual(readers.count(), mails, day)

    def test_without_a_week_it_is_the_last_full_one(self) -> None:
        for day in ("2026-03-02", "2026-03-08"):
            DigestDelivery.objects.all().delete()
            with self.subTest(day), freeze_time(day):
                fan_out_digest.delay()
                weeks = set(DigestDelivery.objects.values_list("week", flat=True))
                self.assertEqual(weeks, {date(2026, 2, 23)})

    def test_who_has_nothing_to_read_gets_no_mail(self) -> None:
        FollowFactory()
        fan_out_digest.delay("2026-02-16")
        self.assertEqual(mail.outbox, [])

    def test_drafts_are_not_mailed(self) -> None:
        Blog.objects.update(state="draft", published_at=None)
        mail_digests.delay(WEEK, [self.reader.pk])
        self.assertEqual(mail.outbox, [])

    def test_who_is_inactive_gets_no_mail(self) -> None:
        type(self.other).objects.filter(pk=self.other.pk).update(is_active=False)
        fan_out_digest.delay(WEEK)
        mail_digests.delay(WEEK, [self.other.pk])
        assert_mailed_to(self.reader.email)

    def test_who_follows_no_more_gets_no_mail(self) -> None:
        Follow.objects.filter(follower=self.other).delete()
        mail_digests.delay(WEEK, [self.reader.pk, self.other.pk])
        assert_mailed_to(self.reader.email)

    def test_each_task_gets_a_few_ids_in_a_form_that_json_has(self) -> None:
        chunked = mock.patch.object(_deliveries, "CHUNK", 1)
        with chunked, mock.patch.object(mail_digests, "delay") as delay:
            fan_out_digest(WEEK)
        ids = sorted([self.reader.pk, self.other.pk])
        self.assertEqual([call.args for call in delay.call_args_list], [(WEEK, [pk]) for pk in ids])

    def test_it_is_tried_again_and_nobody_gets_a_second_mail(self) -> None:
        with refusing({self.reader.email: 2}):
            fan_out_digest.delay(WEEK)
        assert_mailed_to(self.reader.email, self.other.email)

    def test_more_blogs_and_follows_take_no_more_queries(self) -> None:
        DigestDelivery.objects.create(
            week=WEEK, recipient=self.reader, sent_at=datetime.now(tz=UTC)
        )
        for blogs in (0, 3):
            BlogFactory.create_batch(blogs, published=True, author=self.ann)
            with self.assertNumQueries(3):
                mail_digests.delay(WEEK, [self.reader.pk])

    def test_the_database_refuses_a_second_delivery(self) -> None:
        DigestDelivery.objects.create(week=WEEK, recipient=self.reader)
        with self.assertRaisesMessage(IntegrityError, "author_digest_delivery_once"):
            DigestDelivery.objects.create(week=WEEK, recipient=self.reader)
