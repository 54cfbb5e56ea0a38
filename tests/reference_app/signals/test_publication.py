"""What blogs announce, and who reacts."""

from unittest import mock

from django.core import mail
from django.db import transaction
from django.test import TestCase

from author.tasks import fan_out_publication, mail_publication
from blog import _private
from blog.models import Blog
from blog.signals import blog_published
from quality_harness.testing.muted_signals import muted
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import BlogFactory, FollowFactory, editor
from ..helpers import OwnCacheTests


class BlogPublishedTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = editor()

    def setUp(self) -> None:
        super().setUp()
        self.blog = BlogFactory(reviewed=True)
        self.heard = mock.Mock()
        blog_published.connect(self.heard)
        self.addCleanup(blog_published.disconnect, self.heard)

    def publish(self) -> None:
        _private.move_blog(blog_uuid=self.blog.uuid, action="publish", user=self.editor)

    def test_it_is_announced_once_with_the_id(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.publish()
        self.heard.assert_called_once_with(
            signal=blog_published, sender=Blog, blog_uuid=self.blog.uuid
        )

    def test_nothing_is_announced_before_the_commit(self) -> None:
        with self.captureOnCommitCallbacks() as callbacks:
            self.publish()
        self.heard.assert_not_called()
        self.assertEqual(len(callbacks), 1)

    def test_nothing_is_announced_after_a_rollback(self) -> None:
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            self.publish_and_roll_back()
        self.assertEqual(callbacks, [])
        self.heard.assert_not_called()

    def publish_and_roll_back(self) -> None:
        with transaction.atomic():
            self.publish()
            transaction.set_rollback(True)

    def test_a_review_announces_nothing(self) -> None:
        submitted = BlogFactory(submitted=True)
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            _private.move_blog(blog_uuid=submitted.uuid, action="review", user=self.editor)
        self.assertEqual(callbacks, [])

    def test_the_author_gets_a_mail(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.publish()
        assert_mailed_to(self.blog.author.user.email)

    def test_the_mail_is_left_to_a_worker(self) -> None:
        later = mock.patch.object(mail_publication, "delay")
        with later as delay, self.captureOnCommitCallbacks(execute=True):
            self.publish()
        delay.assert_called_once_with(str(self.blog.uuid))
        self.assertEqual(mail.outbox, [])

    def test_an_announcement_that_fails_does_not_stop_the_rest(self) -> None:
        last = mock.Mock()
        broken = mock.patch.object(blog_published, "send_robust", side_effect=ZeroDivisionError)
        with broken, self.assertLogs("django.test"), self.captureOnCommitCallbacks(execute=True):
            self.publish()
            transaction.on_commit(last)
        last.assert_called_once()

    def test_the_followers_get_a_mail(self) -> None:
        follower = FollowFactory(author=self.blog.author).follower
        with self.captureOnCommitCallbacks(execute=True):
            self.publish()
        self.assertIn([follower.email], [letter.to for letter in mail.outbox])

    def test_the_followers_are_left_to_a_worker(self) -> None:
        later = mock.patch.object(fan_out_publication, "delay")
        with later as delay, self.captureOnCommitCallbacks(execute=True):
            self.publish()
        delay.assert_called_once_with(str(self.blog.uuid))

    def test_muted_nobody_gets_a_mail(self) -> None:
        with (
            muted(blog_published, "author.tell_author"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            self.publish()
        self.heard.assert_called_once()
        self.assertEqual(mail.outbox, [])

    def test_a_receiver_that_fails_stops_neither_the_others_nor_the_publication(self) -> None:
        def fail(**kwargs) -> None:
            raise ZeroDivisionError

        blog_published.connect(fail)
        self.addCleanup(blog_published.disconnect, fail)
        with self.assertLogs("django.dispatch"), self.captureOnCommitCallbacks(execute=True):
            self.publish()
        self.assertEqual(len(mail.outbox), 1)
        self.blog.refresh_from_db()
        self.assertEqual(self.blog.state, "published")
