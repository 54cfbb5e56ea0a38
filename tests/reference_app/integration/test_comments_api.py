"""The endpoints of comments."""

from uuid import uuid4

from rest_framework.test import APIClient

from blog.errors import BlogError
from blog.models import Blog, Comment
from common.errors import CommonError

from ..factories import BlogFactory, CommentFactory, UserFactory, staff
from ..helpers import ApiTestCase, BodyTests, PublicTests, TokenTests, address


class CommentListTests(PublicTests, ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)

    def url(self) -> str:
        return address("blog:comments", uuid=self.blog.uuid)

    def test_everyone_reads_the_comments_of_the_blog_in_order(self) -> None:
        CommentFactory(blog=self.blog, text="first", user__name="Ann")
        CommentFactory(blog=self.blog, text="second", user__name="Bea")
        CommentFactory(text="elsewhere")
        rows = self.client.get(self.url()).json()["results"]
        self.assertEqual(
            [(row["text"], row["by"]) for row in rows], [("first", "Ann"), ("second", "Bea")]
        )

    def test_no_email_is_shown(self) -> None:
        CommentFactory(blog=self.blog)
        row = self.client.get(self.url()).json()["results"][0]
        self.assertEqual(set(row), {"uuid", "text", "by", "created_at"})

    def test_the_comments_of_a_draft_are_not_there_for_others(self) -> None:
        response = self.client.get(address("blog:comments", uuid=BlogFactory().uuid))
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_more_comments_take_no_more_queries(self) -> None:
        CommentFactory(blog=self.blog)
        with self.assertNumQueries(3):
            self.client.get(self.url())
        CommentFactory.create_batch(3, blog=self.blog)
        with self.assertNumQueries(3):
            self.client.get(self.url())


class CommentCreateTests(TokenTests, BodyTests, ApiTestCase):
    method = "post"
    body = {"text": "Well said."}

    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)
        cls.reader = UserFactory(name="Ann")

    def url(self) -> str:
        return address("blog:comments", uuid=self.blog.uuid)

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.reader)

    def test_a_reader_comments(self) -> None:
        response = self.client_with_rights().post(self.url(), self.body)
        self.assertEqual((response.status_code, response.json()["by"]), (201, "Ann"))
        comment = Comment.objects.get()
        self.assertEqual((comment.blog, comment.user), (self.blog, self.reader))

    def test_a_blank_comment_is_refused(self) -> None:
        response = self.client_with_rights().post(self.url(), {"text": ""})
        self.assert_field_error(response, "text", CommonError.FIELD_BLANK)

    def test_a_comment_that_is_too_long_is_refused(self) -> None:
        response = self.client_with_rights().post(self.url(), {"text": "x" * 2001})
        self.assert_field_error(response, "text", CommonError.FIELD_TOO_LONG)

    def test_a_blog_that_is_not_published_takes_none(self) -> None:
        draft = BlogFactory()
        response = self.as_user(draft.author.user).post(
            address("blog:comments", uuid=draft.uuid), self.body
        )
        self.assert_error(response, BlogError.NOT_PUBLISHED)

    def test_the_draft_of_someone_else_is_not_there(self) -> None:
        response = self.client_with_rights().post(
            address("blog:comments", uuid=BlogFactory().uuid), self.body
        )
        self.assert_error(response, CommonError.NOT_FOUND)


class CommentDeleteTests(TokenTests, ApiTestCase):
    method = "delete"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.comment = CommentFactory()

    def url(self) -> str:
        return address("blog:comment", uuid=self.comment.blog.uuid, comment_uuid=self.comment.uuid)

    def test_its_writer_deletes_it(self) -> None:
        response = self.as_user(self.comment.user).delete(self.url())
        self.assertEqual(response.status_code, 204)
        self.assertFalse(Comment.objects.exists())

    def test_the_author_of_the_blog_deletes_it(self) -> None:
        response = self.as_user(self.comment.blog.author.user).delete(self.url())
        self.assertEqual(response.status_code, 204)

    def test_its_writer_deletes_it_from_a_blog_that_was_withdrawn(self) -> None:
        self.withdraw()
        self.assertEqual(self.as_user(self.comment.user).delete(self.url()).status_code, 204)
        self.assertFalse(Comment.objects.exists())

    def test_staff_with_the_permission_deletes_it(self) -> None:
        response = self.as_user(staff("delete_comment")).delete(self.url())
        self.assertEqual(response.status_code, 204)

    def test_someone_else_does_not_find_it_on_a_blog_that_was_withdrawn(self) -> None:
        self.withdraw()
        response = self.as_user(UserFactory()).delete(self.url())
        self.assert_error(response, CommonError.NOT_FOUND)

    def withdraw(self) -> None:
        Blog.objects.update(state="draft", published_at=None)

    def test_someone_else_may_not(self) -> None:
        response = self.as_user(UserFactory()).delete(self.url())
        self.assert_error(response, BlogError.COMMENT_NOT_YOURS)
        self.assertTrue(Comment.objects.exists())

    def test_a_comment_of_another_blog_is_not_there(self) -> None:
        other = BlogFactory(published=True)
        response = self.as_user(self.comment.user).delete(
            address("blog:comment", uuid=other.uuid, comment_uuid=self.comment.uuid)
        )
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_a_comment_of_a_blog_that_is_not_there_is_a_404(self) -> None:
        response = self.as_user(self.comment.user).delete(
            address("blog:comment", uuid=uuid4(), comment_uuid=self.comment.uuid)
        )
        self.assert_error(response, CommonError.NOT_FOUND)
