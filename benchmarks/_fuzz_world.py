"""What the fuzzed app holds: rows whose ids requests name, and the people who send them."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts import _jwt
from accounts._mailed_tokens import make_token
from accounts._passwords import RESET
from accounts._verification import VERIFICATION
from accounts.models import User
from author.models import Author
from blog.models import Blog, Comment, State, Tag
from tests.reference_app import factories

# From which state each of these goes on, so that it has a chance to succeed.
STATES = {
    "submit": State.DRAFT,
    "review": State.SUBMITTED,
    "reject": State.SUBMITTED,
    "publish": State.REVIEWED,
    "schedule": State.REVIEWED,
    "withdraw": State.SUBMITTED,
    "archive": State.PUBLISHED,
    "comments": State.PUBLISHED,
    "cover": State.DRAFT,
    "": State.DRAFT,
}
EDITORS_WORK = ("review", "reject", "publish", "schedule")
BLOGS_A_STATE = 3
NEW_PASSWORD = "staple battery horse"
PROVIDERS = ("google", "github")


@dataclass(frozen=True)
class World:
    """The rows, and the Authorization header of each role; empty for a visitor."""

    author: Author
    stranger: Author
    blogs: dict[str, list[Blog]]
    comments: list[Comment]
    devices: list[str]
    tags: list[str]
    roles: dict[str, str]
    bodies: dict[str, Any] = field(repr=False)

    def role(self, chance: random.Random, path: str) -> str:
        """Return who sends a request: most often somebody who may do this."""
        if chance.random() < 0.75:
            return "editor" if _last(path) in EDITORS_WORK else chance.choice(["author", "jwt"])
        return chance.choice(list(self.roles))

    def identifiers(self, chance: random.Random, path: str) -> dict[str, str]:
        """Return values of the parameters in a path, such that there is something to find."""
        if "/blogs/" in path:
            comment = chance.choice(self.comments)
            if "{comment_uuid}" in path:
                return {"uuid": str(comment.blog.uuid), "comment_uuid": str(comment.uuid)}
            usual = self.blogs[STATES[_last(path)]]
            other = self.blogs[chance.choice(list(self.blogs))]
            return {"uuid": str(chance.choice(usual if chance.random() < 0.8 else other).uuid)}
        if "/authors/" in path:
            writer = self.stranger if "followers/me" in path else self.author
            return {"uuid": str(writer.uuid)}
        if "/devices/" in path:
            return {"uuid": chance.choice(self.devices)}
        return {"provider": chance.choice(PROVIDERS)}

    def fill(self, chance: random.Random, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body of the same fields that names what is there."""
        known = {
            **self.bodies,
            "tags": chance.sample(self.tags, 2),
            "continues": str(chance.choice(self.blogs[State.PUBLISHED]).uuid),
        }
        if path.endswith("/password/reset/"):
            known["token"] = self.bodies["reset_token"]
        if "password" in body and path.endswith(("/login/", "/jwt/")):
            known["password"] = factories.PASSWORD
        if path.endswith("/registration/"):
            del known["email"]
        return {name: known.get(name, value) for name, value in body.items()}


def make_world() -> World:
    """Make the rows, and return what there is now."""
    editor = factories.editor()
    author, stranger = factories.AuthorFactory(), factories.AuthorFactory()
    blogs = {str(state): _blogs(author, state) for state in State}
    comments = [
        factories.CommentFactory(blog=blog, user=author.user) for blog in blogs[State.PUBLISHED]
    ]
    factories.CommentFactory(blog=factories.BlogFactory(author=stranger, published=True))
    factories.FollowFactory(author=author, follower=stranger.user)
    factories.FollowFactory(author=factories.AuthorFactory(), follower=author.user)
    for blog in blogs[State.DRAFT]:
        factories.CoverImageFactory(blog=blog)
    factories.token_of(author.user)
    return World(
        author=author,
        stranger=stranger,
        blogs=blogs,
        comments=comments,
        devices=[str(uuid) for uuid in author.user.auth_token_set.values_list("uuid", flat=True)],
        tags=list(Tag.objects.values_list("slug", flat=True)),
        roles=_roles(author.user, editor, stranger.user),
        bodies=_bodies(author.user),
    )


def _blogs(author: Author, state: str) -> list[Blog]:
    tags = list(Tag.objects.order_by("pk")[:2])
    shown = state in (State.PUBLISHED, State.ARCHIVED)
    return factories.BlogFactory.create_batch(
        BLOGS_A_STATE,
        author=author,
        state=state,
        tags=tags,
        metadata={"source": "fuzz"},
        published_at=factories.PUBLISHED_AT if shown else None,
    )


def _roles(author: User, editor: User, stranger: User) -> dict[str, str]:
    pair = _jwt.log_in(email=author.email, password=factories.PASSWORD)
    expired = factories.token_of(author, expiry=timedelta(seconds=-1))
    return {
        "visitor": "",
        "author": f"Token {factories.token_of(author)}",
        "jwt": f"Bearer {pair.access}",
        "editor": f"Token {factories.token_of(editor)}",
        "stranger": f"Token {factories.token_of(stranger)}",
        "reader": f"Token {factories.token_of(factories.UserFactory())}",
        "expired": f"Token {expired}",
    }


def _bodies(user: User) -> dict[str, Any]:
    pair = _jwt.log_in(email=user.email, password=factories.PASSWORD)
    return {
        "email": user.email,
        "old_password": factories.PASSWORD,
        "password": NEW_PASSWORD,
        "refresh": pair.refresh,
        "token": make_token(user, VERIFICATION),
        "reset_token": make_token(user, RESET),
        "publish_at": (timezone.now() + timedelta(days=1)).isoformat(),
    }


def _last(path: str) -> str:
    """Return what a path does to a blog: `publish`; nothing where it is the blog itself."""
    last = path.rstrip("/").rpartition("/")[2]
    return "" if last.startswith("{") else last
