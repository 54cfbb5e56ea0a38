"""Which queries each endpoint makes, each of its methods: a change of that is a decision.

They are recorded in test_queries.queries.json.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.views import APIView

from accounts import _jwt, _mailed_tokens, _passwords, _verification
from accounts.public import EDITORS

from ..factories import (
    PASSWORD,
    AuthorFactory,
    BlogFactory,
    CommentFactory,
    CoverImageFactory,
    FollowFactory,
    TagFactory,
    picture,
)
from ..roles import ANONYMOUS, OWNER, Users, World
from .test_social_api import SocialTestCase

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Case:
    """A request that succeeds.

    Attributes:
        method: in lower case.
        route: its name, as `reverse` takes it.
        who: the role that asks.
        body: what is sent; a word in angle brackets is taken from the test.
        path: what stands in the path, likewise.
        form: whether the body is a form with a file.
    """

    method: str
    route: str
    who: str = OWNER
    body: dict[str, Any] | None = None
    path: dict[str, str] = field(default_factory=dict)
    form: bool = False


def of_blog(state: str) -> dict[str, str]:
    return {"uuid": f"<{state}>"}


CREDENTIALS = {"email": "<email>", "password": PASSWORD}
PROVIDER = {"provider": "google"}

CASES = (
    Case("get", "blog:tags"),
    Case("get", "blog:tag-cloud"),
    Case("get", "blog:list"),
    Case("post", "blog:list", body={"title": "x", "tags": ["<tag>"], "continues": "<draft>"}),
    Case("post", "blog:bulk", body={"blogs": [{"title": "x"}, {"title": "y"}]}),
    Case("get", "blog:statistics", ANONYMOUS),
    Case("get", "blog_v2:list"),
    Case("get", "blog:detail", path=of_blog("published")),
    Case("patch", "blog:detail", body={"title": "x"}, path=of_blog("draft")),
    Case("delete", "blog:detail", path=of_blog("draft")),
    Case("post", "blog:submit", path=of_blog("draft")),
    Case("post", "blog:withdraw", path=of_blog("submitted")),
    Case("post", "blog:review", EDITORS, path=of_blog("submitted")),
    Case("post", "blog:reject", EDITORS, path=of_blog("reviewed")),
    Case("post", "blog:publish", EDITORS, path=of_blog("reviewed")),
    Case(
        "post",
        "blog:schedule",
        EDITORS,
        {"publish_at": "2999-01-01T00:00:00Z"},
        of_blog("reviewed"),
    ),
    Case("post", "blog:archive", EDITORS, path=of_blog("published")),
    Case("get", "blog:comments", path=of_blog("published")),
    Case("post", "blog:comments", body={"text": "x"}, path=of_blog("published")),
    Case("delete", "blog:comment", path={"uuid": "<commented>", "comment_uuid": "<comment>"}),
    Case("put", "blog:cover", body={"image": "<image>"}, path=of_blog("draft"), form=True),
    Case("delete", "blog:cover", path=of_blog("covered")),
    Case("get", "author:list"),
    Case("get", "author:detail", path={"uuid": "<author>"}),
    Case("patch", "author:detail", body={"bio": "x"}, path={"uuid": "<author>"}),
    Case("get", "author:followers", path={"uuid": "<author>"}),
    Case("put", "author:follow", EDITORS, path={"uuid": "<author>"}),
    Case("delete", "author:follow", EDITORS, path={"uuid": "<author>"}),
    Case("get", "author:following", path={"uuid": "<author>"}),
    Case(
        "post",
        "accounts:registration",
        ANONYMOUS,
        {"email": "new@example.com", "password": PASSWORD, "name": "New"},
    ),
    Case("post", "accounts:verification", body={"token": "<verification>"}),
    Case("post", "accounts:verification-mail", ANONYMOUS, {"email": "<email>"}),
    Case(
        "put",
        "accounts:password",
        body={"old_password": PASSWORD, "password": "another horse battery"},
    ),
    Case(
        "post",
        "accounts:password-reset",
        ANONYMOUS,
        {"token": "<reset>", "password": "another horse battery"},
    ),
    Case("post", "accounts:password-reset-mail", ANONYMOUS, {"email": "<email>"}),
    Case("post", "accounts:login", ANONYMOUS, CREDENTIALS),
    Case("post", "accounts:logout"),
    Case("post", "accounts:logout-everywhere"),
    Case("get", "accounts:devices"),
    Case("delete", "accounts:device", path={"uuid": "<device>"}),
    Case("post", "accounts:jwt", ANONYMOUS, CREDENTIALS),
    Case("post", "accounts:jwt-refresh", ANONYMOUS, {"refresh": "<refresh>"}),
    Case("post", "accounts:jwt-revocation", ANONYMOUS, {"refresh": "<refresh>"}),
    Case("post", "accounts:social-beginning", ANONYMOUS, path=PROVIDER),
    Case("post", "accounts:social-login", ANONYMOUS, path=PROVIDER),
    Case("get", "accounts:me"),
    Case("patch", "accounts:me", body={"name": "x"}),
    Case("get", "common:schema", ANONYMOUS),
    Case("get", "common:docs", ANONYMOUS),
)


def routes(patterns: list[Any], spaces: str = "") -> Iterator[tuple[str, str]]:
    """Yield each method of each view of the API, with the name of its route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", object)
            for method in METHODS if issubclass(view, APIView) else ():
                if method in view.http_method_names and hasattr(view, method):
                    yield method, f"{spaces}{pattern.name}"


