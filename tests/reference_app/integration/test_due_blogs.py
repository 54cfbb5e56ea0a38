"""The publication of what is due, and the limit of a day."""

from datetime import timedelta
from unittest import mock

from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db.models.signals import post_save, pre_save
from django.test import TestCase
from freezegun import freeze_time

from blog import _publication, tasks
from blog._publication import publish_due_blogs
from blog.errors import BlogError
from blog.models import MAX_PUBLICATIONS_A_DAY, Blog, DailyPublications
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import PUBLISHED_AT, AuthorFactory, BlogFactory, editor
from ..helpers import OwnCacheTests, ApiTestCase, address, CommittedTests

DUE = PUBLISHED_AT


class PublishDueBlogsTests(OwnCacheTests, TestCase):
    def publish(self, now=DUE) -> int:
        with freeze_time(now), self.captureOnCommitCallbacks(execute=True):
            return publish_due_blogs(now)

    def test_what_is_due_is_published_and_announced(self) -> None:
        blog = BlogFactory(scheduled=True)
        self.assertEqual(self.publish(), 1)
        blog.refresh_from_db()
        self.assertEqual((blog.state, blog.published_at, blog.publish_at), ("published", DUE, None))
        assert_mailed_to(blog.author.user.email)

    def test_what_is_not_yet_due_waits(self) -> None:
        BlogFactory(scheduled=True)
        self.assertEqual(self.publish(DUE - timedelta(seconds=1)), 0)
        self.assertEqual(Blog.objects.get().state, "reviewed")

    def test_what_is_not_scheduled_waits(self) -> None:
        BlogFactory(reviewed=True)
        self.assertEqual(self.publish(), 0)

    def test_a_second_time_publishes_nothing(self) -> None:
        BlogFactory(scheduled=True)
        self.publish()
        self.assertEqual(self.publish(), 0)
        self.assertEqual(len(mail.outbox), 1)

    def test_a_full_day_of_one_author_holds_up_nobody_else(self) -> None:
        author = AuthorFactory()
        DailyPublications.objects.create(
            author=author, day=DUE.date(), count=MAX_PUBLICATIONS_A_DAY
        )
        held = BlogFactory(scheduled=True, author=author)
        BlogFactory(scheduled=True)
        self.assertEqual(self.publish(), 1)
        held.refresh_from_db()
        self.assertEqual((held.state, held.publish_at), ("reviewed", DUE))

    def test_what_was_held_up_comes_out_the_next_day(self) -> None:
        author = BlogFactory(scheduled=True).author
        DailyPublications.objects.create(
            author=author, day=DUE.date(), count=MAX_PUBLICATIONS_A_DAY
        )
        self.assertEqual(self.publish(DUE + timedelta(days=1)), 1)

    def test_what_is_withdrawn_meanwhile_is_left_alone(self) -> None:
        BlogFactory(scheduled=True)
        meant_next = BlogFactory(scheduled=True)

        def withdraw_the_next(**kwargs) -> None:
            Blog.objects.filter(pk=meant_next.pk).update(state="draft", publish_at=None)

        post_save.connect(withdraw_the_next, sender=Blog)
        self.addCleanup(post_save.disconnect, withdraw_the_next, sender=Blog)
        self.assertEqual(self.publish(), 1)
        meant_next.refresh_from_db()
        self.assertEqual((meant_next.state, meant_next.published_at), ("draft", None))

    def test_the_longest_overdue_comes_first(self) -> None:
        author = AuthorFactory()
        DailyPublications.objects.create(
            author=author, day=DUE.date(), count=MAX_PUBLICATIONS_A_DAY - 1
        )
        fields = {"author": author, "scheduled": True}
        BlogFactory(title="second", **fields)
        BlogFactory(title="first", publish_at=DUE - timedelta(days=1), **fields)
        self.assertEqual(self.publish(), 1)
        self.assertEqual(Blog.objects.get(state="published").title, "first")

    def test_a_run_leaves_to_the_next_one_what_is_too_much(self) -> None:
        BlogFactory.create_batch(3, scheduled=True)
        with mock.patch.object(_publication, "MAX_DUE_AT_ONCE", 2):
            self.assertEqual([self.publish(), self.publish()], [2, 1])

    def test_what_waits_for_another_day_takes_no_place_in_a_run(self) -> None:
        author = AuthorFactory()
        DailyPublications.objects.create(
            author=author, day=DUE.date(), count=MAX_PUBLICATIONS_A_DAY
        )
        BlogFactory(scheduled=True, author=author, publish_at=DUE - timedelta(hours=1))
        BlogFactory(scheduled=True)
        with mock.patch.object(_publication, "MAX_DUE_AT_ONCE", 1):
            self.assertEqual(self.publish(), 1)


