"""Who may send what to which route: what the gate `endpoints` tries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import requests
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import _jwt, _mailed_tokens, _passwords, _verification
from accounts.models import DeviceToken, User
from accounts.public import EDITORS, SUPPORT
from author.models import Author, Follow
from blog.models import Blog, BlogTag, Comment, CoverImage, State, Tag
from quality_harness.testing.endpoints import Allowed, Endpoints, Ignored, Public
from quality_harness.testing.endpoints.declarations import METHODS

from .factories import (
    PASSWORD,
    PUBLISHED_AT,
    AuthorFactory,
    BlogFactory,
    CommentFactory,
    CoverImageFactory,
    FollowFactory,
    TagFactory,
    UserFactory,
    picture,
)
from .helpers import address
from .oauth_provider import Provider
from .roles import LOGGED_IN, OTHER, OWNER, ROLES, SUPERUSER, USER, Users

NOT_OWNER = tuple(name for name in LOGGED_IN if name != OWNER)
AUTHORS = (OWNER, OTHER)
REVIEWERS = (SUPERUSER, EDITORS)


class World:
    """The rows that the requests are about: a blog of the owner in each state."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.author = AuthorFactory()
        self.users = Users({OWNER: self.author.user})
        # Now, as what a request makes is taken back.
        for name in LOGGED_IN:
            self.users[name]
        own = {"author": self.author}
        self.blogs: dict[str, Blog] = {
            "draft": BlogFactory(**own),
            "submitted": BlogFactory(submitted=True, **own),
            "reviewed": BlogFactory(reviewed=True, **own),
            "published": BlogFactory(published=True, **own),
            "covered": CoverImageFactory(blog__author=self.author).blog,
        }
        self.tag = TagFactory()
        self.comment = CommentFactory(user=self.users[USER], blog=self.blogs["published"])
        self.device, _ = DeviceToken.objects.create(user=self.users[OWNER], device="phone")
        FollowFactory(author=self.author)
        FollowFactory(follower=self.users[OWNER])

    def agreed(self) -> dict[str, str]:
        """Begin a login elsewhere, agree there, and return what a client then sends."""
        path = address("accounts:social-beginning", provider="google")
        begun = APIClient().post(path).json()
        answer = requests.get(begun["authorization_url"], allow_redirects=False, timeout=60)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {"code": query["code"][0], "state": query["state"][0], "flow": begun["flow"]}


@contextmanager
def world() -> Iterator[World]:
    """Make the rows, with a cache that nobody else uses and a provider on loopback."""
    provider = Provider()
    cache = {**settings.CACHES["default"], "KEY_PREFIX": str(uuid4())}
    provider.start()
    try:
        with override_settings(SOCIAL_PROVIDERS=provider.settings(), CACHES={"default": cache}):
            yield World(provider)
    finally:
        provider.stop()


# Who sends requests


# What they are about


def of_blog(state: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"uuid": world.blogs[state].uuid}


def of_author(world: World) -> dict[str, Any]:
    return {"uuid": world.author.uuid}


def of_comment(world: World) -> dict[str, Any]:
    return {"uuid": world.comment.blog.uuid, "comment_uuid": world.comment.uuid}


def of_device(world: World) -> dict[str, Any]:
    return {"uuid": world.device.uuid}


def new_blog(world: World) -> dict[str, Any]:
    return {"title": "x", "tags": [world.tag.slug], "metadata": {"a": 1}}


def new_cover(world: World) -> dict[str, Any]:
    return {"image": picture()}


def credentials(world: World) -> dict[str, Any]:
    return {"email": world.users[OWNER].email, "password": PASSWORD}


def session_credentials(world: World) -> dict[str, Any]:
    return {"username": world.users[OWNER].email, "password": PASSWORD}


def email(world: World) -> dict[str, Any]:
    return {"email": world.users[OWNER].email}


def refresh(world: World) -> dict[str, Any]:
    return {"refresh": _jwt.log_in(**credentials(world)).refresh}


def verification(world: World) -> dict[str, Any]:
    return {"token": _mailed_tokens.make_token(world.users[OWNER], _verification.VERIFICATION)}


