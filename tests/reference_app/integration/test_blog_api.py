"""The endpoints of blogs and tags."""

from datetime import UTC, datetime
from uuid import uuid4

from rest_framework.test import APIClient

from author.errors import AuthorError
from blog import _private
from blog.errors import BlogError
from blog.models import Blog, State, Tag
from blog.public import DEFAULT_TAGS, seed_reference_data
from common.errors import CommonError

from ..factories import AuthorFactory, BlogFactory, TagFactory, UserFactory, editor, staff
from ..helpers import ApiTestCase, BodyTests, PublicTests, TokenTests, address, moment


class TagListTests(PublicTests, ApiTestCase):
    def url(self) -> str:
        return address("blog:tags")

    def test_everyone_sees_the_tags(self) -> None:
        seed_reference_data()
        rows = self.client.get(address("blog:tags")).json()["results"]
        self.assertEqual({row["slug"]: row["name"] for row in rows}, DEFAULT_TAGS)
        self.assertEqual(set(rows[0]), {"slug", "name"})

    def test_they_come_by_name(self) -> None:
        for name in ("Bees", "Cats", "Ants"):
            TagFactory(name=name)
        rows = self.client.get(address("blog:tags")).json()["results"]
        names = [row["name"] for row in rows if row["name"] not in DEFAULT_TAGS.values()]
        self.assertEqual(names, ["Ants", "Bees", "Cats"])


class BlogListTests(PublicTests, ApiTestCase):
    def url(self) -> str:
        return address("blog:list")

    def titles(self, client: APIClient, **query: str) -> list[str]:
        return [row["title"] for row in client.get(self.url(), query).json()["results"]]

    def test_everyone_reads_what_is_published_and_nothing_else(self) -> None:
        BlogFactory(title="out", published=True)
        for state in ("draft", "submitted", "reviewed"):
            BlogFactory(state=state)
        self.assertEqual(self.titles(self.client), ["out"])

    def test_an_author_reads_the_own_blogs_in_every_state(self) -> None:
        author = AuthorFactory()
        BlogFactory(title="mine", author=author)
        BlogFactory(title="other's")
        self.assertEqual(self.titles(self.as_user(author.user)), ["mine"])

    def test_a_reviewer_reads_what_waits_for_review_but_no_draft(self) -> None:
        BlogFactory(title="waiting", submitted=True)
        BlogFactory(title="approved", reviewed=True)
        BlogFactory(title="draft")
        reviewer = staff("review_blog")
        self.assertEqual(set(self.titles(self.as_user(reviewer))), {"waiting", "approved"})

    def test_the_newest_comes_first(self) -> None:
        BlogFactory(title="old", published=True)
        BlogFactory(title="new", published=True)
        self.assertEqual(self.titles(self.client), ["new", "old"])

    def test_a_blog_shows_its_author_tags_and_state(self) -> None:
        blog = BlogFactory(published=True, author__pen_name="Ann", tags=[TagFactory(slug="x")])
        row = self.client.get(self.url()).json()["results"][0]
        self.assertEqual(row["author"], {"uuid": str(blog.author.uuid), "pen_name": "Ann"})
        self.assertEqual((row["tags"], row["state"], row["cover"]), (["x"], "published", None))
        self.assertEqual(moment(row["published_at"]), datetime(2026, 3, 1, 12, tzinfo=UTC))

    def test_blogs_are_chosen_by_tag(self) -> None:
        BlogFactory(title="tagged", published=True, tags=[TagFactory(slug="x"), TagFactory()])
        BlogFactory(title="other", published=True, tags=[TagFactory(slug="y")])
        self.assertEqual(self.titles(self.client, tag="x"), ["tagged"])

    def test_blogs_are_chosen_by_author(self) -> None:
        blog = BlogFactory(title="hers", published=True)
        BlogFactory(title="other", published=True)
        self.assertEqual(self.titles(self.client, author=str(blog.author.uuid)), ["hers"])

    def test_blogs_are_chosen_by_state(self) -> None:
        author = AuthorFactory()
        BlogFactory(title="draft", author=author)
        BlogFactory(title="out", author=author, published=True)
        self.assertEqual(self.titles(self.as_user(author.user), state="draft"), ["draft"])

    def test_an_unknown_state_is_refused(self) -> None:
        response = self.client.get(self.url(), {"state": "lost"})
        self.assert_field_error(response, "state", CommonError.FIELD_CHOICE)

    def test_an_author_that_is_no_uuid_is_refused(self) -> None:
        response = self.client.get(self.url(), {"author": "17"})
        self.assert_field_error(response, "author", CommonError.FIELD_INVALID)

    def test_a_null_byte_in_a_filter_is_refused(self) -> None:
        response = self.client.get(self.url(), {"tag": "a\0"})
        self.assert_error(response, CommonError.BAD_REQUEST)

    def test_more_blogs_take_no_more_queries(self) -> None:
        author = AuthorFactory()
        client = self.as_user(author.user)
        BlogFactory(author=author, tags=[TagFactory()])
        with self.assertNumQueries(6):  # token, permissions (2), count, blogs, tags
            client.get(self.url())
        for _ in range(3):
            BlogFactory(published=True, tags=[TagFactory(), TagFactory()])
        with self.assertNumQueries(6):
            client.get(self.url())


class PaginationTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        author = AuthorFactory()
        fields = {"author": author, "state": State.PUBLISHED, "published_at": author.created_at}
        Blog.objects.bulk_create(Blog(title=str(number), **fields) for number in range(101))

    def get(self, **query: str):
        return self.client.get(address("blog:list"), query)

    def test_a_page_has_twenty_rows(self) -> None:
        page = self.get().json()
        self.assertEqual((len(page["results"]), page["count"], page["previous"]), (20, 101, None))

    def test_the_pages_together_have_every_row_once(self) -> None:
        pages = [self.get(page=page, page_size="40").json() for page in ("1", "2", "3")]
        titles = [row["title"] for page in pages for row in page["results"]]
        self.assertEqual(titles, [str(number) for number in reversed(range(101))])

    def test_a_page_has_at_most_a_hundred_rows(self) -> None:
        self.assertEqual(len(self.get(page_size="1000").json()["results"]), 100)

    def test_a_page_behind_the_last_is_a_404(self) -> None:
        self.assert_error(self.get(page="7"), CommonError.NOT_FOUND)

    def test_pages_and_their_sizes_start_at_one(self) -> None:
        for name in ("page", "page_size"):
            for text in ("0", "-1"):
                response = self.get(**{name: text})
                self.assert_field_error(response, name, CommonError.FIELD_INVALID)

    def test_what_is_no_whole_number_is_refused(self) -> None:
        for text in ("x", "", "0.5", "1e3", "last", "\u0663", "9" * 5000):
            for name in ("page", "page_size"):
                response = self.get(**{name: text})
                self.assert_field_error(response, name, CommonError.FIELD_INVALID)

    def test_a_page_number_that_no_database_can_hold_is_a_404(self) -> None:
        self.assert_error(self.get(page="9" * 40), CommonError.NOT_FOUND)