class PublishDueBlogsTaskTests(OwnCacheTests, TestCase):
    def run_task(self) -> None:
        with freeze_time(DUE), self.captureOnCommitCallbacks(execute=True):
            tasks.publish_due_blogs.delay()

    def fail_at(self, title: str, error: Exception) -> None:
        def fail(instance: Blog, **kwargs) -> None:
            if instance.title == title:
                raise error

        pre_save.connect(fail, sender=Blog)
        self.addCleanup(pre_save.disconnect, fail, sender=Blog)

    def test_it_publishes_what_is_due_by_the_clock(self) -> None:
        BlogFactory(scheduled=True, publish_at=DUE + timedelta(seconds=1))
        blog = BlogFactory(scheduled=True)
        self.run_task()
        self.assertEqual(Blog.objects.get(state="published").published_at, DUE)
        assert_mailed_to(blog.author.user.email)

    def test_a_blog_that_fails_is_logged_and_holds_up_no_other_one(self) -> None:
        broken = BlogFactory(scheduled=True, publish_at=DUE - timedelta(hours=1), title="broken")
        sound = BlogFactory(scheduled=True)
        self.fail_at("broken", ValueError("no"))
        with self.assertLogs("blog", "ERROR") as logs:
            self.run_task()
        self.assertEqual(Blog.objects.get(state="published"), sound)
        self.assertEqual([record.blog for record in logs.records], [str(broken.uuid)])
        self.assertIn("ValueError: no", logs.output[0])

    def test_what_failed_counts_for_nothing_and_is_tried_again(self) -> None:
        author = BlogFactory(scheduled=True, title="broken").author
        self.fail_at("broken", ValueError("no"))
        with self.assertLogs("blog", "ERROR"):
            self.run_task()
        self.assertFalse(DailyPublications.objects.filter(author=author).exists())
        Blog.objects.update(title="mended")
        self.run_task()
        self.assertEqual(Blog.objects.get().state, "published")

    def test_the_end_of_its_time_ends_it(self) -> None:
        BlogFactory(scheduled=True, publish_at=DUE - timedelta(hours=1), title="slow")
        BlogFactory(scheduled=True)
        self.fail_at("slow", SoftTimeLimitExceeded())
        with self.assertRaises(SoftTimeLimitExceeded):
            self.run_task()
        self.assertFalse(Blog.objects.filter(state="published").exists())


class DailyLimitTests(CommittedTests, ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = editor()
        cls.author = AuthorFactory()

    def publish(self):
        blog = BlogFactory(reviewed=True, author=self.author)
        return self.as_user(self.editor).post(address("blog:publish", uuid=blog.uuid))

    def publish_at(self, at: str):
        with freeze_time(at):
            return self.publish()

    @freeze_time("2026-03-01 00:00")
    def fill(self) -> None:
        for _ in range(MAX_PUBLICATIONS_A_DAY):
            self.assertEqual(self.publish().status_code, 200)

    def test_the_day_has_room_for_ten(self) -> None:
        self.assertEqual(MAX_PUBLICATIONS_A_DAY, 10)
        self.fill()
        self.assert_error(self.publish_at("2026-03-01 23:59:59"), BlogError.DAY_IS_FULL)
        self.assertEqual(Blog.objects.filter(state="reviewed").count(), 1)

    def test_the_next_day_has_room_again(self) -> None:
        self.fill()
        self.assertEqual(self.publish_at("2026-03-02 00:00").status_code, 200)

    def test_a_deletion_makes_no_room(self) -> None:
        self.fill()
        Blog.objects.all().delete()
        self.assert_error(self.publish_at("2026-03-01 12:00"), BlogError.DAY_IS_FULL)

    def test_the_day_of_another_author_has_room(self) -> None:
        self.fill()
        self.author = AuthorFactory()
        self.assertEqual(self.publish_at("2026-03-01 12:00").status_code, 200)
