"""The task that mails the author of a published blog."""

from smtplib import SMTPServerDisconnected
from unittest import mock
from uuid import uuid4

from celery.exceptions import SoftTimeLimitExceeded
from celery.result import EagerResult
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import TestCase, override_settings

from author.models import PublicationNotice
from author.tasks import mail_publication
from config import celery_app
from quality_harness.testing.eager_tasks import eager_tasks

from ..factories import BlogFactory
from ..helpers import OwnCacheTests

FLAKY = f"{__name__}.FlakyBackend"


class FlakyBackend(EmailBackend):
    """A mail server that fails a number of times before it works."""

    failures = 0
    error: Exception = SMTPServerDisconnected("gone")

    def send_messages(self, messages) -> int:
        if FlakyBackend.failures:
            FlakyBackend.failures -= 1
            raise FlakyBackend.error
        return super().send_messages(messages)


class MailPublicationTests(OwnCacheTests, TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.blog = BlogFactory(
            published=True,
            title="First",
            author__pen_name="Ann",
            author__user__email="ann@example.com",
        )

    def run_task(self) -> EagerResult:
        return mail_publication.delay(str(self.blog.uuid))

    def run_task_with_failures(
        self, failures: int, error: Exception = FlakyBackend.error
    ) -> EagerResult:
        """Run the task as a worker does: an error means another try, not an error here."""
        with (
            eager_tasks(propagate=False),
            override_settings(EMAIL_BACKEND=FLAKY),
            mock.patch.multiple(FlakyBackend, failures=failures, error=error),
        ):
            return self.run_task()

    def test_the_author_is_told_which_blog(self) -> None:
        self.run_task()
        letter = mail.outbox[0]
        self.assertEqual(letter.to, ["ann@example.com"])
        self.assertIn("Hello Ann", letter.body)
        self.assertIn("“First”", letter.body)

    def test_twice_is_told_once(self) -> None:
        self.run_task()
        self.run_task()
        self.assertEqual(len(mail.outbox), 1)
        self.assertEqual(PublicationNotice.objects.get().blog_uuid, self.blog.uuid)

    def test_each_blog_is_told(self) -> None:
        self.run_task()
        mail_publication.delay(str(BlogFactory(published=True).uuid))
        self.assertEqual(len(mail.outbox), 2)

    def test_a_blog_that_was_withdrawn_meanwhile_is_not_told(self) -> None:
        mail_publication.delay(str(BlogFactory().uuid))
        self.assertEqual(mail.outbox, [])

    def test_a_blog_that_was_deleted_meanwhile_is_not_told(self) -> None:
        mail_publication.delay(str(uuid4()))
        self.assertEqual(mail.outbox, [])

    def test_it_is_tried_again_until_the_mail_is_out(self) -> None:
        result = self.run_task_with_failures(5)
        self.assertEqual((result.state, len(mail.outbox)), ("SUCCESS", 1))

    def test_it_is_tried_again_where_no_mail_server_answers(self) -> None:
        result = self.run_task_with_failures(1, ConnectionRefusedError())
        self.assertEqual((result.state, len(mail.outbox)), ("SUCCESS", 1))

    def test_it_is_tried_again_after_it_took_too_long(self) -> None:
        result = self.run_task_with_failures(1, SoftTimeLimitExceeded())
        self.assertEqual((result.state, len(mail.outbox)), ("SUCCESS", 1))

    def test_a_fault_of_ours_is_not_tried_again(self) -> None:
        result = self.run_task_with_failures(1, ZeroDivisionError())
        self.assertEqual((result.state, len(mail.outbox)), ("FAILURE", 0))

    def test_it_gives_up_after_five_more_times(self) -> None:
        result = self.run_task_with_failures(6)
        self.assertEqual((result.state, len(mail.outbox)), ("FAILURE", 0))
        self.assertIsInstance(result.result, SMTPServerDisconnected)

    def test_a_mail_that_failed_leaves_no_proof_that_it_was_sent(self) -> None:
        self.assertEqual(self.run_task_with_failures(6).state, "FAILURE")
        self.assertFalse(PublicationNotice.objects.exists())

    def test_it_waits_longer_each_time(self) -> None:
        self.assertIs(mail_publication.retry_backoff, True)
        self.assertEqual(mail_publication.retry_backoff_max, 600)


class CeleryAppTests(OwnCacheTests, TestCase):
    def test_the_app_finds_the_tasks_by_itself(self) -> None:
        celery_app.loader.import_default_modules()
        self.assertIn("author.tasks.mail_publication", celery_app.tasks)

    def test_a_task_that_a_worker_lost_is_run_again(self) -> None:
        self.assertTrue(celery_app.conf.task_acks_late)
        self.assertTrue(celery_app.conf.task_reject_on_worker_lost)

    def test_a_mail_server_that_is_silent_is_given_up_before_the_task_is(self) -> None:
        soft, hard = celery_app.conf.task_soft_time_limit, celery_app.conf.task_time_limit
        self.assertEqual([settings.EMAIL_TIMEOUT, soft, hard], [10, 45, 60])

    def test_a_broker_that_is_silent_is_given_up(self) -> None:
        self.assertEqual(
            celery_app.conf.broker_transport_options,
            {
                "socket_timeout": 5,
                "socket_connect_timeout": 2,
                "visibility_timeout": 900,
                "queue_order_strategy": "priority",
            },
        )

    def test_an_error_in_a_task_is_an_error_in_its_test(self) -> None:
        with self.assertRaises(ValueError):
            mail_publication.delay("no uuid")
