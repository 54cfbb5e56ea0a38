"""The endpoints that move a blog on."""

from freezegun import freeze_time
from rest_framework.test import APIClient

from blog.errors import BlogError
from blog.models import Blog
from common.errors import CommonError

from ..factories import AuthorFactory, BlogFactory, UserFactory, editor
from ..helpers import ApiTestCase, BodyTests, TokenTests, address, CommittedTests, moment


class TransitionTests:
    """What holds for every transition from every state; mixed into the test of each."""

    method = "post"
    action = ""
    source = ""
    target = ""
    by_author = False

    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()
        cls.editor = editor()
        times = {"published_at": cls.author.created_at} if cls.source == "published" else {}
        cls.blog = BlogFactory(author=cls.author, state=cls.source, **times)
        cls.mover, cls.other = cls.author.user, cls.editor
        if not cls.by_author:
            cls.mover, cls.other = cls.other, cls.mover

    def url(self) -> str:
        return address(f"blog:{self.action}", uuid=self.blog.uuid)

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.mover)

    def test_the_blog_is_moved_on(self) -> None:
        response = self.client_with_rights().post(self.url())
        self.assertEqual((response.status_code, response.json()["state"]), (200, self.target))
        moved = Blog.objects.get()
        self.assertEqual(moved.state, self.target)
        self.assertGreater(moved.updated_at, self.blog.updated_at)

    def test_the_other_role_may_not(self) -> None:
        response = self.as_user(self.other).post(self.url())
        self.assert_error(response, BlogError.NOT_ALLOWED)
        self.assertEqual(Blog.objects.get().state, self.source)

    def test_a_stranger_may_not(self) -> None:
        response = self.as_user(UserFactory()).post(self.url())
        visible = self.source == "published"
        self.assert_error(response, BlogError.NOT_ALLOWED if visible else CommonError.NOT_FOUND)

    def test_a_second_time_is_a_conflict(self) -> None:
        # A superuser sees the blog wherever it is, and may do what a reviewer may.
        user = self.mover if self.by_author else UserFactory(is_superuser=True)
        client = self.as_user(user)
        client.post(self.url())
        self.assert_error(client.post(self.url()), BlogError.ILLEGAL_TRANSITION)
        self.assertEqual(Blog.objects.get().state, self.target)


class SubmitTests(TransitionTests, TokenTests, BodyTests, ApiTestCase):
    action, source, target, by_author = "submit", "draft", "submitted", True

    def test_a_blog_without_content_is_refused(self) -> None:
        Blog.objects.update(content=" \n")
        response = self.client_with_rights().post(self.url())
        self.assert_error(response, BlogError.INCOMPLETE)

    def test_a_published_blog_without_content_is_a_plain_conflict(self) -> None:
        Blog.objects.update(content="", state="published", published_at=self.blog.created_at)
        response = self.client_with_rights().post(self.url())
        self.assert_error(response, BlogError.ILLEGAL_TRANSITION)


class OwnBlogTests:
    """What holds for every transition that only a reviewer may make; mixed into each."""

    def test_an_editor_may_not_do_it_to_the_own_blog(self) -> None:
        Blog.objects.update(author=AuthorFactory(user=self.editor))
        response = self.as_user(self.editor).post(self.url())
        self.assert_error(response, BlogError.NOT_ALLOWED)
        self.assertEqual(Blog.objects.get().state, self.source)


class ReviewTests(OwnBlogTests, TransitionTests, TokenTests, ApiTestCase):
    action, source, target = "review", "submitted", "reviewed"


class RejectSubmittedTests(OwnBlogTests, TransitionTests, TokenTests, ApiTestCase):
    action, source, target = "reject", "submitted", "draft"


class RejectReviewedTests(TransitionTests, ApiTestCase):
    action, source, target = "reject", "reviewed", "draft"


class PublishTests(CommittedTests, OwnBlogTests, TransitionTests, TokenTests, ApiTestCase):
    action, source, target = "publish", "reviewed", "published"

    def test_the_publication_is_dated(self) -> None:
        with freeze_time("2026-03-01 12:00"):
            response = self.client_with_rights().post(self.url())
        self.assertEqual(moment(response.json()["published_at"]), moment("2026-03-01T12:00:00Z"))

    def test_a_blog_that_was_not_reviewed_is_a_conflict(self) -> None:
        Blog.objects.update(state="submitted")
        response = self.client_with_rights().post(self.url())
        self.assert_error(response, BlogError.ILLEGAL_TRANSITION)


class WithdrawSubmittedTests(TransitionTests, TokenTests, ApiTestCase):
    action, source, target, by_author = "withdraw", "submitted", "draft", True


class WithdrawReviewedTests(TransitionTests, ApiTestCase):
    action, source, target, by_author = "withdraw", "reviewed", "draft", True


class WithdrawPublishedTests(TransitionTests, ApiTestCase):
    action, source, target, by_author = "withdraw", "published", "draft", True

    def test_the_blog_is_no_longer_dated(self) -> None:
        response = self.client_with_rights().post(self.url())
        self.assertIsNone(response.json()["published_at"])


class ArchiveTests(TransitionTests, TokenTests, BodyTests, ApiTestCase):
    action, source, target, by_author = "archive", "published", "archived", True

    def test_the_other_role_may_not(self) -> None:
        """Here the other role may, too."""
        response = self.as_user(self.editor).post(self.url())
        self.assertEqual((response.status_code, response.json()["state"]), (200, "archived"))

    def test_readers_no_longer_see_the_blog_nor_its_comments(self) -> None:
        self.client_with_rights().post(self.url())
        for name in ("blog:detail", "blog:comments"):
            response = self.client.get(address(name, uuid=self.blog.uuid))
            self.assert_error(response, CommonError.NOT_FOUND)

    def test_the_time_of_publication_is_kept(self) -> None:
        response = self.client_with_rights().post(self.url())
        self.assertIsNotNone(response.json()["published_at"])

    def test_an_archived_blog_takes_no_comments(self) -> None:
        client = self.client_with_rights()
        client.post(self.url())
        response = client.post(address("blog:comments", uuid=self.blog.uuid), {"text": "Old."})
        self.assert_error(response, BlogError.NOT_PUBLISHED)
