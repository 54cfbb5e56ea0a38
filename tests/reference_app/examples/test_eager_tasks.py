from django.test import TestCase

from blog import _private
from quality_harness.testing.eager_tasks import eager_tasks
from quality_harness.testing.sent_mail import assert_mailed
from tests.reference_app.factories import BlogFactory, editor
from tests.reference_app.helpers import OwnCacheTests


class PublicationTests(OwnCacheTests, TestCase):
    def test_the_author_is_told_once_the_publication_is_committed(self) -> None:
        blog = BlogFactory(reviewed=True)
        with eager_tasks():
            _private.move_blog(blog_uuid=blog.uuid, action="publish", user=editor())
        assert_mailed(blog.author.user.email, body=blog.title)