class QueriesTests(SocialTestCase):
    """One method for each case; they are added below."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()
        cls.users = Users({OWNER: cls.author.user})
        own = {"author": cls.author}
        cls.blogs = {
            "draft": BlogFactory(**own),
            "submitted": BlogFactory(submitted=True, **own),
            "reviewed": BlogFactory(reviewed=True, **own),
            "published": BlogFactory(published=True, **own),
            "covered": CoverImageFactory(blog__author=cls.author).blog,
        }
        cls.comment = CommentFactory(user=cls.author.user, blog=cls.blogs["published"])
        cls.tag = TagFactory()
        FollowFactory(author=cls.author)

    def make_world(self) -> World:
        return World(self.users)

    def word(self, word: str) -> Any:
        """Return what a word in angle brackets stands for."""
        if word in self.blogs:
            return str(self.blogs[word].uuid)
        return getattr(self, f"_{word}")()

    def filled(self, value: Any) -> Any:
        match value:
            case dict():
                return {name: self.filled(each) for name, each in value.items()}
            case list():
                return [self.filled(each) for each in value]
            case str() if value.startswith("<"):
                return self.word(value.strip("<>"))
            case _:
                return value

    def check(self, case: Case) -> None:
        client = self.client_of(case.who)
        path = self.filled(case.path)
        if case.route != "blog_v2:list":
            path["version"] = "v1"
        body = self.agreed() if case.route == "accounts:social-login" else self.filled(case.body)
        send = getattr(client, case.method)
        form = {"format": "multipart"} if case.form else {}
        with self.assertQueryBudget():
            response = send(reverse(case.route, kwargs=path), body, **form)
        self.assertLess(response.status_code, 300, response.content)

    def test_every_method_of_every_route_is_a_case(self) -> None:
        cases = [(case.method, case.route) for case in CASES]
        self.assertCountEqual(cases, set(routes(get_resolver().url_patterns)))

    def _author(self) -> str:
        return str(self.author.uuid)

    def _comment(self) -> str:
        return str(self.comment.uuid)

    def _commented(self) -> str:
        return str(self.comment.blog.uuid)

    def _tag(self) -> str:
        return self.tag.slug

    def _image(self) -> Any:
        return picture()

    def _email(self) -> str:
        return self.author.user.email

    def _device(self) -> str:
        return str(self.author.user.auth_token_set.get().uuid)

    def _refresh(self) -> str:
        return _jwt.log_in(email=self._email(), password=PASSWORD).refresh

    def _verification(self) -> str:
        return _mailed_tokens.make_token(self.author.user, _verification.VERIFICATION)

    def _reset(self) -> str:
        return _mailed_tokens.make_token(self.author.user, _passwords.RESET)


def costs(case: Case) -> Callable[[QueriesTests], None]:
    def test(self: QueriesTests) -> None:
        self.check(case)

    return test


for one in CASES:
    name = re.sub(r"\W", "_", f"test_{one.method}_{one.route}")
    setattr(QueriesTests, name, costs(one))
