"""The lists of the admin: who sees them, what they cost, how rows are chosen."""

from datetime import date
from unittest import mock
from uuid import uuid4

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test import TestCase, tag
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import DeviceToken, SocialAccount, User
from author.models import Author, DigestDelivery, Follow, PublicationDelivery, PublicationNotice
from blog.admin import BlogTagInline
from blog.models import Blog, Comment, CoverImage, Tag
from common.admin import EstimatedCountPaginator
from common.models import FeatureFlag

from ..factories import (
    BlogFactory,
    CommentFactory,
    CoverImageFactory,
    FollowFactory,
    SocialAccountFactory,
    TagFactory,
    UserFactory,
    editor,
    token_of,
)
from ..helpers import CommittedTests, log_in_to_admin

# Session, user, device, estimate, count, rows; the roles to filter by; the first and last date.
QUERIES_OF_A_LIST = {
    User: 7,
    DeviceToken: 6,
    Author: 6,
    PublicationNotice: 6,
    Blog: 8,
    Tag: 6,
    Comment: 6,
    CoverImage: 6,
    LogEntry: 6,
    Group: 6,  # Django's own: counted twice, not estimated.
    SocialAccount: 6,
    FeatureFlag: 6,
    Follow: 6,
    PublicationDelivery: 6,
    DigestDelivery: 6,
    StaticDevice: 6,
    TOTPDevice: 6,
}


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def log_entry(user: User, text: str = "Something") -> LogEntry:
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Blog),
        object_repr=text,
        action_flag=CHANGE,
        change_message="Seen to.",
    )


class SuperuserTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(is_staff=True, is_superuser=True)

    def setUp(self) -> None:
        super().setUp()
        log_in_to_admin(self.client, self.user)


class QueryCountTestCase(CommittedTests, SuperuserTestCase):
    def fill(self, rows: int) -> None:
        for _ in range(rows):
            comment = CommentFactory()
            author = comment.blog.author
            CoverImageFactory(blog=comment.blog)
            token_of(author.user)
            PublicationNotice.objects.create(author=author, blog_uuid=comment.blog.uuid)
            Group.objects.create(name=author.pen_name)
            log_entry(author.user)
            TagFactory()
            SocialAccountFactory(user=author.user)
            FollowFactory(author=author, follower=comment.user)
            PublicationDelivery.objects.create(recipient=comment.user, blog_uuid=uuid4())
            DigestDelivery.objects.create(recipient=comment.user, week=date(2026, 3, 2))
            StaticDevice.objects.create(user=author.user, name="codes")
            TOTPDevice.objects.create(user=author.user, name="phone")
            FeatureFlag.objects.create(name=author.pen_name, enabled=True)

    def queries(self) -> dict[type[Model], int]:
        found = {}
        for model in QUERIES_OF_A_LIST:
            with CaptureQueriesContext(connection) as captured:
                self.client.get(list_of(model))
            found[model] = len(captured)
        return found


class QueryCountTests(QueryCountTestCase):
    def test_every_list_is_counted(self) -> None:
        self.client.get(reverse("admin:index"))
        self.assertEqual(set(QUERIES_OF_A_LIST), set(admin.site._registry))

    def test_five_rows_take_these_queries(self) -> None:
        self.fill(5)
        self.assertEqual(self.queries(), QUERIES_OF_A_LIST)


@tag("slow")
class ManyRowsTests(QueryCountTestCase):
    def test_fifty_rows_take_as_many_queries_as_five(self) -> None:
        self.fill(50)
        self.assertEqual(self.queries(), QUERIES_OF_A_LIST)


class RoleTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = editor()
        User.objects.filter(pk=cls.editor.pk).update(is_staff=True)
        cls.editor.refresh_from_db()

    def setUp(self) -> None:
        super().setUp()
        log_in_to_admin(self.client, self.editor)

    def test_an_editor_sees_blogs_and_comments_and_nothing_else(self) -> None:
        seen = {
            model
            for model in QUERIES_OF_A_LIST
            if self.client.get(list_of(model)).status_code == 200
        }
        self.assertEqual(seen, {Blog, Comment})

    def test_an_editor_is_offered_no_more_than_that(self) -> None:
        apps = self.client.get(reverse("admin:index")).context["app_list"]
        self.assertEqual(
            [model["model"] for app in apps for model in app["models"]], [Blog, Comment]
        )

    def test_an_editor_changes_no_comment(self) -> None:
        url = reverse("admin:blog_comment_change", args=[CommentFactory().pk])
        self.assertEqual(self.client.post(url, {"text": "New"}).status_code, 403)


