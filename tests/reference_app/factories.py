"""Makes rows for tests."""

import io
from datetime import UTC, datetime, timedelta

import factory
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.models import DeviceToken, SocialAccount, User
from accounts.public import EDITORS, SUPPORT
from author.models import Author, Follow
from blog.models import Blog, Comment, CoverImage, State, Tag
from blog.public import seed_reference_data

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
