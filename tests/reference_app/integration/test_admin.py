"""The pages of the admin."""

from django.contrib import admin
from django.test import TestCase
from django.urls import reverse

from accounts.models import DeviceToken, User
from author.models import Author, PublicationNotice
from blog.models import Blog, Comment, CoverImage, Tag

from ..factories import (
    BlogFactory,
    CommentFactory,
    CoverImageFactory,
    TagFactory,
    UserFactory,
    token_of,
)

MODELS = (User, DeviceToken, Author, PublicationNotice, Blog, Tag, Comment, CoverImage)


class AdminTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(is_staff=True, is_superuser=True)
        token_of(cls.user)
        cls.blog = BlogFactory(title="First", tags=[TagFactory()])
        CommentFactory()
        CoverImageFactory()
        PublicationNotice.objects.create(author=cls.blog.author, blog_uuid=cls.blog.uuid)

    def setUp(self) -> None:
        self.client.force_login(self.user)

    def page(self, model, name: str, *args):
        meta = model._meta
        return self.client.get(
            reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)
        )

    def test_every_model_with_an_address_is_registered(self) -> None:
        self.assertLessEqual(set(MODELS), set(admin.site._registry))

    def test_every_list_opens_and_can_be_searched(self) -> None:
        for model in MODELS:
            meta = model._meta
            url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
            self.assertEqual(self.client.get(url, {"q": "x"}).status_code, 200, model)

    def test_every_row_opens(self) -> None:
        for model in MODELS:
            row = model.objects.first()
            self.assertEqual(self.page(model, "change", row.pk).status_code, 200, model)

    def test_what_the_api_makes_is_not_made_by_hand(self) -> None:
        for model in (DeviceToken, PublicationNotice, CoverImage):
            self.assertEqual(self.page(model, "add").status_code, 403, model)

    def test_a_user_is_made(self) -> None:
        response = self.client.post(
            reverse("admin:accounts_user_add"),
            {
                "email": "Ann@Example.com",
                "name": "Ann",
                "usable_password": "true",
                "password1": "correct horse battery",
                "password2": "correct horse battery",
            },
        )
        self.assertEqual(response.status_code, 302)
        self.assertTrue(User.objects.filter(email="ann@example.com").exists())

    def test_the_state_of_a_blog_is_not_set_by_hand(self) -> None:
        page = self.page(Blog, "change", self.blog.pk).content.decode()
        self.assertNotIn('name="state"', page)
        self.assertIn('name="title"', page)

    def test_more_blogs_take_no_more_queries(self) -> None:
        url = reverse("admin:blog_blog_changelist")
        self.client.get(url)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as few:
            self.client.get(url)
        BlogFactory.create_batch(3)
        with CaptureQueriesContext(connection) as more:
            self.client.get(url)
        self.assertEqual(len(few), len(more))
