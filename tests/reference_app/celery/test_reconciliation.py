"""The task that finds whom a lost message kept in the dark."""

from datetime import datetime, timedelta

from django.core import mail
from django.test import TestCase
from freezegun import freeze_time

from author.models import PublicationDelivery, PublicationNotice
from author.tasks import fan_out_publication, mail_publication, reconcile_publications

from ..factories import PUBLISHED_AT, BlogFactory, FollowFactory, followers_of
from ..helpers import OwnCacheTests
from .test_follower_mail import mailed

AN_HOUR_LATER = PUBLISHED_AT + timedelta(hours=1)


class ReconciliationTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)
        cls.users = followers_of(cls.blog.author, 2)
        cls.everyone = [cls.blog.author.user.email, *(user.email for user in cls.users)]

    def reconcile(self, at: datetime = AN_HOUR_LATER) -> list[str]:
        """Run the task at a time and return whom it told."""
        mail.outbox.clear()
        with freeze_time(at):
            reconcile_publications.delay()
        return mailed()

    def tell_everyone(self) -> None:
        mail_publication.delay(str(self.blog.uuid))
        fan_out_publication.delay(str(self.blog.uuid))

    def test_where_all_messages_were_lost_everyone_is_told(self) -> None:
        self.assertCountEqual(self.reconcile(), self.everyone)

    def test_where_nothing_was_lost_nobody_is_told(self) -> None:
        self.tell_everyone()
        self.assertEqual(self.reconcile(), [])

    def test_it_tells_once(self) -> None:
        self.reconcile()
        self.assertEqual(self.reconcile(), [])

    def test_where_one_follower_was_left_out_that_one_is_told(self) -> None:
        self.tell_everyone()
        PublicationDelivery.objects.get(recipient=self.users[1]).delete()
        self.assertEqual(self.reconcile(), [self.users[1].email])

    def test_where_a_mail_was_begun_and_not_sent_it_is_sent(self) -> None:
        self.tell_everyone()
        PublicationDelivery.objects.filter(recipient=self.users[1]).update(sent_at=None)
        self.assertEqual(self.reconcile(), [self.users[1].email])

    def test_where_the_author_was_left_out_the_author_is_told(self) -> None:
        self.tell_everyone()
        PublicationNotice.objects.all().delete()
        self.assertEqual(self.reconcile(), self.everyone[:1])

    def test_the_mail_about_another_blog_does_not_count(self) -> None:
        self.tell_everyone()
        other = BlogFactory(published=True, author=self.blog.author)
        PublicationNotice.objects.create(author=other.author, blog_uuid=other.uuid)
        self.assertCountEqual(self.reconcile(), self.everyone[1:])

    def test_who_follows_only_since_is_not_told(self) -> None:
        self.tell_everyone()
        FollowFactory(author=self.blog.author)
        self.assertEqual(self.reconcile(), [])

    def test_who_is_inactive_or_follows_someone_else_is_not_told(self) -> None:
        self.tell_everyone()
        followers_of(self.blog.author, 1, is_active=False)
        followers_of(BlogFactory().author, 1)
        self.assertEqual(self.reconcile(), [])

    def test_what_is_on_its_way_is_left_alone(self) -> None:
        self.assertEqual(self.reconcile(PUBLISHED_AT + timedelta(minutes=30)), [])
        later = self.reconcile(PUBLISHED_AT + timedelta(minutes=30, microseconds=1))
        self.assertEqual(len(later), 3)

    def test_old_news_is_left_alone(self) -> None:
        self.assertEqual(self.reconcile(PUBLISHED_AT + timedelta(days=7, microseconds=1)), [])
        self.assertEqual(len(self.reconcile(PUBLISHED_AT + timedelta(days=7))), 3)

    def test_what_was_withdrawn_is_left_alone(self) -> None:
        type(self.blog).objects.update(state="draft", published_at=None)
        self.assertEqual(self.reconcile(), [])

    def test_more_blogs_that_were_told_take_no_more_queries(self) -> None:
        self.tell_everyone()
        for blogs in (0, 2):
            for blog in BlogFactory.create_batch(blogs, published=True):
                mail_publication.delay(str(blog.uuid))
            with self.assertNumQueries(2):
                self.reconcile()
