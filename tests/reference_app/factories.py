"""Makes rows for tests."""

import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import factory
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.models import DeviceToken, SocialAccount, SpentToken, User
from accounts.public import EDITORS, SUPPORT
from author.models import Author, DigestDelivery, Follow, PublicationDelivery, PublicationNotice
from blog.models import (
    Blog,
    BlogTag,
    Comment,
    CoverImage,
    DailyPublications,
    IdempotencyKey,
    State,
    Tag,
)
from blog.public import seed_reference_data
from common.flags import Flag
from common.models import CacheEpoch, FeatureFlag

PASSWORD = "correct horse battery"
PUBLISHED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"user-{number}@example.com")
    name = factory.Sequence(lambda number: f"User {number}")
    password = factory.django.Password(PASSWORD)


class SocialAccountFactory(DjangoModelFactory):
    class Meta:
        model = SocialAccount

    provider = "google"
    subject = factory.Sequence(lambda number: f"g-{number}")
    user = factory.SubFactory(UserFactory)


class DeviceTokenFactory(DjangoModelFactory):
    """A login of which nobody knows the token; `token_of` returns that."""

    class Meta:
        model = DeviceToken

    user = factory.SubFactory(UserFactory)
    device = factory.Sequence(lambda number: f"Device {number}")

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return model_class.objects.create(*args, **fields)[0]


class SpentTokenFactory(DjangoModelFactory):
    class Meta:
        model = SpentToken

    jti = factory.LazyFunction(uuid4)
    user = factory.SubFactory(UserFactory)
    expires_at = PUBLISHED_AT + timedelta(days=14)


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = Author

    user = factory.SubFactory(UserFactory)
    pen_name = factory.SelfAttribute("user.name")


class FollowFactory(DjangoModelFactory):
    class Meta:
        model = Follow

    follower = factory.SubFactory(UserFactory)
    author = factory.SubFactory(AuthorFactory)


class PublicationNoticeFactory(DjangoModelFactory):
    class Meta:
        model = PublicationNotice

    author = factory.SubFactory(AuthorFactory)
    blog_uuid = factory.LazyFunction(uuid4)


class PublicationDeliveryFactory(DjangoModelFactory):
    class Meta:
        model = PublicationDelivery

    recipient = factory.SubFactory(UserFactory)
    blog_uuid = factory.LazyFunction(uuid4)


class DigestDeliveryFactory(DjangoModelFactory):
    class Meta:
        model = DigestDelivery

    recipient = factory.SubFactory(UserFactory)
    # The Monday before the factory's blogs were published.
    week = date(2026, 2, 23)


def followers_of(author: Author, number: int, **user) -> list[User]:
    """Return users who followed an author before the factory's blogs were published."""
    follows = FollowFactory.create_batch(
        number, author=author, **{f"follower__{name}": value for name, value in user.items()}
    )
    Follow.objects.filter(author=author).update(created_at=PUBLISHED_AT - timedelta(days=1))
    return [follow.follower for follow in follows]


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda number: f"Tag {number}")
    slug = factory.Sequence(lambda number: f"tag-{number}")


class BlogFactory(DjangoModelFactory):
    class Meta:
        model = Blog
        skip_postgeneration_save = True

    class Params:
        submitted = factory.Trait(state=State.SUBMITTED)
        reviewed = factory.Trait(state=State.REVIEWED)
        published = factory.Trait(state=State.PUBLISHED, published_at=PUBLISHED_AT)
        archived = factory.Trait(state=State.ARCHIVED, published_at=PUBLISHED_AT)
        scheduled = factory.Trait(state=State.REVIEWED, publish_at=PUBLISHED_AT)

    author = factory.SubFactory(AuthorFactory)
    title = factory.Sequence(lambda number: f"Blog {number}")
    content = "Something to read."

    @factory.post_generation
    def tags(self, create, extracted, **kwargs):
        self.tags.set(extracted or [])


class BlogTagFactory(DjangoModelFactory):
    class Meta:
        model = BlogTag

    blog = factory.SubFactory(BlogFactory)
    tag = factory.SubFactory(TagFactory)


class DailyPublicationsFactory(DjangoModelFactory):
    class Meta:
        model = DailyPublications

    author = factory.SubFactory(AuthorFactory)
    day = PUBLISHED_AT.date()
    count = 1


class IdempotencyKeyFactory(DjangoModelFactory):
    class Meta:
        model = IdempotencyKey

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda number: f"key-{number}")
    fingerprint = "f" * 64
    blog = factory.SubFactory(BlogFactory)


class CommentFactory(DjangoModelFactory):
    class Meta:
        model = Comment

    blog = factory.SubFactory(BlogFactory, published=True)
    user = factory.SubFactory(UserFactory)
    text = "Well said."


class CoverImageFactory(DjangoModelFactory):
    class Meta:
        model = CoverImage

    blog = factory.SubFactory(BlogFactory)
    image = factory.LazyFunction(lambda: picture())


class FeatureFlagFactory(DjangoModelFactory):
    class Meta:
        model = FeatureFlag

    # There are no other ones, so a third row takes a name of its own.
    name = factory.Iterator([str(flag) for flag in Flag])
    enabled = True


class CacheEpochFactory(DjangoModelFactory):
    class Meta:
        model = CacheEpoch

    number = factory.Sequence(int)


def editor() -> User:
    """Return a user who may review and publish."""
    return _member_of(EDITORS)


def support_agent() -> User:
    """Return a user who helps others."""
    return _member_of(SUPPORT)


def _member_of(role: str) -> User:
    seed_reference_data()
    user = UserFactory()
    user.groups.add(Group.objects.get(name=role))
    return user


def staff(*permissions: str) -> User:
    """Return a member of staff with these permissions."""
    user = UserFactory(is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return user


def token_of(user: User, **fields) -> str:
    """Log a user in and return the token."""
    _, token = DeviceToken.objects.create(user=user, **{"device": "laptop", **fields})
    return token


def picture(
    name: str = "picture.png",
    *,
    kind: str = "PNG",
    size: tuple[int, int] = (2, 2),
    padding: int = 0,
) -> SimpleUploadedFile:
    """Return an image to upload; padding makes the file larger, not the picture."""
    file = io.BytesIO()
    Image.new("RGB", size).save(file, kind)
    return SimpleUploadedFile(name, file.getvalue() + b"\0" * padding, f"image/{kind.lower()}")
