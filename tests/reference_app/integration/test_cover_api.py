"""The endpoints of covers."""

from unittest import mock

from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from rest_framework.test import APIClient

from blog.errors import BlogError
from blog.models import CoverImage
from common.errors import CommonError

from ..factories import BlogFactory, CoverImageFactory, UserFactory, picture
from ..helpers import ApiTestCase, TokenTests, address


class CoverUploadTests(TokenTests, ApiTestCase):
    method = "put"

    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory()

    def url(self) -> str:
        return address("blog:cover", uuid=self.blog.uuid)

    def put(self, image, client: APIClient | None = None, **more):
        client = client or self.as_user(self.blog.author.user)
        return client.put(self.url(), {"image": image, **more}, format="multipart")

    def test_the_picture_is_kept_and_shown(self) -> None:
        response = self.put(picture())
        self.assertEqual(response.status_code, 200)
        self.assertEqual(set(response.json()), {"image"})
        name = CoverImage.objects.get(blog=self.blog).image.name
        self.assertTrue(default_storage.exists(name))
        blog = self.as_user(self.blog.author.user).get(address("blog:detail", uuid=self.blog.uuid))
        self.assertEqual(blog.json()["cover"], f"/media/{name}")

    def test_the_name_of_the_file_is_ours(self) -> None:
        self.put(picture("../../evil.php.jpeg", kind="JPEG"))
        self.assertRegex(CoverImage.objects.get().image.name, r"^covers/[0-9a-f-]{36}\.jpg$")

    def test_a_webp_file_is_taken(self) -> None:
        self.assertEqual(self.put(picture("x.webp", kind="WEBP")).status_code, 200)

    def test_a_new_picture_replaces_the_old_one_and_its_file(self) -> None:
        self.put(picture())
        old = CoverImage.objects.get().image.name
        with self.captureOnCommitCallbacks(execute=True):
            self.put(picture())
        new = CoverImage.objects.get().image.name
        self.assertFalse(default_storage.exists(old))
        self.assertTrue(default_storage.exists(new))

    def test_a_file_that_is_no_picture_is_refused(self) -> None:
        text = SimpleUploadedFile("x.png", b"no picture", "image/png")
        self.assert_field_error(self.put(text), "image", CommonError.FIELD_INVALID)

    def test_a_picture_of_another_type_is_refused(self) -> None:
        gif = picture("x.png", kind="GIF")
        self.assert_field_error(self.put(gif), "image", BlogError.COVER_TYPE)

    @override_settings(MAX_COVER_BYTES=100)
    def test_a_file_that_is_too_large_is_refused(self) -> None:
        response = self.put(picture(padding=100))
        self.assert_field_error(response, "image", BlogError.COVER_TOO_LARGE)

    def test_a_picture_that_is_too_wide_is_refused(self) -> None:
        wide = picture(size=(4097, 1))
        self.assert_field_error(self.put(wide), "image", BlogError.COVER_DIMENSIONS)

    def test_a_picture_that_is_too_high_is_refused(self) -> None:
        high = picture(size=(1, 4097))
        self.assert_field_error(self.put(high), "image", BlogError.COVER_DIMENSIONS)

    def test_a_picture_that_is_just_wide_enough_is_taken(self) -> None:
        self.assertEqual(self.put(picture(size=(4096, 1))).status_code, 200)

    @override_settings(MAX_UPLOAD_BYTES=1000)
    def test_an_oversized_body_is_refused(self) -> None:
        self.assert_error(self.put(picture(padding=1000)), CommonError.TOO_LARGE)

    @override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
    def test_a_text_that_is_too_large_is_refused(self) -> None:
        self.assert_error(self.put("x" * 1001), CommonError.TOO_LARGE)

    def test_a_missing_file_is_refused(self) -> None:
        response = self.as_user(self.blog.author.user).put(self.url(), {}, format="multipart")
        self.assert_field_error(response, "image", CommonError.FIELD_REQUIRED)

    def test_an_unknown_field_is_refused(self) -> None:
        response = self.put(picture(), blog="1")
        self.assert_field_error(response, "blog", CommonError.FIELD_UNKNOWN)

    def test_json_is_refused(self) -> None:
        response = self.as_user(self.blog.author.user).put(self.url(), {"image": "x"})
        self.assert_error(response, CommonError.UNSUPPORTED_MEDIA_TYPE)

    def test_a_broken_multipart_body_is_refused(self) -> None:
        response = self.as_user(self.blog.author.user).put(
            self.url(), b"broken", content_type="multipart/form-data"
        )
        self.assert_error(response, CommonError.MALFORMED)

    def test_someone_else_may_not(self) -> None:
        BlogFactory._meta.model.objects.update(state="published", published_at=self.blog.created_at)
        response = self.put(picture(), self.as_user(UserFactory()))
        self.assert_error(response, BlogError.NOT_YOURS)

    def test_the_cover_of_a_submitted_blog_is_not_changed(self) -> None:
        BlogFactory._meta.model.objects.update(state="submitted")
        self.assert_error(self.put(picture()), BlogError.NOT_EDITABLE)


class CoverDeleteTests(TokenTests, ApiTestCase):
    method = "delete"

    def setUp(self) -> None:
        super().setUp()
        self.cover = CoverImageFactory()

    def url(self) -> str:
        return address("blog:cover", uuid=self.cover.blog.uuid)

    def test_the_picture_and_its_file_go(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            response = self.as_user(self.cover.blog.author.user).delete(self.url())
        self.assertEqual(response.status_code, 204)
        self.assertFalse(CoverImage.objects.exists())
        self.assertFalse(default_storage.exists(self.cover.image.name))

    def test_the_file_stays_until_the_row_is_gone_for_good(self) -> None:
        with self.captureOnCommitCallbacks():
            self.as_user(self.cover.blog.author.user).delete(self.url())
        self.assertTrue(default_storage.exists(self.cover.image.name))

    def test_a_second_time_changes_nothing(self) -> None:
        client = self.as_user(self.cover.blog.author.user)
        with self.captureOnCommitCallbacks(execute=True):
            client.delete(self.url())
        self.assertEqual(client.delete(self.url()).status_code, 204)

    def test_deleting_the_blog_deletes_the_file(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.as_user(self.cover.blog.author.user).delete(
                address("blog:detail", uuid=self.cover.blog.uuid)
            )
        self.assertFalse(default_storage.exists(self.cover.image.name))

    def test_deleting_its_author_deletes_the_file(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.cover.blog.author.user.delete()
        self.assertFalse(CoverImage.objects.exists())
        self.assertFalse(default_storage.exists(self.cover.image.name))

    def test_a_file_that_cannot_be_deleted_does_not_stop_the_rest(self) -> None:
        heard = mock.Mock()
        broken = mock.patch.object(InMemoryStorage, "delete", side_effect=OSError)
        with broken, self.assertLogs("django.test"), self.captureOnCommitCallbacks(execute=True):
            self.as_user(self.cover.blog.author.user).delete(self.url())
            transaction.on_commit(heard)
        heard.assert_called_once()

    def test_someone_else_does_not_find_the_draft(self) -> None:
        response = self.as_user(UserFactory()).delete(self.url())
        self.assert_error(response, CommonError.NOT_FOUND)
