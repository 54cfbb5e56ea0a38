from django.test import TransactionTestCase, tag

from author.tasks import fan_out_publication
from quality_harness.testing.real_worker import real_worker
from quality_harness.testing.sent_mail import assert_mailed_to
from tests.reference_app.factories import BlogFactory, followers_of
from tests.reference_app.helpers import OwnCacheTests


@tag("slow")
class FanOutTests(OwnCacheTests, TransactionTestCase):
    def test_a_worker_mails_all_followers(self) -> None:
        blog = BlogFactory(published=True)
        followers = followers_of(blog.author, 3)
        with real_worker() as worker:
            worker.result_of(fan_out_publication.delay(str(blog.uuid)))
        # The tasks that this task has sent are done as well.
        assert_mailed_to(*(user.email for user in followers))
