"""The API as pages, for people with a browser."""

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from django.test import AsyncClient, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient
from rest_framework.views import APIView

from blog.filters import OrderedBlogFilter
from blog.models import Blog

from ..factories import AuthorFactory, BlogFactory, CommentFactory, CoverImageFactory, TagFactory
from ..helpers import ApiTestCase, OwnCacheTests, address

# What a browser sends.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
HTML = "text/html; charset=utf-8"


def routes(patterns: list, prefix: str = "") -> list[str]:
    """Return the route of every view of the API that has pages."""
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", APIView)
            paged = view.renderer_classes == APIView.renderer_classes and view is not APIView
            found += [route] if paged else []
    return found


class FormatTests(OwnCacheTests, TestCase):
    def content_type(self, accept: str | None) -> str:
        headers = {} if accept is None else {"accept": accept}
        return self.client.get(address("blog:list"), headers=headers)["Content-Type"]

    def test_json_is_the_default(self) -> None:
        for accept in (None, "*/*", "application/json", "application/*", "application/json, */*"):
            with self.subTest(accept):
                self.assertEqual(self.content_type(accept), "application/json")

    def test_a_browser_gets_a_page(self) -> None:
        self.assertEqual(self.content_type(BROWSER), HTML)

    def test_json_may_be_asked_for_in_a_browser(self) -> None:
        page = {"format": "json"}
        response = self.client.get(address("blog:list"), page, headers={"accept": BROWSER})
        self.assertEqual(response["Content-Type"], "application/json")


class PageTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory(pen_name="Ann <b>")
        cls.draft = BlogFactory(author=cls.author, title="<script>alert(1)</script>")
        cls.blog = BlogFactory(author=cls.author, published=True, tags=[TagFactory()])
        cls.comment = CommentFactory(blog=cls.blog, user=cls.author.user)

    def setUp(self) -> None:
        super().setUp()
        self.client = self.browser()
        self.client.force_login(self.author.user)

    def browser(self) -> APIClient:
        return APIClient(HTTP_ACCEPT=BROWSER)

    def paths(self) -> list[str]:
        """Return an address for every route, of rows that are there."""
        words = {
            "<version:version>": "v1",
            "<slug:provider>": "google",
            "<uuid:comment_uuid>": str(self.comment.uuid),
        }
        found = []
        for route in routes(get_resolver().url_patterns):
            owner = self.author if "authors/" in route else self.blog
            for part, word in {**words, "<uuid:uuid>": str(owner.uuid)}.items():
                route = route.replace(part, word)
            found.append(f"/{route}")
        self.assertGreater(len(found), 35)
        return found

    def statuses(self, client: APIClient) -> dict[str, int]:
        """Walk all pages and return how each answered."""
        found = {}
        for path in self.paths():
            response = client.get(path)
            with self.subTest(path):
                self.assertEqual(response["Content-Type"], HTML)
                self.assertContains(response, "</html>", status_code=response.status_code)
            found[path] = response.status_code
        return found

    def test_every_address_has_a_page_for_who_is_logged_in(self) -> None:
        statuses = self.statuses(self.client)
        # That one ends the login of a device, which a session is not.
        self.assertEqual(statuses.pop(address("accounts:logout")), 401)
        self.assertEqual(statuses[address("accounts:me")], 200)
        self.assertEqual(set(statuses.values()), {200, 405})

    def test_every_address_has_a_page_for_everyone(self) -> None:
        statuses = self.statuses(self.browser())
        self.assertEqual(statuses[address("accounts:me")], 401)
        self.assertEqual(set(statuses.values()), {200, 401, 405})

    def test_the_form_of_the_filters_may_leave_some_empty(self) -> None:
        form = dict.fromkeys(OrderedBlogFilter.base_filters, "")
        response = self.client.get(address("blog:list"), {**form, "state": "draft"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual([blog["title"] for blog in response.data["results"]], [self.draft.title])

    def test_only_a_page_has_such_a_form(self) -> None:
        response = self.client.get(address("blog:list"), {"state": "", "format": "json"})
        self.assertEqual(response.status_code, 400)

    def test_errors_have_pages(self) -> None:
        for path, status in (
            ("/v9/blogs/", 404),
            ("/v1/blogs/?page=999", 404),
            ("/v1/blogs/?state=none", 400),
            ("/v1/blogs/?fields=none", 400),
            ("/v2/blogs/?cursor=none", 404),
        ):
            with self.subTest(path):
                response = self.client.get(path)
                self.assertEqual(response["Content-Type"], HTML)
                self.assertContains(response, "&quot;code&quot;", status_code=status)

    def test_who_is_not_logged_in_is_led_to_the_login_and_back(self) -> None:
        path = address("blog:tags")
        page = self.browser().get(path, {"page": 1})
        self.assertContains(page, f'href="/session/login/?next={path}%3Fpage%3D1"')
        self.assertNotContains(page, "/session/logout/")

    def test_who_is_logged_in_is_named_and_can_log_out(self) -> None:
        page = self.client.get(address("blog:tags"))
        self.assertContains(page, self.author.user.email)
        self.assertContains(page, 'action="/session/logout/"')

    def test_it_leads_to_the_documentation_and_not_to_the_admin(self) -> None:
        page = self.client.get(address("blog:list"))
        self.assertContains(page, f'href="{address("common:docs")}"')
        self.assertNotContains(page, settings.ADMIN_PATH)

    def test_only_who_may_write_gets_a_form(self) -> None:
        form = 'name="_content"'
        self.assertContains(self.client.get(address("blog:list")), form)
        self.assertNotContains(self.browser().get(address("blog:list")), form)

    def test_the_form_has_every_field_whatever_the_list_shows(self) -> None:
        page = self.client.get(address("blog:list"), {"fields": "uuid"})
        self.assertContains(page, "&quot;continues&quot;: null")

    def test_a_profile_of_somebody_else_has_no_form(self) -> None:
        own, other = address("author:detail", uuid=self.author.uuid), AuthorFactory()
        self.assertContains(self.client.get(own), 'data-method="PATCH"')
        page = self.client.get(address("author:detail", uuid=other.uuid))
        self.assertNotContains(page, 'data-method="PATCH"')

    def test_what_people_wrote_is_no_markup(self) -> None:
        page = self.client.get(address("blog:list"))
        self.assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt;")
        self.assertNotContains(page, "<script>alert")

    def test_what_is_sent_by_a_form_is_answered_with_a_page(self) -> None:
        response = self.client.post(address("blog:list"), {"title": "By form"}, "json")
        self.assertContains(response, "By form", status_code=201)
        self.assertTrue(Blog.objects.filter(title="By form", author=self.author).exists())
        response = self.client.post(address("blog:list"), {"title": ""}, "json")
        self.assertContains(response, "CMN0103", status_code=400)

    def test_what_is_deleted_is_answered_with_a_page(self) -> None:
        response = self.client.delete(address("blog:detail", uuid=self.draft.uuid))
        self.assertContains(response, "HTTP 204 No Content")
        self.assertFalse(Blog.objects.filter(pk=self.draft.pk).exists())

    def test_an_asynchronous_view_has_a_page_under_asgi_too(self) -> None:
        client = AsyncClient()
        client.cookies = self.client.cookies
        read = async_to_sync(client.get)
        page = read(address("blog:statistics"), headers={"accept": BROWSER})
        self.assertContains(page, self.author.user.email)

    def test_a_page_is_kept_by_no_cache(self) -> None:
        page = self.client.get(address("blog:detail", uuid=self.blog.uuid))
        self.assertIn("no-store", page["Cache-Control"])
        json = APIClient().get(address("blog:detail", uuid=self.blog.uuid))
        self.assertNotIn("Cache-Control", json.headers)

    def test_who_knows_the_json_does_not_know_the_page(self) -> None:
        path = address("blog:detail", uuid=self.blog.uuid)
        known = {"if-none-match": APIClient().get(path)["ETag"]}
        self.assertEqual(APIClient().get(path, headers=known).status_code, 304)
        self.assertContains(self.client.get(path, headers=known), "</html>")


class QueryTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()
        cls.add_rows()

    @classmethod
    def add_rows(cls) -> None:
        for blog in BlogFactory.create_batch(3, author=cls.author, tags=TagFactory.create_batch(2)):
            CoverImageFactory(blog=blog)
        AuthorFactory.create_batch(3)

    def queries_of(self, path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            response = self.client.get(path, headers={"accept": BROWSER})
        self.assertContains(response, "</html>")
        return len(queries)

    def test_more_rows_take_no_more_queries(self) -> None:
        self.client.force_login(self.author.user)
        for path in (address("blog:list"), address("author:list"), "/v2/blogs/"):
            before = self.queries_of(path)
            self.add_rows()
            with self.subTest(path):
                self.assertEqual(self.queries_of(path), before)
                self.assertLessEqual(before, 8)
