"""The pages of the admin."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.test import TestCase
from django.urls import reverse

from accounts.admin import PasswordForm
from accounts.models import DeviceToken, SocialAccount, User
from author.models import Author, PublicationNotice
from blog.admin import BlogAdmin
from blog.models import Blog, Comment, CoverImage, Tag
from common.admin import ChangedFieldsAdmin
from common.models import FeatureFlag

from ..factories import (
    PUBLISHED_AT,
    BlogFactory,
    CommentFactory,
    CoverImageFactory,
    SocialAccountFactory,
    TagFactory,
    UserFactory,
    token_of,
)
from ..helpers import log_in_to_admin, meanwhile

MODELS = (
    User,
    DeviceToken,
    SocialAccount,
    Author,
    PublicationNotice,
    Blog,
    Tag,
    Comment,
    CoverImage,
    FeatureFlag,
)


class AdminTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(is_staff=True, is_superuser=True)
        token_of(cls.user)
        cls.blog = BlogFactory(title="First", tags=[TagFactory()])
        CommentFactory()
        CoverImageFactory()
        cls.social = SocialAccountFactory(subject="g-unmistakable", user__email="bea@example.com")
        FeatureFlag.objects.create(name="registrations", enabled=True)
        PublicationNotice.objects.create(author=cls.blog.author, blog_uuid=cls.blog.uuid)

    def setUp(self) -> None:
        super().setUp()
        log_in_to_admin(self.client, self.user)

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

    def test_an_account_elsewhere_is_found_by_its_subject_and_by_its_owner(self) -> None:
        SocialAccountFactory()
        url = reverse("admin:accounts_socialaccount_changelist")
        for words in ("google unmistakable", "bea@example.com"):
            found = self.client.get(url, {"q": words}).context["cl"].result_list
            self.assertEqual(list(found), [self.social], words)

    def test_an_account_elsewhere_gets_another_owner_and_nothing_else(self) -> None:
        other = UserFactory()
        form = {"user": other.pk, "subject": "g-other", "provider": "github"}
        url = reverse("admin:accounts_socialaccount_change", args=[self.social.pk])
        self.assertEqual(self.client.post(url, form).status_code, 302)
        self.social.refresh_from_db()
        self.assertEqual((self.social.user, str(self.social)), (other, "google: g-unmistakable"))

    def test_what_the_api_makes_is_not_made_by_hand(self) -> None:
        for model in (DeviceToken, SocialAccount, PublicationNotice, CoverImage):
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

    def test_a_new_password_ends_every_login_of_the_user(self) -> None:
        user, other = UserFactory(), UserFactory()
        token_of(user)
        token_of(other)
        self.assertEqual(self.change_password(user).status_code, 302)
        self.assertTrue(User.objects.get(pk=user.pk).check_password("a new secret 9"))
        self.assertFalse(user.auth_token_set.exists())
        self.assertTrue(other.auth_token_set.exists())

    def test_a_new_password_does_not_undo_what_happens_meanwhile(self) -> None:
        user = UserFactory()
        locked = User.objects.filter(pk=user.pk)
        with meanwhile(PasswordForm, "save", lambda: locked.update(is_active=False)):
            self.change_password(user)
        saved = locked.get()
        self.assertTrue(saved.check_password("a new secret 9"))
        self.assertFalse(saved.is_active)
        self.assertGreater(saved.updated_at, user.updated_at)

    def change_password(self, user: User):
        password = {"password1": "a new secret 9", "password2": "a new secret 9"}
        return self.client.post(
            reverse("admin:auth_user_password_change", args=[user.pk]),
            {"usable_password": "true", **password},
        )

    def test_a_change_does_not_undo_what_happens_meanwhile(self) -> None:
        blog = BlogFactory(title="Old", published=True)
        form = {"author": blog.author.pk, "title": "New", "content": blog.content}
        form |= {"blogtag_set-TOTAL_FORMS": "0", "blogtag_set-INITIAL_FORMS": "0"}

        def withdraw() -> None:
            Blog.objects.filter(pk=blog.pk).update(state="draft", published_at=None)

        with meanwhile(BlogAdmin, "save_model", withdraw):
            response = self.client.post(reverse("admin:blog_blog_change", args=[blog.pk]), form)
        saved = Blog.objects.get(pk=blog.pk)
        self.assertEqual((response.status_code, saved.title, saved.state), (302, "New", "draft"))
        self.assertGreater(saved.updated_at, blog.updated_at)

    def change_user(self, user: User, **changes: str) -> User:
        form = {"email": user.email, "name": user.name, "is_active": "on", **changes}
        self.client.post(reverse("admin:accounts_user_change", args=[user.pk]), form)
        return User.objects.get(pk=user.pk)

    def test_an_email_that_was_changed_has_to_be_proven_again(self) -> None:
        user = UserFactory(email_verified_at=PUBLISHED_AT)
        saved = self.change_user(user, email="other@example.com")
        self.assertEqual((saved.email, saved.email_verified_at), ("other@example.com", None))

    def test_an_email_that_was_not_changed_stays_proven(self) -> None:
        saved = self.change_user(UserFactory(email_verified_at=PUBLISHED_AT), name="Bea")
        self.assertEqual((saved.name, saved.email_verified_at), ("Bea", PUBLISHED_AT))

    def test_the_groups_of_a_user_are_changed(self) -> None:
        user = UserFactory()
        group = Group.objects.create(name="Readers")
        form = {"email": user.email, "name": "New", "groups": [group.pk], "is_active": "on"}
        response = self.client.post(reverse("admin:accounts_user_change", args=[user.pk]), form)
        saved = User.objects.get(pk=user.pk)
        self.assertEqual((response.status_code, saved.name), (302, "New"))
        self.assertEqual(list(saved.groups.all()), [group])

    def test_every_model_is_saved_by_its_changed_fields_alone(self) -> None:
        for model in MODELS:
            self.assertIsInstance(admin.site.get_model_admin(model), ChangedFieldsAdmin, model)

    def test_a_cover_that_is_taken_down_is_gone_with_its_file(self) -> None:
        cover = CoverImage.objects.get()
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(
                reverse("admin:blog_coverimage_delete", args=[cover.pk]), {"post": "yes"}
            )
        self.assertFalse(CoverImage.objects.exists())
        self.assertFalse(default_storage.exists(cover.image.name))

    def test_what_the_api_makes_is_not_changed_by_hand(self) -> None:
        for model in (DeviceToken, PublicationNotice, CoverImage):
            page = self.page(model, "change", model.objects.first().pk).content.decode()
            for field in model._meta.concrete_fields:
                self.assertNotIn(f'name="{field.name}', page, model)

    def change_metadata(self, text: str):
        form = {"author": self.blog.author.pk, "title": "First", "content": "Text."}
        form |= {"blogtag_set-TOTAL_FORMS": "0", "blogtag_set-INITIAL_FORMS": "0"}
        url = reverse("admin:blog_blog_change", args=[self.blog.pk])
        return self.client.post(url, {**form, "metadata": text})

    def test_metadata_has_an_editor_that_shows_it_line_by_line(self) -> None:
        self.assertEqual(self.change_metadata('{"a": [1]}').status_code, 302)
        page = self.page(Blog, "change", self.blog.pk)
        self.assertContains(page, "{\n  &quot;a&quot;: [\n    1\n  ]\n}")
        self.assertContains(page, 'src="/static/common/json_editor.js"')

    def test_metadata_is_checked_by_the_server_whatever_the_browser_did(self) -> None:
        for text, reason in (
            ('{"a": 1,}', "Enter a valid JSON."),
            ("[1]", "This has to be an object."),
        ):
            self.assertContains(self.change_metadata(text), reason)
        self.assertEqual(Blog.objects.get(pk=self.blog.pk).metadata, {})

    def test_the_state_of_a_blog_is_not_set_by_hand(self) -> None:
        page = self.page(Blog, "change", self.blog.pk).content.decode()
        self.assertNotIn('name="state"', page)
        self.assertIn('name="title"', page)
