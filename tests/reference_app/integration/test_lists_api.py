"""How lists are searched, ordered, narrowed, cut into pages, and what they cost."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from rest_framework.test import APIClient

from blog.models import Blog, BlogTag, Comment, State
from common.errors import CommonError

from ..factories import PUBLISHED_AT, AuthorFactory, BlogFactory, TagFactory
from ..helpers import ApiTestCase, PublicTests, address

LEAN_LIST = "/v2/blogs/"


class SearchTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        BlogFactory(title="Deploying on Fridays", content="Brave people.", published=True)
        BlogFactory(title="Gardens", content="On a Friday I water roses.", published=True)
        BlogFactory(title="Secret Friday")

    def titles(self, **query: str) -> list[str]:
        rows = self.client.get(address("blog:list"), query).json()["results"]
        return [row["title"] for row in rows]

    def test_titles_and_contents_are_searched_whatever_the_ending(self) -> None:
        self.assertEqual(self.titles(search="friday"), ["Gardens", "Deploying on Fridays"])

    def test_every_word_has_to_be_there(self) -> None:
        self.assertEqual(self.titles(search="friday rose"), ["Gardens"])

    def test_a_word_is_left_out(self) -> None:
        self.assertEqual(self.titles(search="friday -roses"), ["Deploying on Fridays"])

    def test_what_nobody_wrote_is_not_found(self) -> None:
        self.assertEqual(self.titles(search="zebra"), [])

    def test_no_spelling_is_an_error(self) -> None:
        for words in ("'", '"', "a & | ! b", ":*", "((", "or", "-"):
            self.assertEqual(self.titles(search=words), [], words)

    def test_an_endless_search_is_refused(self) -> None:
        response = self.client.get(address("blog:list"), {"search": "x" * 201})
        self.assert_field_error(response, "search", CommonError.FIELD_TOO_LONG)


class OrderingTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        for title, days in (("b", 1), ("a", 2), ("c", 0)):
            at = PUBLISHED_AT + timedelta(days=days)
            BlogFactory(title=title, state="published", published_at=at)

    def titles(self, ordering: str) -> str:
        rows = self.client.get(address("blog:list"), {"ordering": ordering}).json()["results"]
        return "".join(row["title"] for row in rows)

    def test_by_title(self) -> None:
        self.assertEqual((self.titles("title"), self.titles("-title")), ("abc", "cba"))

    def test_by_publication(self) -> None:
        self.assertEqual(
            (self.titles("published_at"), self.titles("-published_at")), ("cba", "abc")
        )

    def test_by_creation(self) -> None:
        self.assertEqual((self.titles("created_at"), self.titles("-created_at")), ("bac", "cab"))

    def test_among_equals_the_newest_comes_first(self) -> None:
        blogs = [BlogFactory(title="same", published=True) for _ in range(3)]
        rows = self.client.get(address("blog:list"), {"ordering": "-title"}).json()["results"]
        self.assertEqual(
            [row["uuid"] for row in rows[:3]], [str(blog.uuid) for blog in reversed(blogs)]
        )

    def test_another_field_is_refused(self) -> None:
        for field in ("content", "author__user__password", "-"):
            response = self.client.get(address("blog:list"), {"ordering": field})
            self.assert_field_error(response, "ordering", CommonError.FIELD_CHOICE)


class DateRangeTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        for day in (1, 2, 3):
            at = datetime(2026, 3, day, tzinfo=UTC)
            BlogFactory(title=str(day), state="published", published_at=at)

    def titles(self, **query: str) -> set[str]:
        rows = self.client.get(address("blog:list"), query).json()["results"]
        return {row["title"] for row in rows}

    def test_the_start_belongs_to_the_range(self) -> None:
        self.assertEqual(self.titles(published_after="2026-03-02T00:00:00Z"), {"2", "3"})

    def test_the_end_does_not(self) -> None:
        self.assertEqual(self.titles(published_before="2026-03-02T00:00:00Z"), {"1"})

    def test_what_is_no_time_is_refused(self) -> None:
        response = self.client.get(address("blog:list"), {"published_after": "soon"})
        self.assert_field_error(response, "published_after", CommonError.FIELD_INVALID)

    def test_the_ends_of_the_calendar_are_no_crash(self) -> None:
        for time in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"):
            response = self.client.get(address("blog:list"), {"published_after": time})
            self.assert_field_error(response, "published_after", CommonError.FIELD_INVALID)

    def test_an_offset_that_the_database_does_not_take_is_turned_into_utc(self) -> None:
        self.assertEqual(self.titles(published_after="2026-03-03T20:30:00+20:30"), {"3"})
        self.assertEqual(self.titles(published_before="2026-03-01T03:30:00-20:30"), {"1"})


class EmptyFilterTests(ApiTestCase):
    def refuse(self, name: str, text: str) -> None:
        for url in (address("blog:list"), LEAN_LIST):
            response = self.client.get(url, {name: text})
            self.assert_field_error(response, name, CommonError.FIELD_BLANK)

    def test_a_filter_that_names_nothing_is_refused(self) -> None:
        for name in ("author", "state", "published_after", "published_before"):
            self.refuse(name, "")

    def test_an_ordering_by_nothing_is_refused(self) -> None:
        for text in ("", ",", "title,", ",title"):
            response = self.client.get(address("blog:list"), {"ordering": text})
            self.assert_field_error(response, "ordering", CommonError.FIELD_BLANK)

    def test_a_search_for_no_word_finds_everything(self) -> None:
        BlogFactory(published=True)
        for url in (address("blog:list"), LEAN_LIST):
            rows = self.client.get(url, {"search": "", "tag": ""}).json()["results"]
            self.assertEqual(len(rows), 1, url)


class ChosenFieldsTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        BlogFactory(published=True)

    def get(self, url: str, fields: str):
        return self.client.get(url, {"fields": fields})

    def test_only_these_fields_are_shown(self) -> None:
        for url in (address("blog:list"), LEAN_LIST):
            row = self.get(url, "title,tags").json()["results"][0]
            self.assertEqual(set(row), {"title", "tags"}, url)

    def test_an_unknown_field_is_refused_by_its_name(self) -> None:
        for url in (address("blog:list"), LEAN_LIST):
            response = self.get(url, "title,password")
            self.assert_field_error(response, "fields", CommonError.FIELD_UNKNOWN)
            self.assertIn("'password'", response.content.decode())

    def test_no_field_at_all_is_refused(self) -> None:
        self.assert_field_error(
            self.get(address("blog:list"), ""), "fields", CommonError.FIELD_UNKNOWN
        )


class LeanListTests(PublicTests, ApiTestCase):
    def url(self) -> str:
        return LEAN_LIST

    def follow(self, url: str | None) -> list[str]:
        """Return the titles of every page, from this one on."""
        titles = []
        while url:
            page = self.client.get(url).json()
            titles += [row["title"] for row in page["results"]]
            url = page["next"]
        return titles

    def test_a_row_is_lean(self) -> None:
        BlogFactory(published=True, author__pen_name="Ann", tags=[TagFactory(slug="x")])
        row = self.client.get(LEAN_LIST).json()["results"][0]
        self.assertEqual(set(row), {"uuid", "title", "author", "tags", "state", "published_at"})
        self.assertEqual((row["author"], row["tags"]), ("Ann", ["x"]))

    def test_the_pages_together_have_every_row_once(self) -> None:
        for number in range(5):
            BlogFactory(title=str(number), published=True)
        self.assertEqual(self.follow(LEAN_LIST + "?page_size=2"), ["4", "3", "2", "1", "0"])

    def test_a_row_that_is_added_moves_no_other(self) -> None:
        for number in range(3):
            BlogFactory(title=str(number), published=True)
        page = self.client.get(LEAN_LIST, {"page_size": 2}).json()
        BlogFactory(title="new", published=True)
        self.assertEqual(self.follow(page["next"]), ["0"])

    def test_a_page_has_at_most_a_hundred_rows(self) -> None:
        author = AuthorFactory()
        fields = {"author": author, "state": State.PUBLISHED, "published_at": PUBLISHED_AT}
        Blog.objects.bulk_create(Blog(title="x", **fields) for _ in range(101))
        rows = self.client.get(LEAN_LIST, {"page_size": 1000}).json()["results"]
        self.assertEqual(len(rows), 100)

    def test_what_others_may_not_read_is_not_there(self) -> None:
        draft = BlogFactory(title="draft")
        self.assertEqual(self.follow(LEAN_LIST), [])
        rows = self.as_user(draft.author.user).get(LEAN_LIST).json()["results"]
        self.assertEqual([row["title"] for row in rows], ["draft"])

    def test_it_is_searched_and_narrowed(self) -> None:
        BlogFactory(title="Roses", published=True, tags=[TagFactory(slug="x")])
        BlogFactory(title="Rust", published=True)
        self.assertEqual(self.follow(LEAN_LIST + "?search=rose&tag=x"), ["Roses"])

    def test_a_cursor_that_is_none_is_a_404(self) -> None:
        BlogFactory(published=True)
        for text in ("p=soon", "p=2026-02-31 00:00:00", "o=x", "r=1&p="):
            cursor = b64encode(text.encode()).decode()
            response = self.client.get(f"{LEAN_LIST}?{urlencode({'cursor': cursor})}")
            self.assert_error(response, CommonError.NOT_FOUND)

    def test_the_first_version_does_not_have_it(self) -> None:
        self.assertIn("count", self.client.get("/v1/blogs/").json())

    def test_nothing_is_written_through_it(self) -> None:
        client = self.as_user(AuthorFactory().user)
        self.assert_error(client.post(LEAN_LIST, {}), CommonError.METHOD_NOT_ALLOWED)


class CommentPagesTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)
        user = cls.blog.author.user
        Comment.objects.bulk_create(
            Comment(blog=cls.blog, user=user, text=str(number)) for number in range(101)
        )

    def get(self, **query: str) -> dict:
        return self.client.get(address("blog:comments", uuid=self.blog.uuid), query).json()

    def test_a_piece_has_twenty_rows(self) -> None:
        page = self.get()
        self.assertEqual((len(page["results"]), page["count"]), (20, 101))

    def test_a_piece_is_chosen(self) -> None:
        rows = self.get(limit="2", offset="50")["results"]
        self.assertEqual([row["text"] for row in rows], ["50", "51"])

    def test_a_piece_has_at_most_a_hundred_rows(self) -> None:
        self.assertEqual(len(self.get(limit="1000")["results"]), 100)

    def test_a_piece_behind_the_last_row_is_empty(self) -> None:
        for offset in ("102", "10000"):
            self.assertEqual(self.get(offset=offset)["results"], [])

    def test_a_piece_too_far_in_is_refused_instead_of_another_one(self) -> None:
        response = self.client.get(
            address("blog:comments", uuid=self.blog.uuid), {"offset": "10001"}
        )
        self.assert_field_error(response, "offset", CommonError.FIELD_INVALID)
        message = response.json()["error"]["fields"]["offset"][0]["message"]
        self.assertEqual(message, "This has to be a whole number from 0 to 10000.")

    def test_what_is_no_whole_number_is_refused(self) -> None:
        wrong = {"limit": ("many", "0", "-1", ""), "offset": ("9" * 40, "9" * 5000, "-1", "0.5")}
        for name, texts in wrong.items():
            for text in texts:
                response = self.client.get(
                    address("blog:comments", uuid=self.blog.uuid), {name: text}
                )
                self.assert_field_error(response, name, CommonError.FIELD_INVALID)


class QueryCountTests(ApiTestCase):
    """What a page costs: as much with 50 rows as with 5."""

    def fill(self, count: int) -> None:
        tags = TagFactory.create_batch(count)
        authors = AuthorFactory.create_batch(count)
        blogs = Blog.objects.bulk_create(
            Blog(author=author, title="x", state=State.PUBLISHED, published_at=PUBLISHED_AT)
            for author in authors
        )
        BlogTag.objects.bulk_create(
            BlogTag(blog=blog, tag=tag) for blog, tag in zip(blogs, tags, strict=True)
        )
        Comment.objects.bulk_create(
            Comment(blog=self.blog, user=author.user, text="x") for author in authors
        )

    def setUp(self) -> None:
        super().setUp()
        self.blog = BlogFactory(published=True)
        self.reader = self.as_user(AuthorFactory().user)

    def assert_cost(self, url: str, queries: int, client: APIClient) -> None:
        for count in (5, 45):
            self.fill(count)
            with self.assertNumQueries(queries):
                page = client.get(url).json()
            self.assertGreaterEqual(len(page["results"]), count)

    def test_blogs(self) -> None:  # token, permissions (2), count, blogs, tags
        self.assert_cost(address("blog:list") + "?page_size=100", 6, self.reader)

    def test_blogs_for_everyone(self) -> None:
        self.assert_cost(address("blog:list") + "?page_size=100", 3, APIClient())

    def test_lean_blogs(self) -> None:  # as above without the count
        self.assert_cost(LEAN_LIST + "?page_size=100", 5, self.reader)

    def test_comments(self) -> None:  # token, permissions (2), blog, count, comments
        url = address("blog:comments", uuid=self.blog.uuid)
        self.assert_cost(url + "?limit=100", 6, self.reader)

    def test_tags(self) -> None:  # token, count, tags
        self.assert_cost(address("blog:tags") + "?page_size=100", 3, self.reader)