def reset(world: World) -> dict[str, Any]:
    token = _mailed_tokens.make_token(world.users[OWNER], _passwords.RESET)
    return {"token": token, "password": "another horse battery"}


# More rows of the lists


def more_users(count: int) -> list[User]:
    return User.objects.bulk_create(UserFactory.build_batch(count))


def more_authors(world: World, count: int) -> list[Author]:
    users = more_users(count)
    return Author.objects.bulk_create(Author(user=user, pen_name=user.name) for user in users)


def more_tags(world: World, count: int) -> list[Tag]:
    return Tag.objects.bulk_create(TagFactory.build_batch(count))


def more_blogs(world: World, count: int) -> None:
    """Make published blogs, each with an author, a tag and a picture of its own."""
    blogs = Blog.objects.bulk_create(
        Blog(author=author, title="x", state=State.PUBLISHED, published_at=PUBLISHED_AT)
        for author in more_authors(world, count)
    )
    tags = more_tags(world, count)
    BlogTag.objects.bulk_create(
        BlogTag(blog=blog, tag=tag) for blog, tag in zip(blogs, tags, strict=True)
    )
    CoverImage.objects.bulk_create(CoverImage(blog=blog, image="x.png") for blog in blogs)


def more_comments(world: World, count: int) -> None:
    blog = world.blogs["published"]
    users = more_users(count)
    Comment.objects.bulk_create(Comment(blog=blog, user=user, text="x") for user in users)


def more_followers(world: World, count: int) -> None:
    users = more_users(count)
    Follow.objects.bulk_create(Follow(author=world.author, follower=user) for user in users)


def more_followed(world: World, count: int) -> None:
    authors = more_authors(world, count)
    Follow.objects.bulk_create(
        Follow(author=author, follower=world.users[OWNER]) for author in authors
    )


def more_devices(world: World, count: int) -> None:
    expiry = timezone.now() + timedelta(days=1)
    DeviceToken.objects.bulk_create(
        DeviceToken(digest=uuid4().hex, token_key="x", user=user, device="x", expiry=expiry)
        for user in world.users.values()
        for _ in range(count)
    )


READ_BY_ALL = "what is published is there for everyone to read"
BEFORE_LOGIN = "this is how somebody without a login gets one"
BY_LINK = "the token of the mailed link says whose account it is"
DOCUMENTED = "the API is documented for everyone"

BLOGS = (
    Public("blog:tags", "GET", READ_BY_ALL, rows=more_tags),
    Public("blog:tag-cloud", "GET", READ_BY_ALL, rows=more_blogs),
    Public("blog:list", "GET", READ_BY_ALL, rows=more_blogs),
    Public("blog_v2:list", "GET", READ_BY_ALL, rows=more_blogs),
    Public("blog:statistics", "GET", READ_BY_ALL),
    Allowed("blog:list", "POST", AUTHORS, body=new_blog),
    Allowed("blog:bulk", "POST", AUTHORS, body=lambda world: {"blogs": [new_blog(world)]}),
    Public("blog:detail", "GET", READ_BY_ALL, path=of_blog("published")),
    Allowed("blog:detail", "GET", (OWNER, *REVIEWERS, SUPPORT), path=of_blog("draft")),
    Allowed(
        "blog:detail",
        "PATCH",
        (OWNER, *REVIEWERS, SUPPORT),
        path=of_blog("draft"),
        body={"title": "x"},
    ),
    Allowed("blog:detail", "PATCH", (OWNER, SUPERUSER), path=of_blog("draft"), body=new_blog),
    Allowed("blog:detail", "DELETE", (OWNER, SUPERUSER), path=of_blog("draft")),
    Allowed("blog:submit", "POST", (OWNER,), path=of_blog("draft")),
    Allowed("blog:withdraw", "POST", (OWNER,), path=of_blog("submitted")),
    Allowed("blog:review", "POST", REVIEWERS, path=of_blog("submitted")),
    Allowed("blog:reject", "POST", REVIEWERS, path=of_blog("reviewed")),
    Allowed("blog:publish", "POST", REVIEWERS, path=of_blog("reviewed")),
    Allowed("blog:archive", "POST", (OWNER, *REVIEWERS), path=of_blog("published")),
    Allowed(
        "blog:schedule",
        "POST",
        REVIEWERS,
        path=of_blog("reviewed"),
        body={"publish_at": "2999-01-01T00:00:00Z"},
    ),
    Public("blog:comments", "GET", READ_BY_ALL, path=of_blog("published"), rows=more_comments),
    Allowed("blog:comments", "POST", LOGGED_IN, path=of_blog("published"), body={"text": "x"}),
    Allowed("blog:comment", "DELETE", (USER, OWNER, SUPERUSER, SUPPORT), path=of_comment),
    Allowed(
        "blog:cover", "PUT", (OWNER, SUPERUSER), path=of_blog("draft"), body=new_cover, form=True
    ),
    Allowed("blog:cover", "DELETE", (OWNER, SUPERUSER), path=of_blog("covered")),
)

