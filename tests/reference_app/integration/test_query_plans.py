"""Which index the database takes for each query of the API, in a table of 100,000 blogs."""

from datetime import UTC, datetime

from django.db import connection
from django.test import tag
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.public import ensure_users
from author.public import ensure_authors
from blog._publication import publish_due_blogs
from blog.models import Blog, Tag

from ..factories import BlogFactory, TagFactory, editor
from ..helpers import ApiTestCase, address

BLOGS, AUTHORS = 100_000, 2000
MANY_BLOGS = """
    INSERT INTO blog_blog (
        uuid, author_id, title, content, state, published_at, created_at, updated_at, metadata
    )
    SELECT gen_random_uuid(), (%s::int[])[1 + number / 7 %% 2000], 'Blog ' || md5(number::text),
        'word' || number %% 5000 || ' and some more', state,
        CASE WHEN state = 'published' THEN time END, time, time, '{}'
    FROM (
        SELECT number, timestamptz '2020-01-01' + number * interval '10 minutes' AS time,
            CASE WHEN number %% 100 = 0 THEN 'submitted'
                WHEN number %% 100 = 50 THEN 'reviewed'
                WHEN number %% 20 = 0 THEN 'draft' ELSE 'published' END AS state
        FROM generate_series(1, %s) AS number
    ) AS rows
"""
MANY_TAGGED = """
    INSERT INTO blog_blogtag (blog_id, tag_id, created_at, updated_at)
    SELECT id, %s, created_at, created_at FROM blog_blog WHERE id %% 101 = 0
"""
MANY_COMMENTS = """
    INSERT INTO blog_comment (uuid, blog_id, user_id, text, created_at, updated_at)
    SELECT gen_random_uuid(), blog.id, %s, 'Well said.', blog.created_at, blog.created_at
    FROM (SELECT * FROM blog_blog LIMIT 5) AS blog, generate_series(1, 2000)
"""


@tag("slow")
class QueryPlanTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        users = ensure_users([(f"{number}@example.com", "Ann") for number in range(AUTHORS)])
        authors = ensure_authors([(user.pk, user.name) for user in users])
        cls.author, cls.editor = authors[0], editor()
        cls.tag: Tag = TagFactory(slug="rare")
        with connection.cursor() as cursor:
            # On a busy machine they take longer than a statement of the app may.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(MANY_BLOGS, [[author.pk for author in authors], BLOGS])
            cursor.execute(MANY_TAGGED, [cls.tag.pk])
            cursor.execute(MANY_COMMENTS, [cls.author.user_id])
        cls.commented = Blog.objects.published().filter(comments__isnull=False).first()
        BlogFactory(scheduled=True)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")

    def plan(self, table: str, run) -> str:
        """Return the plan of the one query of a page's rows that `run` makes."""
        with CaptureQueriesContext(connection) as captured:
            run()
        start = f'FROM "{table}"'
        (query,) = [
            row["sql"]
            for row in captured
            if start in row["sql"] and "COUNT(" not in row["sql"] and "ORDER BY" in row["sql"]
        ]
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query)
            return "\n".join(line for (line,) in cursor.fetchall())

    def list_plan(self, user: User | None = None, **query: str) -> str:
        client = self.as_user(user) if user else APIClient()
        plan = self.plan("blog_blog", lambda: client.get(address("blog:list"), query))
        self.assertNotIn("Seq Scan on blog_blog ", plan)
        return plan

    def test_the_table_is_large(self) -> None:
        self.assertGreater(Blog.objects.count(), BLOGS)

    def test_the_newest_for_everyone(self) -> None:
        self.assertRegex(self.list_plan(), "blog_newest|blog_state_created")

    def test_the_newest_for_an_author(self) -> None:
        self.assertIn("blog_newest", self.list_plan(self.author.user))

    def test_the_blogs_of_an_author(self) -> None:
        self.assertIn("blog_blog_author_id", self.list_plan(author=str(self.author.uuid)))

    def test_the_blogs_that_wait_for_an_editor(self) -> None:
        self.assertIn("blog_state_created", self.list_plan(self.editor, state="submitted"))

    def test_the_blogs_with_a_tag(self) -> None:
        plan = self.list_plan(tag="rare")
        self.assertIn("blog_blog_pkey", plan)

    def test_the_blogs_with_a_word(self) -> None:
        self.assertIn("blog_search", self.list_plan(search="word123"))

    def test_the_blogs_by_publication(self) -> None:
        plan = self.list_plan(ordering="-published_at")
        self.assertIn("blog_state_published", plan)

    def test_the_blogs_of_a_day(self) -> None:
        plan = self.list_plan(published_after="2020-05-01", published_before="2020-05-02")
        self.assertIn("blog_state_published", plan)

    def test_the_blogs_by_title(self) -> None:
        self.assertIn("blog_state_title", self.list_plan(ordering="title"))

    def test_the_lean_list_of_an_author(self) -> None:
        client = self.as_user(self.author.user)
        plan = self.plan("blog_blog", lambda: client.get("/v2/blogs/"))
        self.assertIn("blog_newest", plan)

    def test_the_comments_of_a_blog(self) -> None:
        url = address("blog:comments", uuid=self.commented.uuid)
        plan = self.plan("blog_comment", lambda: APIClient().get(url))
        self.assertIn("blog_comments_in_order", plan)
        self.assertNotIn("Sort", plan)

    def test_what_is_due(self) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)  # nothing is due, so one query
        plan = self.plan("blog_blog", lambda: publish_due_blogs(now))
        self.assertIn("blog_scheduled", plan)
