"""Who sends requests: the roles of the reference app, declared once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from rest_framework.test import APIClient

from accounts import _jwt
from accounts.models import User
from accounts.public import EDITORS, SUPPORT
from quality_harness.testing.roles import Role

from .factories import (
    PASSWORD,
    AuthorFactory,
    UserFactory,
    editor,
    staff,
    support_agent,
    token_of,
)

ANONYMOUS, WRONG_TOKEN, EXPIRED_TOKEN = "anonymous", "wrong token", "expired token"
EXPIRED_JWT = "expired JWT"
OWNER, OTHER, USER, STAFF, SUPERUSER = "owner", "other user", "user", "staff", "superuser"

MAKERS: dict[str, Callable[[], User]] = {
    USER: UserFactory,
    OWNER: lambda: AuthorFactory().user,
    OTHER: lambda: AuthorFactory().user,
    STAFF: staff,
    SUPERUSER: lambda: UserFactory(is_staff=True, is_superuser=True),
    EDITORS: editor,
    SUPPORT: support_agent,
}
LOGGED_IN = tuple(MAKERS)


class Users(dict[str, User]):
    """The users of the roles, each made when it is first asked for."""

    def __missing__(self, name: str) -> User:
        self[name] = MAKERS[name]()
        return self[name]


@dataclass(frozen=True)
class World:
    """What the clients of the roles are made from."""

    users: Users = field(default_factory=Users)


def with_header(header: str) -> APIClient:
    """Return a client that sends this Authorization header."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    return client


def logged_in(name: str) -> Role:
    """Return the role of a user who is logged in."""
    return Role(name, lambda world: with_header(f"Token {token_of(world.users[name])}"))


def expired_token(world: Any) -> APIClient:
    token = token_of(world.users[OWNER], expiry=timedelta(seconds=-1))
    return with_header(f"Token {token}")


def expired_jwt(world: Any) -> APIClient:
    pair = _jwt.log_in(email=world.users[OWNER].email, password=PASSWORD)
    token = _jwt.AccessToken(pair.access)
    token.set_exp(lifetime=timedelta(seconds=-1))
    return with_header(f"Bearer {token}")


ROLES = (
    Role(ANONYMOUS, lambda world: APIClient()),
    Role(WRONG_TOKEN, lambda world: with_header("Token " + "f" * 64), invalid=True),
    Role(EXPIRED_TOKEN, expired_token, invalid=True),
    Role(EXPIRED_JWT, expired_jwt, invalid=True),
    *map(logged_in, LOGGED_IN),
)
