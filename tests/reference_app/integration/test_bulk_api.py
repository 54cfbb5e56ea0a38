"""Several drafts at once, and blogs that continue each other."""

from rest_framework.test import APIClient

from author.errors import AuthorError
from blog import _private
from blog.errors import BlogError
from blog.models import Blog
from common.errors import CommonError

from ..factories import AuthorFactory, BlogFactory, TagFactory, UserFactory, staff
from ..helpers import ApiTestCase, BodyTests, TokenTests, address, meanwhile


class BulkTests(TokenTests, BodyTests, ApiTestCase):
    method = "post"
    body = {"blogs": [{"title": "First"}, {"title": "Second"}]}

    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()

    def url(self) -> str:
        return address("blog:bulk")

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.author.user)

    def create(self, *blogs):
        return self.client_with_rights().post(self.url(), {"blogs": blogs})

    def test_every_draft_is_made_in_order(self) -> None:
        TagFactory(slug="x")
        response = self.create({"title": "First", "tags": ["x"]}, {"title": "Second"})
        self.assertEqual(response.status_code, 201)
        rows = response.json()["blogs"]
        self.assertEqual(
            [(row["title"], row["tags"], row["state"]) for row in rows],
            [("First", ["x"], "draft"), ("Second", [], "draft")],
        )
        self.assertEqual(Blog.objects.filter(author=self.author).count(), 2)

    def test_more_drafts_are_made_with_no_more_queries(self) -> None:
        tag = TagFactory()
        for count in (2, 20):
            drafts = [{"title": "x", "tags": [tag]}] * count
            with self.assertNumQueries(4):  # a savepoint, the blogs, their tags
                _private.create_blogs(author_id=self.author.pk, drafts=drafts)
        self.assertEqual(tag.blogs.count(), 22)

    def test_one_wrong_draft_is_named_and_none_is_made(self) -> None:
        response = self.create({"title": "First"}, {"title": ""}, {"title": "x", "y": 1})
        self.assert_error(response, CommonError.INVALID)
        fields = response.json()["error"]["fields"]
        self.assertEqual(set(fields), {"blogs.1.title", "blogs.2.y"})
        self.assertFalse(Blog.objects.exists())

    def test_twenty_are_taken_and_no_more(self) -> None:
        self.assertEqual(self.create(*[{"title": "x"}] * 20).status_code, 201)
        response = self.create(*[{"title": "x"}] * 21)
        self.assert_field_error(response, "blogs.non_field_errors", CommonError.FIELD_TOO_LONG)
        self.assertEqual(Blog.objects.count(), 20)

    def test_none_at_all_are_refused(self) -> None:
        response = self.create()
        self.assert_field_error(response, "blogs.non_field_errors", CommonError.FIELD_INVALID)

    def test_a_user_without_an_author_profile_is_refused(self) -> None:
        response = self.as_user(UserFactory()).post(self.url(), self.body)
        self.assert_error(response, AuthorError.NO_PROFILE)


class ContinuesTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()
        cls.first = BlogFactory(author=cls.author)

    def create(self, continues):
        body = {"title": "Part two", "continues": continues}
        return self.as_user(self.author.user).post(address("blog:list"), body)

    def change(self, blog: Blog, continues: Blog, client: APIClient | None = None):
        client = client or self.as_user(self.author.user)
        url = address("blog:detail", uuid=blog.uuid)
        return client.patch(url, {"continues": str(continues.uuid)})

    def test_a_blog_continues_one_of_ones_own(self) -> None:
        response = self.create(str(self.first.uuid))
        self.assertEqual(response.json()["continues"], str(self.first.uuid))

    def test_it_continues_nothing_where_nothing_is_named(self) -> None:
        self.assertIsNone(self.create(None).json()["continues"])

    def test_an_empty_text_names_no_blog(self) -> None:
        response = self.create("")
        self.assert_field_error(response, "continues", CommonError.FIELD_INVALID)

    def test_the_blog_of_someone_else_is_no_choice(self) -> None:
        response = self.create(str(BlogFactory(published=True).uuid))
        self.assert_field_error(response, "continues", CommonError.FIELD_CHOICE)

    def test_what_is_no_uuid_is_refused(self) -> None:
        for value in ("17", {}, []):
            response = self.create(value)
            self.assert_field_error(response, "continues", CommonError.FIELD_INVALID)

    def test_a_blog_deleted_after_it_was_chosen_is_no_choice(self) -> None:
        def delete() -> None:
            Blog.objects.all().delete()

        with meanwhile(_private, "create_blogs", delete):
            response = self.create(str(self.first.uuid))
        self.assert_field_error(response, "continues", CommonError.FIELD_CHOICE)

    def test_a_draft_is_changed_to_continue_an_earlier_one(self) -> None:
        second = BlogFactory(author=self.author)
        response = self.change(second, self.first)
        self.assertEqual(response.json()["continues"], str(self.first.uuid))

    def test_it_continues_neither_itself_nor_a_later_one(self) -> None:
        second = BlogFactory(author=self.author)
        for other in (self.first, second):
            response = self.change(self.first, other)
            self.assert_field_error(response, "continues", BlogError.CONTINUES_LATER)

    def test_staff_does_not_put_an_own_blog_before_someone_elses(self) -> None:
        user = staff("change_blog")
        own = BlogFactory(author=AuthorFactory(user=user))
        response = self.change(BlogFactory(), own, self.as_user(user))
        self.assert_field_error(response, "continues", BlogError.CONTINUES_LATER)

    def test_a_sequel_outlives_what_it_continues(self) -> None:
        second = BlogFactory(author=self.author, continues=self.first)
        self.first.delete()
        second.refresh_from_db()
        self.assertIsNone(second.continues)
