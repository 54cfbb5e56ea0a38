"""How many queries each endpoint makes, each of its methods: a change of that is a decision."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts import _jwt, _mailed_tokens, _passwords, _verification

from ..factories import (
    PASSWORD,
    AuthorFactory,
    BlogFactory,
    CommentFactory,
    CoverImageFactory,
    FollowFactory,
    TagFactory,
    editor,
    picture,
)
from .test_social_api import SocialTestCase

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Case:
    """A request that succeeds, and what it costs.

    Attributes:
        method: in lower case.
        route: its name, as `reverse` takes it.
        queries: how many, savepoints included.
        who: who asks: "author", "editor" or "everyone".
        body: what is sent; a word in angle brackets is taken from the test.
        path: what stands in the path, likewise.
        form: whether the body is a form with a file.
    """

    method: str
    route: str
    queries: int
    who: str = "author"
    body: dict[str, Any] | None = None
    path: dict[str, str] = field(default_factory=dict)
    form: bool = False


def of_blog(state: str) -> dict[str, str]:
    return {"uuid": f"<{state}>"}


CREDENTIALS = {"email": "<email>", "password": PASSWORD}
PROVIDER = {"provider": "google"}

CASES = (
    Case("get", "blog:tags", 3),
    Case("get", "blog:tag-cloud", 2),
    Case("get", "blog:list", 6),
    Case("post", "blog:list", 13, body={"title": "x", "tags": ["<tag>"], "continues": "<draft>"}),
    Case("post", "blog:bulk", 7, body={"blogs": [{"title": "x"}, {"title": "y"}]}),
    Case("get", "blog:statistics", 2, "everyone"),
    Case("get", "blog_v2:list", 5),
    Case("get", "blog:detail", 5, path=of_blog("published")),
    Case("patch", "blog:detail", 10, body={"title": "x"}, path=of_blog("draft")),
    Case("delete", "blog:detail", 14, path=of_blog("draft")),
    Case("post", "blog:submit", 10, path=of_blog("draft")),
    Case("post", "blog:withdraw", 10, path=of_blog("submitted")),
    Case("post", "blog:review", 10, "editor", path=of_blog("submitted")),
    Case("post", "blog:reject", 10, "editor", path=of_blog("reviewed")),
    Case("post", "blog:publish", 15, "editor", path=of_blog("reviewed")),
    Case(
        "post",
        "blog:schedule",
        10,
        "editor",
        {"publish_at": "2999-01-01T00:00:00Z"},
        of_blog("reviewed"),
    ),
    Case("post", "blog:archive", 10, "editor", path=of_blog("published")),
    Case("get", "blog:comments", 6, path=of_blog("published")),
    Case("post", "blog:comments", 8, body={"text": "x"}, path=of_blog("published")),
    Case("delete", "blog:comment", 3, path={"uuid": "<commented>", "comment_uuid": "<comment>"}),
    Case("put", "blog:cover", 9, body={"image": "<image>"}, path=of_blog("draft"), form=True),
    Case("delete", "blog:cover", 9, path=of_blog("covered")),
    Case("get", "author:list", 3),
    Case("get", "author:detail", 2, path={"uuid": "<author>"}),
    Case("patch", "author:detail", 3, body={"bio": "x"}, path={"uuid": "<author>"}),
    Case("get", "author:followers", 4, path={"uuid": "<author>"}),
    Case("put", "author:follow", 8, "editor", path={"uuid": "<author>"}),
    Case("delete", "author:follow", 5, "editor", path={"uuid": "<author>"}),
    Case("get", "author:following", 3, path={"uuid": "<author>"}),
    Case(
        "post",
        "accounts:registration",
        7,
        "everyone",
        {"email": "new@example.com", "password": PASSWORD, "name": "New"},
    ),
    Case("post", "accounts:verification", 5, body={"token": "<verification>"}),
    Case("post", "accounts:verification-mail", 1, "everyone", {"email": "<email>"}),
    Case(
        "put",
        "accounts:password",
        6,
        body={"old_password": PASSWORD, "password": "another horse battery"},
    ),
    Case(
        "post",
        "accounts:password-reset",
        5,
        "everyone",
        {"token": "<reset>", "password": "another horse battery"},
    ),
    Case("post", "accounts:password-reset-mail", 1, "everyone", {"email": "<email>"}),
    Case("post", "accounts:login", 7, "everyone", CREDENTIALS),
    Case("post", "accounts:logout", 2),
    Case("post", "accounts:logout-everywhere", 5),
    Case("get", "accounts:devices", 3),
    Case("delete", "accounts:device", 3, path={"uuid": "<device>"}),
    Case("post", "accounts:jwt", 6, "everyone", CREDENTIALS),
    Case("post", "accounts:jwt-refresh", 9, "everyone", {"refresh": "<refresh>"}),
    Case("post", "accounts:jwt-revocation", 8, "everyone", {"refresh": "<refresh>"}),
    Case("post", "accounts:social-beginning", 0, "everyone", path=PROVIDER),
    Case("post", "accounts:social-login", 25, "everyone", path=PROVIDER),
    Case("get", "accounts:me", 1),
    Case("patch", "accounts:me", 2, body={"name": "x"}),
    Case("get", "common:schema", 0, "everyone"),
    Case("get", "common:docs", 0, "everyone"),
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
        cls.reviewer = editor()
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

    def client_of(self, who: str) -> APIClient:
        if who == "everyone":
            return APIClient()
        return self.as_user(self.reviewer if who == "editor" else self.author.user)

    def check(self, case: Case) -> None:
        client = self.client_of(case.who)
        path = self.filled(case.path)
        if case.route != "blog_v2:list":
            path["version"] = "v1"
        body = self.agreed() if case.route == "accounts:social-login" else self.filled(case.body)
        send = getattr(client, case.method)
        form = {"format": "multipart"} if case.form else {}
        with self.assertNumQueries(case.queries):
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