class BlogCreateTests(TokenTests, BodyTests, ApiTestCase):
    method = "post"
    body = {"title": "First", "content": "Hello."}

    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()

    def url(self) -> str:
        return address("blog:list")

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.author.user)

    def create(self, **changes):
        return self.client_with_rights().post(self.url(), {**self.body, **changes})

    def test_a_draft_of_the_users_own_is_made(self) -> None:
        response = self.create()
        self.assertEqual(response.status_code, 201)
        blog = Blog.objects.get(uuid=response.json()["uuid"])
        self.assertEqual((blog.title, blog.content, blog.state), ("First", "Hello.", "draft"))
        self.assertEqual(blog.author, self.author)

    def test_the_tags_are_kept(self) -> None:
        TagFactory(slug="x")
        TagFactory(slug="y")
        response = self.create(tags=["x", "y", "x"])
        self.assertEqual(sorted(response.json()["tags"]), ["x", "y"])

    def test_the_metadata_is_kept(self) -> None:
        response = self.create(metadata={"source": {"url": "x"}})
        self.assertEqual(response.json()["metadata"], {"source": {"url": "x"}})
        self.assertEqual(Blog.objects.get().metadata, {"source": {"url": "x"}})

    def test_without_metadata_there_is_an_empty_object(self) -> None:
        self.assertEqual(self.create().json()["metadata"], {})

    def test_metadata_that_is_no_object_is_refused(self) -> None:
        self.assert_field_error(self.create(metadata=[]), "metadata", CommonError.FIELD_WRONG_TYPE)
        self.assert_field_error(self.create(metadata=None), "metadata", CommonError.FIELD_NULL)

    def test_metadata_that_is_too_large_is_refused(self) -> None:
        response = self.create(metadata={"a": "x" * 4096})
        self.assert_field_error(response, "metadata", BlogError.METADATA_TOO_LARGE)

    def test_metadata_that_is_nested_too_deep_is_refused(self) -> None:
        response = self.create(metadata={"a": [[[[[]]]]]})
        self.assert_field_error(response, "metadata", BlogError.METADATA_TOO_DEEP)

    def test_metadata_that_the_database_cannot_keep_is_refused(self) -> None:
        for text, error in (
            (r'"\u0000"', CommonError.FIELD_FORBIDDEN_CHARACTERS),
            (r'"\ud800"', CommonError.FIELD_FORBIDDEN_CHARACTERS),
            ("1e999", CommonError.FIELD_INVALID),
        ):
            body = f'{{"title": "First", "metadata": {{"a": {text}}}}}'
            response = self.client_with_rights().post(
                self.url(), body, content_type="application/json"
            )
            self.assert_field_error(response, "metadata", error)

    def test_a_user_without_an_author_profile_is_refused(self) -> None:
        response = self.as_user(UserFactory()).post(self.url(), self.body)
        self.assert_error(response, AuthorError.NO_PROFILE)

    def test_a_missing_title_is_refused(self) -> None:
        response = self.client_with_rights().post(self.url(), {"content": "Hello."})
        self.assert_field_error(response, "title", CommonError.FIELD_REQUIRED)

    def test_a_title_that_is_a_number_is_refused(self) -> None:
        self.assert_field_error(self.create(title=5), "title", CommonError.FIELD_WRONG_TYPE)

    def test_a_title_that_is_too_long_is_refused(self) -> None:
        self.assert_field_error(self.create(title="x" * 201), "title", CommonError.FIELD_TOO_LONG)

    def test_a_null_byte_in_the_content_is_refused(self) -> None:
        self.assert_field_error(
            self.create(content="a\0"), "content", CommonError.FIELD_FORBIDDEN_CHARACTERS
        )

    def test_the_state_is_not_given(self) -> None:
        self.assert_field_error(self.create(state="published"), "state", CommonError.FIELD_UNKNOWN)

    def test_an_unknown_tag_is_refused_by_its_name(self) -> None:
        response = self.create(tags=["never-heard-of"])
        self.assert_field_error(response, "tags", BlogError.UNKNOWN_TAG)
        self.assertIn("never-heard-of", response.content.decode())

    def test_tags_that_are_no_list_are_refused(self) -> None:
        self.assert_field_error(self.create(tags="x"), "tags", CommonError.FIELD_WRONG_TYPE)

    def test_a_tag_that_is_no_text_is_refused_at_its_place(self) -> None:
        TagFactory(slug="x")
        response = self.create(tags=["x", {"slug": "x"}])
        self.assert_field_error(response, "tags.1", CommonError.FIELD_WRONG_TYPE)

    def test_a_null_byte_in_a_tag_is_refused(self) -> None:
        response = self.create(tags=["a\0"])
        self.assert_field_error(response, "tags.0", CommonError.FIELD_FORBIDDEN_CHARACTERS)

    def test_ten_tags_are_taken(self) -> None:
        slugs = [tag.slug for tag in TagFactory.create_batch(10)]
        self.assertEqual(set(self.create(tags=slugs).json()["tags"]), set(slugs))

    def test_tags_that_cannot_be_set_leave_no_blog(self) -> None:
        with self.assertRaises(ValueError):
            _private.create_blog(author_id=self.author.pk, title="First", tags=[Tag()])
        self.assertFalse(Blog.objects.exists())

    def test_more_than_ten_tags_are_refused(self) -> None:
        response = self.create(tags=[str(number) for number in range(11)])
        self.assert_field_error(response, "tags", CommonError.FIELD_TOO_LONG)


class BlogReadTests(PublicTests, ApiTestCase):
    def url(self) -> str:
        return address("blog:detail", uuid=BlogFactory(published=True).uuid)

    def get(self, blog: Blog, client: APIClient | None = None):
        return (client or self.client).get(address("blog:detail", uuid=blog.uuid))

    def test_everyone_reads_a_published_blog(self) -> None:
        response = self.get(BlogFactory(title="out", published=True))
        self.assertEqual((response.status_code, response.json()["title"]), (200, "out"))

    def test_it_shows_these_fields_and_no_others(self) -> None:
        shown = self.get(BlogFactory(published=True)).json()
        self.assertEqual(
            set(shown),
            {
                "uuid",
                "title",
                "content",
                "tags",
                "metadata",
                "continues",
                "author",
                "cover",
                "state",
            }
            | {"publish_at", "published_at", "created_at", "updated_at"},
        )

    def test_a_draft_is_not_there_for_others(self) -> None:
        draft = BlogFactory()
        self.assert_error(self.get(draft), CommonError.NOT_FOUND)
        self.assert_error(self.get(draft, self.as_user(UserFactory())), CommonError.NOT_FOUND)

    def test_the_author_reads_the_own_draft(self) -> None:
        draft = BlogFactory()
        self.assertEqual(self.get(draft, self.as_user(draft.author.user)).status_code, 200)

    def test_who_may_change_every_blog_reads_every_draft(self) -> None:
        client = self.as_user(staff("change_blog"))
        self.assertEqual(self.get(BlogFactory(), client).status_code, 200)

    def test_a_blog_that_is_not_there_is_a_404(self) -> None:
        response = self.client.get(address("blog:detail", uuid=uuid4()))
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_an_id_that_is_no_uuid_is_a_404(self) -> None:
        self.assert_error(self.client.get("/v1/blogs/17/"), CommonError.NOT_FOUND)