AUTHOR_ROUTES = (
    Public("author:list", "GET", READ_BY_ALL, rows=more_authors),
    Public("author:detail", "GET", READ_BY_ALL, path=of_author),
    Allowed("author:detail", "PATCH", (OWNER,), path=of_author, body={"bio": "x"}),
    Public("author:followers", "GET", READ_BY_ALL, path=of_author, rows=more_followers),
    Public("author:following", "GET", READ_BY_ALL, path=of_author, rows=more_followed),
    Allowed("author:follow", "PUT", NOT_OWNER, path=of_author),
    Allowed("author:follow", "DELETE", LOGGED_IN, path=of_author),
)

PROVIDER = {"provider": "google"}
ACCOUNTS = (
    Public(
        "accounts:registration",
        "POST",
        BEFORE_LOGIN,
        body={"email": "new@example.com", "password": PASSWORD, "name": "New"},
    ),
    Allowed("accounts:verification", "POST", (OWNER,), body=verification),
    Public("accounts:verification-mail", "POST", BEFORE_LOGIN, body=email),
    Allowed(
        "accounts:password",
        "PUT",
        LOGGED_IN,
        body={"old_password": PASSWORD, "password": "another horse battery"},
    ),
    Public("accounts:password-reset", "POST", BY_LINK, body=reset),
    Public("accounts:password-reset-mail", "POST", BEFORE_LOGIN, body=email),
    Public("accounts:login", "POST", BEFORE_LOGIN, body=credentials),
    Allowed("accounts:logout", "POST", LOGGED_IN),
    Allowed("accounts:logout-everywhere", "POST", LOGGED_IN),
    Allowed("accounts:devices", "GET", LOGGED_IN, rows=more_devices),
    Allowed("accounts:device", "DELETE", (OWNER,), path=of_device),
    Public("accounts:jwt", "POST", BEFORE_LOGIN, body=credentials),
    Public("accounts:jwt-refresh", "POST", "the refresh token says whose it is", body=refresh),
    Public("accounts:jwt-revocation", "POST", "the refresh token says whose it is", body=refresh),
    Public("accounts:social-beginning", "POST", BEFORE_LOGIN, path=PROVIDER),
    Public("accounts:social-login", "POST", BEFORE_LOGIN, path=PROVIDER, body=World.agreed),
    Allowed("accounts:me", "GET", LOGGED_IN),
    Allowed("accounts:me", "PATCH", LOGGED_IN, body={"name": "x"}),
)

PAGES = (
    Public("common:schema", "GET", DOCUMENTED, query={"format": "json"}),
    Public("common:docs", "GET", DOCUMENTED),
    Public("health", "GET", "a load balancer has no login, and no message says where a service is"),
    Public("rest_framework:login", "GET", BEFORE_LOGIN),
    Public("rest_framework:login", "POST", BEFORE_LOGIN, body=session_credentials, form=True),
    Public("rest_framework:logout", "POST", "without a session there is nothing to end"),
    *(Public("/favicon.ico", method, "it says that there is none") for method in METHODS),
)

ENDPOINTS = Endpoints(
    world=world,
    roles=ROLES,
    declared=(*BLOGS, *AUTHOR_ROUTES, *ACCOUNTS, *PAGES),
    ignored=(
        Ignored(
            "/admin/",
            "Django's own views, shut by a second factor: integration/test_admin*.py asks them",
        ),
    ),
    path={"version": "v1"},
)
