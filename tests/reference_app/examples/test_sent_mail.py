from django.test import TestCase

from author.tasks import mail_publication
from quality_harness.testing.sent_mail import assert_mailed, assert_nothing_mailed
from tests.reference_app.factories import BlogFactory
from tests.reference_app.helpers import OwnCacheTests


class MailTests(OwnCacheTests, TestCase):
    def test_the_author_is_told_of_a_publication(self) -> None:
        blog = BlogFactory(published=True, title="First")
        mail_publication.delay(str(blog.uuid))
        letter = assert_mailed(blog.author.user.email, body="“First”")
        self.assertEqual(letter.attachments, [])

    def test_nobody_is_told_of_a_draft(self) -> None:
        mail_publication.delay(str(BlogFactory().uuid))
        assert_nothing_mailed()