class BlogUpdateTests(TokenTests, BodyTests, ApiTestCase):
    method = "patch"
    body = {"title": "Second"}

    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(title="First", tags=[TagFactory(slug="x")])

    def url(self) -> str:
        return address("blog:detail", uuid=self.blog.uuid)

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.blog.author.user)

    def test_the_author_changes_the_own_draft(self) -> None:
        response = self.client_with_rights().patch(self.url(), self.body)
        self.assertEqual((response.status_code, response.json()["title"]), (200, "Second"))
        self.assertEqual(Blog.objects.get().title, "Second")

    def test_what_is_not_sent_stays(self) -> None:
        response = self.client_with_rights().patch(self.url(), {"content": "More."})
        self.assertEqual((response.json()["title"], response.json()["tags"]), ("First", ["x"]))

    def test_the_change_is_dated(self) -> None:
        before = self.blog.updated_at
        self.client_with_rights().patch(self.url(), self.body)
        self.blog.refresh_from_db()
        self.assertGreater(self.blog.updated_at, before)

    def test_the_tags_are_replaced(self) -> None:
        TagFactory(slug="y")
        response = self.client_with_rights().patch(self.url(), {"tags": ["y"]})
        self.assertEqual(response.json()["tags"], ["y"])

    def test_someone_else_does_not_find_the_draft(self) -> None:
        response = self.as_user(UserFactory()).patch(self.url(), self.body)
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_someone_else_may_not_change_what_they_read(self) -> None:
        blog = BlogFactory(title="out", published=True)
        response = self.as_user(UserFactory()).patch(
            address("blog:detail", uuid=blog.uuid), self.body
        )
        self.assert_error(response, BlogError.NOT_YOURS)
        blog.refresh_from_db()
        self.assertEqual(blog.title, "out")

    def test_the_author_may_not_change_what_is_under_review(self) -> None:
        blog = BlogFactory(author=self.blog.author, submitted=True)
        response = self.client_with_rights().patch(
            address("blog:detail", uuid=blog.uuid), self.body
        )
        self.assert_error(response, BlogError.NOT_EDITABLE)

    def test_staff_with_the_permission_changes_what_is_published(self) -> None:
        blog = BlogFactory(published=True)
        response = self.as_user(staff("change_blog")).patch(
            address("blog:detail", uuid=blog.uuid), self.body
        )
        self.assertEqual((response.status_code, response.json()["title"]), (200, "Second"))

    def test_staff_without_the_permission_does_not(self) -> None:
        blog = BlogFactory(published=True)
        response = self.as_user(UserFactory(is_staff=True)).patch(
            address("blog:detail", uuid=blog.uuid), self.body
        )
        self.assert_error(response, BlogError.NOT_YOURS)

    def test_a_blog_is_not_replaced(self) -> None:
        response = self.client_with_rights().put(self.url(), self.body)
        self.assert_error(response, CommonError.METHOD_NOT_ALLOWED)


class BlogDeleteTests(TokenTests, ApiTestCase):
    method = "delete"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)

    def url(self) -> str:
        return address("blog:detail", uuid=self.blog.uuid)

    def test_the_author_deletes_the_own_blog(self) -> None:
        response = self.as_user(self.blog.author.user).delete(self.url())
        self.assertEqual(response.status_code, 204)
        self.assertFalse(Blog.objects.exists())

    def test_someone_else_may_not(self) -> None:
        response = self.as_user(UserFactory()).delete(self.url())
        self.assert_error(response, BlogError.NOT_YOURS)
        self.assertTrue(Blog.objects.exists())

    def test_an_editor_may_not(self) -> None:
        self.assert_error(self.as_user(editor()).delete(self.url()), BlogError.NOT_YOURS)

    def test_staff_with_the_permission_does(self) -> None:
        response = self.as_user(staff("delete_blog")).delete(self.url())
        self.assertEqual(response.status_code, 204)

    def test_a_blog_that_is_not_there_is_a_404(self) -> None:
        response = self.as_user(UserFactory()).delete(address("blog:detail", uuid=uuid4()))
        self.assert_error(response, CommonError.NOT_FOUND)