class ColumnTests(SuperuserTestCase):
    def words(self, content: str) -> int:
        BlogFactory(content=content)
        return self.client.get(list_of(Blog)).context["cl"].result_list[0].words

    def test_words_are_counted_whatever_is_between_them(self) -> None:
        self.assertEqual(self.words("  One two\n\nthree,\tfour.  "), 4)

    def test_a_blog_without_content_has_no_words(self) -> None:
        self.assertEqual(self.words(""), 0)

    def test_the_words_are_shown_and_the_content_stays_in_the_database(self) -> None:
        BlogFactory(content="unmistakable " * 37)
        page = self.client.get(list_of(Blog))
        self.assertContains(page, '<td class="field-words">37</td>', html=True)
        self.assertNotIn("content", page.context["cl"].result_list[0].__dict__)


class EstimateTests(SuperuserTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        TagFactory.create_batch(3)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE blog_tag")
        TagFactory(name="Later")  # What the estimate does not know.
        cls.known = Tag.objects.count() - 1

    def count(self, threshold: int, query: str = "") -> int:
        with mock.patch.object(EstimatedCountPaginator, "threshold", threshold):
            page = self.client.get(list_of(Tag), {"q": query})
        return page.context["cl"].result_count

    def test_a_large_table_is_estimated(self) -> None:
        self.assertEqual(self.count(threshold=self.known), self.known)

    def test_a_small_table_is_counted(self) -> None:
        self.assertEqual(self.count(threshold=self.known + 1), self.known + 1)

    def test_what_is_searched_for_is_counted(self) -> None:
        self.assertEqual(self.count(threshold=1, query="Later"), 1)

    def test_a_large_table_is_not_read_for_its_count(self) -> None:
        with CaptureQueriesContext(connection) as captured:
            self.count(threshold=1)
        self.assertFalse([row for row in captured if "COUNT(*)" in row["sql"]])

    def test_tables_are_large_from_a_hundred_thousand_rows(self) -> None:
        self.assertEqual(EstimatedCountPaginator.threshold, 100_000)


class ChoiceTests(SuperuserTestCase):
    def test_no_form_lists_every_row_of_another_table(self) -> None:
        for model, options in admin.site._registry.items():
            searched = {*options.raw_id_fields, *options.autocomplete_fields}
            for field in model._meta.get_fields():
                if not isinstance(field, ForeignKey) or field.name in options.readonly_fields:
                    continue
                with self.subTest(model=model, field=field.name):
                    self.assertIn(field.name, searched)

    def test_nor_does_a_row_inside_of_a_form(self) -> None:
        inlines = [
            (model, inline)
            for model, options in admin.site._registry.items()
            for inline in options.inlines
        ]
        self.assertIn((Blog, BlogTagInline), inlines)
        for model, inline in inlines:
            searched = {*inline.raw_id_fields, *inline.autocomplete_fields}
            for field in inline.model._meta.get_fields():
                if isinstance(field, ForeignKey) and field.related_model is not model:
                    self.assertIn(field.name, searched, inline)

    def test_roles_and_permissions_are_chosen_from_a_list_with_a_filter(self) -> None:
        for model, fields in ((User, {"groups", "user_permissions"}), (Group, {"permissions"})):
            options = admin.site.get_model_admin(model)
            self.assertEqual(set(options.filter_horizontal), fields)


class ActionLogTests(SuperuserTestCase):
    def test_it_shows_who_did_what(self) -> None:
        page = self.client.get(
            list_of(LogEntry), {"q": log_entry(self.user, "First blog").object_repr}
        )
        self.assertContains(page, self.user.email)
        self.assertContains(page, "Changed “First blog” — Seen to.")

    def test_nobody_adds_changes_or_deletes_an_entry(self) -> None:
        entry = log_entry(self.user)
        add = reverse("admin:admin_logentry_add")
        change = reverse("admin:admin_logentry_change", args=[entry.pk])
        delete = reverse("admin:admin_logentry_delete", args=[entry.pk])
        for url in (add, change, delete):
            self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403, url)
        self.assertContains(self.client.get(change), "Seen to.")
        self.assertTrue(LogEntry.objects.filter(pk=entry.pk).exists())

    def test_entries_are_not_deleted_from_the_list_either(self) -> None:
        entry = log_entry(self.user)
        form = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
        self.client.post(list_of(LogEntry), form)
        self.assertTrue(LogEntry.objects.filter(pk=entry.pk).exists())

    def test_a_user_is_not_deleted_with_their_entries(self) -> None:
        user = log_entry(UserFactory()).user
        url = reverse("admin:accounts_user_delete", args=[user.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403)
        self.assertTrue(User.objects.filter(pk=user.pk).exists())
