"""Answers that are kept: the same as those that are not, and never an older one."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import TransactionTestCase
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from author.models import Follow
from blog import _seed
from blog.models import Blog, Tag
from blog.public import seed_reference_data
from common import store
from common.caching import SharedReads, views

from ..factories import (
    PUBLISHED_AT,
    AuthorFactory,
    BlogFactory,
    CoverImageFactory,
    FollowFactory,
    TagFactory,
    UserFactory,
    editor,
    token_of,
)
from ..helpers import (
    ApiTestCase,
    CommittingTests,
    address,
    log_in_to_admin,
    no_store,
)

LISTS = ("/v1/blogs/", "/v2/blogs/", "/v1/tags/", "/v1/tags/cloud/", "/v1/authors/")
# Of an answer in the error format.
SAME_ID = {"X-Request-ID": "same-in-both"}
COOKIE = {"Cookie": "sessionid=none"}


class Reads:
    def rows(self) -> None:
        self.tag = TagFactory(name="Early")
        self.blog = BlogFactory(published=True, tags=[self.tag])
        self.author = self.blog.author
        self.detail = address("blog:detail", uuid=self.blog.uuid)
        self.page = address("author:detail", uuid=self.author.uuid)
        self.urls = (*LISTS, self.detail, self.page)

    def outcome(self, url: str, **more: Any) -> str:
        return APIClient().get(url, **more)["X-Cache"]

    def warm(self) -> None:
        for url in self.urls:
            APIClient().get(url)


class ChangeTests(Reads, CommittingTests, TransactionTestCase):
    """After each change every page that shows it is another one, at once; the others are kept."""

    def setUp(self) -> None:
        super().setUp()
        self.rows()

    def changed(self, change: Callable[[], Any]) -> set[str]:
        """Return what is made anew after a change, all answers compared with those not kept."""
        self.warm()
        for url in self.urls:
            self.assertEqual(self.outcome(url), "hit", url)
        change()
        made = set()
        for url in self.urls:
            kept = APIClient().get(url, headers=SAME_ID)
            plain = APIClient().get(url, headers={**SAME_ID, **COOKIE})
            self.assertEqual(plain["X-Cache"], "private")
            self.assertEqual((kept.status_code, kept.content), (plain.status_code, plain.content))
            made |= {url} if kept["X-Cache"] != "hit" else set()
        return made

    def assert_changed(self, change: Callable[[], Any], *urls: str) -> None:
        self.assertEqual(self.changed(change), set(urls))

    @property
    def lists(self) -> tuple[str, ...]:
        return ("/v1/blogs/", "/v2/blogs/", "/v1/tags/cloud/")

    @property
    def all_of_blogs(self) -> tuple[str, ...]:
        return (*self.lists, self.detail)

    @property
    def all_of_authors(self) -> tuple[str, ...]:
        return ("/v1/authors/", self.page)

    def test_a_blog_is_edited(self) -> None:
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(editor())}")
        edit = {"title": "Late"}
        self.assert_changed(lambda: client.patch(self.detail, edit), *self.all_of_blogs)

    def test_a_draft_is_edited(self) -> None:
        draft = BlogFactory(author=self.author)
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(self.author.user)}")
        url = address("blog:detail", uuid=draft.uuid)
        tags = {"title": "Late", "tags": [self.tag.slug]}
        self.assert_changed(lambda: client.patch(url, tags))
        self.assertEqual(Blog.objects.get(pk=draft.pk).title, "Late")

    def test_a_draft_is_begun(self) -> None:
        self.assert_changed(lambda: BlogFactory(author=self.author))

    def test_a_blog_is_published(self) -> None:
        other = BlogFactory(reviewed=True, author=self.author)
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(editor())}")
        url = address("blog:publish", uuid=other.uuid)
        self.assert_changed(lambda: client.post(url), *self.lists)

    def test_a_blog_is_withdrawn(self) -> None:
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(self.author.user)}")
        url = address("blog:withdraw", uuid=self.blog.uuid)
        self.assert_changed(lambda: client.post(url), *self.all_of_blogs)

    def test_a_blog_is_deleted(self) -> None:
        sequel = BlogFactory(published=True, continues=self.blog)
        self.urls += (address("blog:detail", uuid=sequel.uuid),)
        made = self.changed(self.blog.delete)
        self.assertEqual(made, {*self.all_of_blogs, self.urls[-1]})

    def test_a_blog_is_tagged(self) -> None:
        tag = TagFactory()
        self.assert_changed(lambda: self.blog.tags.add(tag), *self.all_of_blogs)

    def test_a_tag_is_given_blogs(self) -> None:
        tag = TagFactory()
        self.assert_changed(lambda: tag.blogs.add(self.blog), *self.all_of_blogs)

    def test_a_tag_is_called_otherwise(self) -> None:
        def rename() -> None:
            self.tag.name, self.tag.slug = "Late", "late"
            self.tag.save()

        self.assert_changed(rename, *self.all_of_blogs, "/v1/tags/")

    def test_a_blog_gets_a_picture(self) -> None:
        self.assert_changed(lambda: CoverImageFactory(blog=self.blog), *self.all_of_blogs)

    def test_a_picture_is_taken_away(self) -> None:
        cover = CoverImageFactory(blog=self.blog)
        self.assert_changed(cover.delete, *self.all_of_blogs)

    def test_an_author_is_called_otherwise(self) -> None:
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(self.author.user)}")
        change = {"pen_name": "Late"}
        made = (*self.all_of_authors, *self.all_of_blogs)
        self.assert_changed(lambda: client.patch(self.page, change), *made)

    def test_an_author_comes(self) -> None:
        self.assert_changed(AuthorFactory, *self.all_of_authors)

    def test_an_author_goes(self) -> None:
        user = FollowFactory(author=self.author).follower
        self.assert_changed(user.delete, *self.all_of_authors)

    def test_an_author_is_followed_and_left(self) -> None:
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(UserFactory())}")
        url = address("author:follow", uuid=self.author.uuid)
        self.assert_changed(lambda: client.put(url), *self.all_of_authors)
        self.assert_changed(lambda: client.delete(url), *self.all_of_authors)

    def test_a_user_is_locked_out(self) -> None:
        def lock_out() -> None:
            user = User.objects.get(pk=self.author.user_id)
            user.is_active = False
            user.save(update_fields=["is_active"])

        self.assert_changed(lock_out, *self.all_of_authors)

    def test_a_login_changes_nothing_that_is_shown(self) -> None:
        self.author.user.last_login = PUBLISHED_AT
        self.assert_changed(lambda: self.author.user.save(update_fields=["last_login"]))

    def test_rows_made_in_bulk(self) -> None:
        seed_reference_data()
        made = self.changed(lambda: list(_seed.seed_blogs(3)))
        self.assertEqual(made, {*self.all_of_blogs, *self.all_of_authors})
        Tag.objects.exclude(pk=self.tag.pk).filter(blogs=None).delete()
        self.assertIn("/v1/tags/", self.changed(seed_reference_data))

    def test_before_the_commit_nobody_sees_it(self) -> None:
        self.warm()
        with transaction.atomic():
            Blog.objects.get().save()
        self.assertEqual(self.outcome(self.detail), "miss")
        with transaction.atomic():
            self.assertEqual(self.outcome(self.detail), "private")

    def test_a_hit_makes_no_query_and_one_round_trip(self) -> None:
        self.warm()
        client = APIClient()
        connected = store.default()._client().connection
        for url in self.urls:
            wrapped = mock.patch.object(
                connected, "send_packed_command", wraps=connected.send_packed_command
            )
            with self.subTest(url), wrapped as send, self.assertNumQueries(0):
                self.assertEqual(client.get(url)["X-Cache"], "hit")
            self.assertEqual(send.call_count, 1)

    def test_without_a_store_everything_is_read_and_written(self) -> None:
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token_of(editor())}")
        with no_store(), self.assertLogs("common.store"):
            for url in self.urls:
                self.assertEqual(self.outcome(url), "away")
            self.assertEqual(client.patch(self.detail, {"title": "Late"}).status_code, 200)
        self.assertEqual(Blog.objects.get().title, "Late")


class AdminChangeTests(Reads, CommittingTests, TransactionTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.rows()
        log_in_to_admin(self.client, UserFactory(is_staff=True, is_superuser=True))
        self.follow = FollowFactory(author=self.author)
        self.warm()

    def test_a_tag_is_taken_off_in_the_form_of_a_blog(self) -> None:
        row = self.blog.blogtag_set.get()
        form = {
            "author": self.author.pk,
            "title": self.blog.title,
            "content": self.blog.content,
            "metadata": "{}",
            "blogtag_set-TOTAL_FORMS": 1,
            "blogtag_set-INITIAL_FORMS": 1,
            "blogtag_set-0-id": row.pk,
            "blogtag_set-0-blog": self.blog.pk,
            "blogtag_set-0-tag": self.tag.pk,
            "blogtag_set-0-DELETE": "on",
        }
        page = reverse("admin:blog_blog_change", args=[self.blog.pk])
        self.assertEqual(self.client.post(page, form).status_code, 302)
        self.assertEqual(APIClient().get(self.detail).json()["tags"], [])
        draft = BlogFactory(author=self.author)
        self.outcome("/v2/blogs/")
        page = reverse("admin:blog_blog_change", args=[draft.pk])
        form |= {"blogtag_set-TOTAL_FORMS": 0, "blogtag_set-INITIAL_FORMS": 0}
        self.assertEqual(self.client.post(page, form).status_code, 302)
        self.assertEqual(self.outcome("/v2/blogs/"), "hit")

    def test_a_follow_is_deleted(self) -> None:
        page = reverse("admin:author_follow_delete", args=[self.follow.pk])
        self.assertEqual(self.client.post(page, {"post": "yes"}).status_code, 302)
        self.assertEqual(APIClient().get(self.page).json()["followers_count"], 0)

    def test_follows_are_deleted(self) -> None:
        action = {"action": "delete_selected", "post": "yes", "_selected_action": self.follow.pk}
        self.client.post(reverse("admin:author_follow_changelist"), action)
        self.assertFalse(Follow.objects.exists())
        self.assertEqual(APIClient().get(self.page).json()["followers_count"], 0)


class SharingTests(Reads, ApiTestCase):
    """Who gets what is kept, and who never does."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.rows(cls)
        cls.draft = BlogFactory(author=cls.author, title="Secret")

    def setUp(self) -> None:
        super().setUp()
        self.warm()

    def test_everybody_gets_what_is_kept(self) -> None:
        for accept in (None, "*/*", "application/json"):
            headers = {} if accept is None else {"Accept": accept}
            self.assertEqual(self.outcome("/v1/blogs/", headers=headers), "hit")

    def test_the_head_alone_is_kept_too(self) -> None:
        self.assertEqual(APIClient().head("/v1/blogs/")["X-Cache"], "hit")

    def test_who_is_logged_in_gets_their_own_and_leaves_nothing(self) -> None:
        own = self.as_user(self.author.user)
        self.assertEqual(len(own.get("/v2/blogs/").json()["results"]), 2)
        self.assertEqual(len(APIClient().get("/v2/blogs/").json()["results"]), 1)
        with_cookie = APIClient()
        with_cookie.force_login(self.author.user)
        response = with_cookie.get("/v2/blogs/")
        self.assertEqual((response["X-Cache"], len(response.json()["results"])), ("private", 2))

    def test_a_bad_token_is_refused_all_the_same(self) -> None:
        self.assertEqual(self.with_token("f" * 64).get("/v1/blogs/").status_code, 401)

    def test_a_page_or_an_unknown_query_is_not_kept(self) -> None:
        for url in ("?fields=title", "?search=x", "?page=1&x=", "?page=" + "1" * 300):
            self.assertEqual(self.outcome("/v1/blogs/" + url), "private", url)
        self.assertEqual(self.outcome("/v1/blogs/", headers={"Accept": "text/html"}), "private")

    def test_a_known_query_is_kept_by_itself(self) -> None:
        for url in (
            "/v1/blogs/?page=1&ordering=title",
            "/v2/blogs/?page_size=1",
            "/v1/tags/?page=1",
        ):
            self.assertEqual([self.outcome(url), self.outcome(url)], ["miss", "hit"], url)

    def test_another_host_has_pages_of_its_own(self) -> None:
        client = APIClient(HTTP_HOST="localhost")
        self.assertEqual(client.get("/v1/blogs/")["X-Cache"], "miss")

    def test_what_is_wrong_or_missing_is_not_kept(self) -> None:
        for url, status in (("/v1/blogs/?page=9", 404), ("/v1/blogs/?page=x", 400)):
            for _ in range(2):
                response = APIClient().get(url)
                self.assertEqual(response.status_code, status)
                self.assertIn(response["X-Cache"], ("miss", "alone"))

    def test_a_huge_answer_is_not_kept(self) -> None:
        with mock.patch.object(views, "LARGEST", 100):
            for _ in range(2):
                response = APIClient().get("/v1/blogs/?page_size=1")
                self.assertEqual(response.status_code, 200)
                self.assertIn(response["X-Cache"], ("miss", "alone"))

    def test_what_is_written_goes_past_it(self) -> None:
        response = APIClient().post("/v1/blogs/", {})
        self.assertEqual((response.status_code, response["X-Cache"]), (401, "private"))

    def test_the_headers_are_those_of_the_view(self) -> None:
        for url in self.urls:
            kept = APIClient().get(url)
            plain = APIClient().get(url, headers=COOKIE)
            for name in ("Content-Type", "Allow", "Content-Length"):
                self.assertEqual(kept[name], plain[name], (url, name))
            self.assertIn("Accept", kept["Vary"])

    def test_what_is_known_is_not_sent_again(self) -> None:
        for url in self.urls:
            tag = APIClient().get(url)["ETag"]
            for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
                response = APIClient().get(url, headers={"If-None-Match": known})
                self.assertEqual((response.status_code, response.content), (304, b""), url)
                self.assertEqual((response["ETag"], response["X-Cache"]), (tag, "hit"))
            other = APIClient().get(url, headers={"If-None-Match": '"other"'})
            self.assertEqual(other.status_code, 200)

    def test_whoever_knows_it_makes_it_for_those_who_do_not(self) -> None:
        tag = APIClient().get(self.detail)["ETag"]
        Blog.objects.get(pk=self.blog.pk).save()
        Blog.objects.filter(pk=self.blog.pk).update(updated_at=self.blog.updated_at)
        first = APIClient().get(self.detail, headers={"If-None-Match": tag})
        self.assertEqual((first.status_code, first["X-Cache"]), (304, "miss"))
        second = APIClient().get(self.detail)
        self.assertEqual((second.status_code, second["X-Cache"]), (200, "hit"))

    def test_the_etag_of_a_blog_is_the_same_for_its_author(self) -> None:
        own = self.as_user(self.author.user).get(self.detail)
        self.assertEqual(own["ETag"], APIClient().get(self.detail)["ETag"])

    def test_the_cloud_counts_what_everyone_may_read(self) -> None:
        self.draft.tags.add(self.tag, TagFactory())
        rows = APIClient().get("/v1/tags/cloud/").json()["results"]
        self.assertEqual(rows, [{"slug": self.tag.slug, "name": "Early", "blogs_count": 1}])

    def test_a_view_says_what_its_answers_are_made_of(self) -> None:
        with self.assertRaises(NotImplementedError):
            SharedReads.shared_tags({})
