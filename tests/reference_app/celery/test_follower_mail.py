"""The tasks that tell followers of a publication."""

import inspect
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPRecipientsRefused
from unittest import mock
from uuid import uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import TestCase, TransactionTestCase

from accounts.models import User
from author import _deliveries, tasks
from author.models import Follow, PublicationDelivery
from author.tasks import fan_out_publication, mail_followers, mail_publication
from config import celery_app
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import PUBLISHED_AT, BlogFactory, FollowFactory, UserFactory, followers_of
from ..helpers import OwnCacheTests
from .mail_servers import refusing


def mailed() -> list[str]:
    """Return the addresses of the mails that went out."""
    return [address for letter in mail.outbox for address in letter.to]


class FanOutTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)
        cls.users = followers_of(cls.blog.author, 5)

    def chunks(self) -> list[tuple[str, list[int]]]:
        """Run the fan-out and return what it leaves to other tasks."""
        with mock.patch.object(mail_followers, "delay") as delay:
            fan_out_publication(str(self.blog.uuid))
        return [call.args for call in delay.call_args_list]

    def test_every_follower_is_told_once(self) -> None:
        fan_out_publication.delay(str(self.blog.uuid))
        assert_mailed_to(*(user.email for user in self.users))

    def test_each_task_gets_a_few_ids(self) -> None:
        with mock.patch.object(_deliveries, "CHUNK", 2):
            chunks = self.chunks()
        ids = [user.pk for user in self.users]
        uuid = str(self.blog.uuid)
        self.assertEqual(chunks, [(uuid, ids[:2]), (uuid, ids[2:4]), (uuid, ids[4:])])

    def test_a_task_gets_no_more_ids_than_it_can_mail_in_time(self) -> None:
        self.assertEqual([len(ids) for ids in _deliveries.in_chunks(range(101))], [50, 50, 1])

    def test_who_was_told_is_left_out(self) -> None:
        mail_followers(str(self.blog.uuid), [self.users[0].pk])
        self.assertEqual(
            self.chunks(), [(str(self.blog.uuid), [user.pk for user in self.users[1:]])]
        )

    def test_who_was_to_be_told_and_was_not_is_not_left_out(self) -> None:
        PublicationDelivery.objects.create(blog_uuid=self.blog.uuid, recipient=self.users[0])
        self.assertEqual(self.chunks()[0][1][0], self.users[0].pk)

    def test_who_follows_only_since_is_left_out(self) -> None:
        FollowFactory(author=self.blog.author)
        self.assertEqual(len(self.chunks()[0][1]), 5)

    def test_who_followed_at_that_very_time_is_not_left_out(self) -> None:
        Follow.objects.update(created_at=PUBLISHED_AT)
        self.assertEqual(len(self.chunks()[0][1]), 5)

    def test_who_follows_someone_else_or_is_inactive_is_left_out(self) -> None:
        followers_of(BlogFactory(published=True).author, 1)
        followers_of(self.blog.author, 1, is_active=False)
        self.assertEqual(len(self.chunks()[0][1]), 5)

    def test_a_blog_that_is_not_published_is_not_told(self) -> None:
        draft = BlogFactory(author=self.blog.author)
        fan_out_publication.delay(str(draft.uuid))
        fan_out_publication.delay(str(uuid4()))
        self.assertEqual(mail.outbox, [])

    def test_more_followers_take_no_more_queries(self) -> None:
        with mock.patch.object(mail_followers, "delay"):
            # The switch is read once, and cached.
            with self.assertNumQueries(3):
                fan_out_publication(str(self.blog.uuid))
            followers_of(self.blog.author, 3)
            with self.assertNumQueries(2):
                fan_out_publication(str(self.blog.uuid))


class MailFollowersTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True, title="First", author__pen_name="Ann")
        cls.users = followers_of(cls.blog.author, 3)
        cls.emails = [user.email for user in cls.users]

    def run_task(self, *users):
        ids = [user.pk for user in users or self.users]
        return mail_followers.delay(str(self.blog.uuid), ids)

    def test_the_mail_says_who_published_what(self) -> None:
        self.run_task(self.users[0])
        letter = mail.outbox[0]
        self.assertEqual((letter.to, letter.subject), (self.emails[:1], "Ann published a blog"))
        self.assertIn(f"Hello {self.users[0].name}", letter.body)
        self.assertIn("“First”", letter.body)

    def test_each_has_a_mail_of_their_own(self) -> None:
        self.run_task()
        self.assertEqual([letter.to for letter in mail.outbox], [[email] for email in self.emails])

    def test_a_name_with_a_line_break_is_mailed(self) -> None:
        self.blog.author.pen_name = "Ann\nBcc: all@example.com"
        self.blog.author.save()
        self.run_task(self.users[0])
        self.assertEqual(mail.outbox[0].subject, "Ann Bcc: all@example.com published a blog")

    def test_the_same_mail_has_the_same_id_and_another_one_another(self) -> None:
        self.run_task()
        PublicationDelivery.objects.all().delete()
        self.run_task()
        ids = Counter(letter.extra_headers["Message-ID"] for letter in mail.outbox)
        self.assertEqual(list(ids.values()), [2, 2, 2])
        expected = f"<publication.{self.blog.uuid}.{self.users[0].uuid}@example.com>"
        self.assertEqual(mail.outbox[0].extra_headers["Message-ID"], expected)

    def test_twice_is_told_once(self) -> None:
        self.run_task()
        self.run_task()
        self.assertEqual(mailed(), self.emails)
        self.assertEqual(PublicationDelivery.objects.filter(sent_at__isnull=False).count(), 3)

    def test_the_same_id_twice_is_told_once(self) -> None:
        self.run_task(self.users[0], self.users[0])
        self.assertEqual(mailed(), self.emails[:1])

    def test_each_blog_is_told(self) -> None:
        self.run_task()
        other = BlogFactory(published=True, author=self.blog.author)
        mail_followers.delay(str(other.uuid), [user.pk for user in self.users])
        self.assertEqual(len(mail.outbox), 6)

    def test_who_follows_no_more_is_not_told(self) -> None:
        Follow.objects.filter(follower=self.users[0]).delete()
        self.run_task()
        self.assertEqual(mailed(), self.emails[1:])

    def test_who_is_gone_is_not_told(self) -> None:
        ids = [user.pk for user in self.users]
        self.users[0].delete()
        mail_followers.delay(str(self.blog.uuid), ids)
        self.assertEqual(mailed(), self.emails[1:])

    def test_a_stranger_is_not_told(self) -> None:
        self.run_task(UserFactory())
        self.assertEqual(mail.outbox, [])

    def test_a_blog_that_was_withdrawn_meanwhile_is_not_told(self) -> None:
        draft = BlogFactory(author=self.blog.author)
        mail_followers.delay(str(draft.uuid), [user.pk for user in self.users])
        self.assertEqual(mail.outbox, [])

    def test_the_database_refuses_a_second_delivery(self) -> None:
        self.run_task(self.users[0])
        with self.assertRaisesMessage(IntegrityError, "author_publication_delivery_once"):
            PublicationDelivery.objects.create(blog_uuid=self.blog.uuid, recipient=self.users[0])


class TwoWorkersTests(OwnCacheTests, TransactionTestCase):
    def test_what_another_worker_is_sending_is_neither_waited_for_nor_sent_twice(self) -> None:
        blog = BlogFactory(published=True)
        users = followers_of(blog.author, 2)
        delivery = PublicationDelivery.objects.create(blog_uuid=blog.uuid, recipient=users[0])
        locked = PublicationDelivery.objects.select_for_update()

        def run_in_another_worker() -> None:
            try:
                mail_followers.delay(str(blog.uuid), [user.pk for user in users])
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as thread, transaction.atomic():
            locked.get(pk=delivery.pk)
            thread.submit(run_in_another_worker).result(timeout=30)
        assert_mailed_to(users[1].email)


class MailServerTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)
        cls.users = followers_of(cls.blog.author, 3)
        cls.emails = [user.email for user in cls.users]

    def run_task(self):
        return mail_followers.delay(str(self.blog.uuid), [user.pk for user in self.users])

    def test_it_is_tried_again_and_nobody_gets_a_second_mail(self) -> None:
        with refusing({self.emails[1]: 5}):
            self.assertEqual(self.run_task().state, "SUCCESS")
        assert_mailed_to(*self.emails)

    def test_one_address_that_is_refused_keeps_no_mail_from_the_others(self) -> None:
        with refusing({self.emails[0]: 99, self.emails[1]: 99}):
            result = self.run_task()
        self.assertEqual(result.state, "FAILURE")
        self.assertIsInstance(result.result, SMTPRecipientsRefused)
        self.assertEqual(mailed(), self.emails[2:])

    def give_impossible_email(self, user: User) -> None:
        """Give a user an email of a host that is too long once it is spelled in ASCII."""
        User.objects.filter(pk=user.pk).update(email=f"ann@{'ü' * 60}.com")

    def test_an_address_that_no_mail_can_have_keeps_no_mail_from_the_others(self) -> None:
        self.give_impossible_email(self.users[0])
        with refusing({}):
            result = self.run_task()
        self.assertIsInstance(result.result, UnicodeError)
        self.assertEqual(mailed(), self.emails[1:])

    def test_it_is_no_reason_not_to_try_the_others_again(self) -> None:
        self.give_impossible_email(self.users[0])
        with refusing({self.emails[1]: 1}):
            self.assertEqual(self.run_task().state, "FAILURE")
        assert_mailed_to(*self.emails[1:])

    def test_it_gives_up_after_five_more_times(self) -> None:
        with refusing({self.emails[0]: 6}):
            self.assertEqual(self.run_task().state, "FAILURE")

    def test_a_mail_that_failed_is_not_noted_as_sent(self) -> None:
        with refusing({self.emails[0]: 6}):
            self.assertEqual(self.run_task().state, "FAILURE")
        unsent = PublicationDelivery.objects.get(sent_at=None)
        self.assertEqual(unsent.recipient, self.users[0])

    def test_it_goes_on_after_it_took_too_long(self) -> None:
        with refusing({self.emails[1]: 1}, SoftTimeLimitExceeded()):
            self.assertEqual(self.run_task().state, "SUCCESS")
        self.assertEqual(mailed(), self.emails)

    def test_it_goes_on_after_the_database_was_gone(self) -> None:
        with refusing({self.emails[1]: 1}, OperationalError("gone")):
            self.assertEqual(self.run_task().state, "SUCCESS")
        self.assertEqual(mailed(), self.emails)

    def test_a_fault_of_ours_is_not_tried_again(self) -> None:
        with refusing({self.emails[1]: 1}, ZeroDivisionError()):
            self.assertEqual(self.run_task().state, "FAILURE")


class ContractTests(TestCase):
    """What messages that are on their way rely on."""

    def test_names_and_arguments_stay_as_they_are(self) -> None:
        signatures = {
            "author.tasks.mail_publication": "(blog_uuid: str) -> None",
            "author.tasks.fan_out_publication": "(blog_uuid: str) -> None",
            "author.tasks.mail_followers": "(blog_uuid: str, follower_ids: list[int]) -> None",
            "author.tasks.reconcile_publications": "() -> None",
            "author.tasks.fan_out_digest": "(week: str = '') -> None",
            "author.tasks.mail_digests": "(week: str, reader_ids: list[int]) -> None",
            "accounts.tasks.mail_password_reset": "(email: str) -> None",
            "accounts.tasks.mail_verification": "(email: str) -> None",
            "blog.tasks.forget_idempotency_keys": "() -> None",
            "blog.tasks.publish_due_blogs": "() -> None",
        }
        celery_app.loader.import_default_modules()
        # Tests of the package have tasks of their own, which every app then knows.
        ours = [
            name for name in celery_app.tasks if re.match(r"(accounts|author|blog|common)\.", name)
        ]
        self.assertCountEqual(ours, signatures)
        for name, signature in signatures.items():
            self.assertEqual(str(inspect.signature(celery_app.tasks[name].run)), signature, name)

    def test_mail_has_a_queue_of_its_own_before_the_others(self) -> None:
        self.assertEqual(list(celery_app.amqp.queues), ["mail", "celery", "fan_out"])
        self.assertEqual(
            celery_app.conf.broker_transport_options["queue_order_strategy"], "priority"
        )
        queues = {
            task: celery_app.amqp.router.route({}, task.name)["queue"].name
            for task in (mail_publication, mail_followers, fan_out_publication)
        }
        self.assertEqual(list(queues.values()), ["mail", "mail", "fan_out"])

    def test_a_message_is_given_to_another_worker_only_when_no_try_can_still_run(self) -> None:
        conf = celery_app.conf
        longest_wait = 2 ** tasks.RETRIES["max_retries"]
        self.assertGreater(
            conf.broker_transport_options["visibility_timeout"],
            conf.task_time_limit + longest_wait,
        )
        self.assertEqual(conf.worker_prefetch_multiplier, 1)

    def test_every_try_waits_longer_and_not_all_at_once(self) -> None:
        for task in (mail_publication, mail_followers, fan_out_publication):
            self.assertEqual(
                (task.retry_backoff, task.retry_backoff_max, task.retry_jitter, task.max_retries),
                (True, 600, True, 5),
            )
