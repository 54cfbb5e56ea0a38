"""The models of every app, and what the database refuses."""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import SimpleTestCase, TestCase

from accounts.models import DeviceToken, SocialAccount, SpentToken, User
from author.models import Author, DigestDelivery, Follow, PublicationDelivery, PublicationNotice
from blog.models import Blog, BlogTag, Comment, CoverImage, DailyPublications, IdempotencyKey, Tag

from ..factories import PUBLISHED_AT, AuthorFactory, BlogFactory, TagFactory, UserFactory, token_of


class NamesTests(SimpleTestCase):
    """What a row is called in the admin."""

    def test_rows_have_names(self) -> None:
        names = {
            str(User(email="ann@example.com")): "ann@example.com",
            str(DeviceToken(device="phone")): "phone",
            str(SpentToken(jti="a")): "a",
            str(SocialAccount(provider="github", subject="7")): "github: 7",
            str(Author(pen_name="Ann")): "Ann",
            str(PublicationNotice(author_id=1, blog_uuid="b")): "1: b",
            str(Follow(follower_id=1, author_id=2)): "1: 2",
            str(PublicationDelivery(recipient_id=3, blog_uuid="b")): "3: b",
            str(DigestDelivery(recipient_id=3, week="w")): "3: w",
            str(Blog(title="First")): "First",
            str(Tag(name="Python")): "Python",
            str(DailyPublications(author_id=1, day="today", count=2)): "1: 2 on today",
            str(IdempotencyKey(key="k-1")): "k-1",
            str(BlogTag(blog_id=1, tag_id=2)): "1: 2",
            str(CoverImage(image="covers/a.png")): "covers/a.png",
            str(Comment(text="x" * 60)): "x" * 50,
        }
        for name, expected in names.items():
            self.assertEqual(name, expected)


class UserManagerTests(TestCase):
    def test_the_email_is_kept_in_lower_case(self) -> None:
        user = User.objects.create_user(" Ann@Example.COM", "secret", name="Ann")
        self.assertEqual(user.email, "ann@example.com")
        self.assertTrue(user.check_password("secret"))

    def test_a_user_without_a_password_cannot_log_in(self) -> None:
        self.assertFalse(User.objects.create_user("a@b.de", name="Ann").has_usable_password())

    def test_a_user_without_an_email_is_refused(self) -> None:
        with self.assertRaisesMessage(ValueError, "A user needs an email."):
            User.objects.create_user("", name="Ann")

    def test_a_superuser_may_do_everything(self) -> None:
        user = User.objects.create_superuser("a@b.de", "secret", name="Ann")
        self.assertTrue(user.is_staff and user.has_perm("blog.review_blog"))

    def test_a_user_is_found_in_any_spelling(self) -> None:
        user = UserFactory(email="ann@example.com")
        self.assertEqual(User.objects.get_by_natural_key("ANN@example.com"), user)

    def test_no_email_at_all_finds_nobody(self) -> None:
        with self.assertRaises(User.DoesNotExist):
            User.objects.get_by_natural_key(None)


class UserTests(TestCase):
    def test_a_form_brings_the_email_into_lower_case(self) -> None:
        user = User(email="Ann@Example.com", name="Ann", password="x")
        user.full_clean()
        self.assertEqual(user.email, "ann@example.com")

    def test_the_database_refuses_an_email_in_upper_case(self) -> None:
        with self.assertRaisesMessage(IntegrityError, "accounts_user_email_lower_case"):
            User.objects.bulk_create([User(email="Ann@example.com", name="Ann")])

    def test_a_uuid_is_given_to_each(self) -> None:
        self.assertNotEqual(UserFactory().uuid, UserFactory().uuid)


class DeviceTokenTests(TestCase):
    def test_the_newest_device_comes_first(self) -> None:
        user = UserFactory()
        token_of(user, device="old")
        token_of(user, device="new")
        DeviceToken.objects.filter(device="old").update(
            created_at=DeviceToken.objects.get(device="new").created_at - timedelta(days=1)
        )
        self.assertEqual([row.device for row in user.auth_token_set.all()], ["new", "old"])


class AuthorTests(TestCase):
    def test_a_user_has_one_profile(self) -> None:
        author = AuthorFactory()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Author.objects.create(user=author.user, pen_name="Second")

    def test_the_profile_goes_with_the_user(self) -> None:
        author = AuthorFactory()
        author.user.delete()
        self.assertFalse(Author.objects.exists())


class BlogConstraintTests(TestCase):
    def test_a_state_that_is_none_is_refused(self) -> None:
        with self.assertRaisesMessage(IntegrityError, "blog_state_is_known"):
            BlogFactory(state="lost")

    def test_an_eleventh_publication_of_a_day_is_refused(self) -> None:
        day = {"author": AuthorFactory(), "day": "2026-03-01"}
        with self.assertRaisesMessage(IntegrityError, "blog_no_day_is_overfull"):
            DailyPublications.objects.create(**day, count=11)

    def test_a_published_blog_without_a_time_is_refused(self) -> None:
        with self.assertRaisesMessage(IntegrityError, "blog_has_time_once_published"):
            BlogFactory(state="published", published_at=None)

    def test_an_archived_blog_without_a_time_is_refused(self) -> None:
        with self.assertRaisesMessage(IntegrityError, "blog_has_time_once_published"):
            BlogFactory(state="archived", published_at=None)

    def test_a_schedule_for_what_was_not_reviewed_is_refused(self) -> None:
        for state in ("draft", "submitted"):
            with (
                self.assertRaisesMessage(IntegrityError, "blog_scheduled_is_reviewed"),
                transaction.atomic(),
            ):
                BlogFactory(state=state, publish_at=PUBLISHED_AT)

    def test_an_author_has_one_count_a_day(self) -> None:
        fields = {"author": AuthorFactory(), "day": PUBLISHED_AT.date()}
        DailyPublications.objects.create(**fields)
        with self.assertRaisesMessage(IntegrityError, "blog_one_count_a_day"):
            DailyPublications.objects.create(**fields)

    def test_a_draft_with_a_time_of_publication_is_refused(self) -> None:
        with self.assertRaisesMessage(IntegrityError, "blog_has_time_once_published"):
            BlogFactory(state="draft", published_at=AuthorFactory().created_at)

    def test_metadata_that_is_no_object_is_refused(self) -> None:
        with self.assertRaisesMessage(IntegrityError, "blog_metadata_is_an_object"):
            BlogFactory(metadata=[])

    def test_a_row_of_the_last_release_has_empty_metadata(self) -> None:
        """It does not name the column: the database fills it."""
        blog = BlogFactory()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO blog_blog (uuid, author_id, title, content, state, created_at,"
                " updated_at) SELECT gen_random_uuid(), author_id, 'old', content, state,"
                " created_at, updated_at FROM blog_blog WHERE id = %s",
                [blog.pk],
            )
        self.assertEqual(Blog.objects.get(title="old").metadata, {})

    def test_a_tag_in_use_is_kept(self) -> None:
        tag = TagFactory()
        blog = BlogFactory(tags=[tag])
        with self.assertRaises(ProtectedError):
            tag.delete()
        blog.delete()
        tag.delete()

    def test_a_tag_stands_once_on_a_blog(self) -> None:
        tag = TagFactory()
        blog = BlogFactory(tags=[tag])
        with self.assertRaisesMessage(IntegrityError, "blog_blogtag_tagged_once"):
            BlogTag.objects.create(blog=blog, tag=tag)
