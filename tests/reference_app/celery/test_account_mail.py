"""The tasks that mail the links of accounts."""

from unittest import mock

from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import DatabaseError
from django.test import TestCase, override_settings

from accounts.tasks import mail_password_reset, mail_verification
from quality_harness.testing.eager_tasks import eager_tasks

from ..factories import UserFactory
from .test_publication_mail import FLAKY, FlakyBackend

TASKS = (mail_password_reset, mail_verification)


class AccountMailTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory()

    def run_with_failures(self, task, failures: int, error: Exception) -> tuple[str, int]:
        """Run a task as a worker does, and return its state and how many mails came out."""
        mail.outbox.clear()
        with (
            eager_tasks(propagate=False),
            override_settings(EMAIL_BACKEND=FLAKY),
            mock.patch.multiple(FlakyBackend, failures=failures, error=error),
        ):
            state = task.delay(self.user.email).state
        return state, len(mail.outbox)

    def test_they_are_tried_again_until_the_mail_is_out(self) -> None:
        for task in TASKS:
            for error in (ConnectionRefusedError(), DatabaseError(), SoftTimeLimitExceeded()):
                outcome = self.run_with_failures(task, 5, error)
                self.assertEqual(outcome, ("SUCCESS", 1), (task, error))

    def test_they_give_up_after_five_more_times(self) -> None:
        for task in TASKS:
            self.assertEqual(self.run_with_failures(task, 6, OSError()), ("FAILURE", 0), task)

    def test_they_wait_longer_each_time(self) -> None:
        for task in TASKS:
            self.assertEqual((task.retry_backoff, task.retry_backoff_max), (True, 600), task)
