"""What is sent to do harm: each gets a clear answer, and nothing is written.

What a single endpoint refuses is tested with it. Here stands what holds for all of them.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import jwt
from django.core import mail
from django.db import connection
from django.db.backends.utils import CursorWrapper
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts import _jwt
from accounts.errors import AccountError
from author.errors import AuthorError
from blog.errors import BlogError
from blog.models import Blog
from common.errors import CommonError, ErrorCode

from ..factories import (
    PASSWORD,
    AuthorFactory,
    BlogFactory,
    CommentFactory,
    CoverImageFactory,
    UserFactory,
    token_of,
)
from ..helpers import ApiTestCase, address, mailed_token

# How the names of our tables begin.
OURS = ("accounts_", "author_", "blog_", "common_")


class HostileTestCase(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()
        cls.token = token_of(cls.author.user)

    @contextmanager
    def nothing_is_written(self) -> Iterator[None]:
        """Check that every table has the rows that it had."""
        before = self.rows()
        yield
        self.assertEqual(self.rows(), before)

    def rows(self) -> dict[str, list[Any]]:
        """Return every row of our tables, by their names."""
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            ours = [name for name in tables if name.startswith(OURS)]
            return {name: self.rows_of(cursor, name) for name in ours}

    def rows_of(self, cursor: CursorWrapper, table: str) -> list[Any]:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return sorted(cursor.fetchall(), key=str)

    def send(self, text: str | bytes, kind: str = "application/json") -> Response:
        """Send a body to where blogs are made."""
        client = self.with_token(self.token)
        return client.post(address("blog:list"), text, content_type=kind)

    def assert_refused(self, text: str | bytes, error: ErrorCode) -> None:
        """Check that a body is refused whole, and nothing is written."""
        with self.nothing_is_written():
            self.assert_error(self.send(text), error)

    def assert_field_refused(self, field: str, value: Any, error: ErrorCode) -> None:
        """Check that a blog is refused for one of its fields, and nothing is written."""
        with self.nothing_is_written():
            response = self.send(json.dumps({"title": "x", field: value}))
            self.assert_field_error(response, field, error)


class LargeBodyTests(HostileTestCase):
    def test_a_blog_is_made_where_nothing_is_wrong(self) -> None:
        self.assertEqual(self.send('{"title": "x"}').status_code, 201)

    def test_a_title_of_a_megabyte_is_not_even_read(self) -> None:
        self.assert_refused(json.dumps({"title": "x" * 2**20}), CommonError.TOO_LARGE)

    def test_a_title_just_small_enough_to_be_read_is_too_long(self) -> None:
        self.assert_field_refused("title", "x" * 500_000, CommonError.FIELD_TOO_LONG)

    def test_ten_thousand_tags_are_refused_before_one_is_looked_up(self) -> None:
        with self.assertNumQueries(2):  # the token, and the author
            response = self.send(json.dumps({"title": "x", "tags": ["a"] * 10_000}))
        self.assert_field_error(response, "tags", CommonError.FIELD_TOO_LONG)
        self.assertFalse(Blog.objects.exists())

    def test_ten_thousand_tags_that_are_none_are_one_error(self) -> None:
        self.assert_field_refused("tags", [1] * 10_000, CommonError.FIELD_TOO_LONG)

    def test_of_ten_thousand_unknown_fields_some_are_named(self) -> None:
        with self.nothing_is_written():
            response = self.send(json.dumps({f"field-{number}": 1 for number in range(10_000)}))
        self.assert_error(response, CommonError.INVALID)
        self.assertEqual(len(response.json()["error"]["fields"]), 20)

    def test_a_header_of_a_hundred_kilobytes_is_no_key(self) -> None:
        client = self.with_token(self.token)
        with self.nothing_is_written():
            response = client.post(
                address("blog:list"), {"title": "x"}, headers={"Idempotency-Key": "x" * 100_000}
            )
        self.assert_error(response, BlogError.KEY_INVALID)


class BrokenBodyTests(HostileTestCase):
    def test_ten_thousand_levels_are_refused(self) -> None:
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            value = opening * 10_000 + "1" + closing * 10_000
            self.assert_refused(f'{{"title": "x", "metadata": {value}}}', CommonError.MALFORMED)

    def test_numbers_that_are_none_are_refused(self) -> None:
        for constant in ("NaN", "Infinity", "-Infinity"):
            text = f'{{"title": "x", "metadata": {{"a": {constant}}}}}'
            self.assert_refused(text, CommonError.MALFORMED)

    def test_a_number_that_becomes_infinite_is_refused(self) -> None:
        with self.nothing_is_written():
            response = self.send('{"title": "x", "metadata": {"a": 1e999}}')
        self.assert_field_error(response, "metadata", CommonError.FIELD_INVALID)

    def test_a_name_that_stands_twice_is_refused_at_any_depth(self) -> None:
        for text in (
            '{"title": "x", "title": "y"}',
            r'{"title": "x", "t\u0069tle": "y"}',
            '{"title": "x", "metadata": {"a": [{"b": 1, "b": 1}]}}',
        ):
            self.assert_refused(text, CommonError.MALFORMED)

    def test_bytes_that_are_no_utf_8_are_refused(self) -> None:
        for text in (b'{"title": "\xff"}', b'{"title": "\xc0\x80"}', b'{"title": "\xed\xa0\x80"}'):
            self.assert_refused(text, CommonError.MALFORMED)

    def test_utf_16_is_refused(self) -> None:
        self.assert_refused('{"title": "x"}'.encode("utf-16"), CommonError.MALFORMED)

    def test_what_no_column_keeps_is_refused_in_every_text(self) -> None:
        for field in ("title", "content"):
            for text in ("a\0b", "a\ud800b"):
                self.assert_field_refused(field, text, CommonError.FIELD_FORBIDDEN_CHARACTERS)

    def test_another_type_of_content_is_refused(self) -> None:
        for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "\xff"):
            with self.nothing_is_written():
                response = self.send('{"title": "x"}', kind)
            self.assert_error(response, CommonError.UNSUPPORTED_MEDIA_TYPE)


class AddressTests(HostileTestCase):
    def test_a_null_byte_is_refused_wherever_it_stands(self) -> None:
        for path in ("/v1/blogs/%00/", "/v1/tags/?page=%00", "/v2/blogs/?cursor=%00", "/%00"):
            self.assert_error(self.client.get(path), CommonError.BAD_REQUEST)

    def test_a_cursor_that_is_not_ours_leads_nowhere(self) -> None:
        for cursor in ("x", "-1", "cD0nOyBkcm9wIHRhYmxl", "\u00fc"):
            response = self.client.get("/v2/blogs/", {"cursor": cursor})
            self.assert_error(response, CommonError.NOT_FOUND)

    def test_text_that_is_no_utf_8_finds_nothing(self) -> None:
        BlogFactory(published=True)
        response = self.client.get("/v1/blogs/?search=%ff%fe&tag=%ed%a0%80")
        self.assertEqual((response.status_code, response.json()["count"]), (200, 0))


class ForeignIdTests(HostileTestCase):
    """Somebody logged in, with the ids of somebody else's rows."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.draft, cls.published = BlogFactory(), BlogFactory(published=True)
        CoverImageFactory(blog=cls.published)
        cls.comment = CommentFactory(blog=cls.published)
        token_of(cls.published.author.user)
        cls.device = cls.published.author.user.auth_token_set.get()

    def refuse(
        self, error: ErrorCode, method: str, name: str, body: Any = None, **ids: Any
    ) -> None:
        with self.nothing_is_written():
            client = self.with_token(self.token)
            response = getattr(client, method)(address(name, **ids), body)
            self.assert_error(response, error)

    def test_a_draft_is_not_there(self) -> None:
        uuid = self.draft.uuid
        for method, name, body in (
            ("get", "blog:detail", None),
            ("patch", "blog:detail", {"title": "x"}),
            ("delete", "blog:detail", None),
            ("delete", "blog:cover", None),
            ("post", "blog:comments", {"text": "x"}),
            *(("post", f"blog:{action}", {}) for action in ("submit", "publish", "archive")),
        ):
            with self.subTest(method=method, name=name):
                self.refuse(CommonError.NOT_FOUND, method, name, body, uuid=uuid)

    def test_a_published_blog_is_not_ours_to_change(self) -> None:
        uuid = self.published.uuid
        self.refuse(BlogError.NOT_YOURS, "patch", "blog:detail", {"title": "x"}, uuid=uuid)
        self.refuse(BlogError.NOT_YOURS, "delete", "blog:detail", uuid=uuid)
        self.refuse(BlogError.NOT_YOURS, "delete", "blog:cover", uuid=uuid)
        self.refuse(BlogError.NOT_ALLOWED, "post", "blog:archive", {}, uuid=uuid)

    def test_the_comment_profile_and_device_of_someone_else_stay(self) -> None:
        self.refuse(
            BlogError.COMMENT_NOT_YOURS,
            "delete",
            "blog:comment",
            uuid=self.published.uuid,
            comment_uuid=self.comment.uuid,
        )
        writer = self.published.author.uuid
        self.refuse(AuthorError.NOT_YOURS, "patch", "author:detail", {"bio": "x"}, uuid=writer)
        self.refuse(CommonError.NOT_FOUND, "delete", "accounts:device", uuid=self.device.uuid)


class ForeignTokenTests(HostileTestCase):
    def refuse(self, header: str, error: ErrorCode) -> None:
        client = APIClient(headers={"authorization": header})
        with self.nothing_is_written():
            self.assert_error(client.post(address("blog:list"), {"title": "x"}), error)

    def pair(self) -> _jwt.Pair:
        return _jwt.log_in(email=self.author.user.email, password=PASSWORD)

    def test_an_expired_one(self) -> None:
        token = token_of(self.author.user, expiry=timedelta(seconds=-1))
        self.refuse(f"Token {token}", AccountError.TOKEN_EXPIRED)

    def test_one_of_a_user_who_is_gone(self) -> None:
        user = UserFactory()
        token, access = token_of(user), _jwt.log_in(email=user.email, password=PASSWORD).access
        user.delete()
        self.refuse(f"Token {token}", AccountError.TOKEN_INVALID)
        self.refuse(f"Bearer {access}", AccountError.TOKEN_INVALID)

    def test_one_that_another_key_signed_or_none(self) -> None:
        claims = jwt.decode(self.pair().access, options={"verify_signature": False})
        for forged in (
            jwt.encode(claims, "k" * 32, algorithm="HS256"),
            jwt.encode(claims, "", algorithm="none"),
        ):
            self.refuse(f"Bearer {forged}", AccountError.TOKEN_INVALID)

    def test_one_of_another_kind(self) -> None:
        pair = self.pair()
        self.refuse(f"Bearer {pair.refresh}", AccountError.TOKEN_INVALID)
        self.refuse(f"Bearer {self.token}", AccountError.TOKEN_INVALID)
        self.refuse(f"Token {pair.access}", AccountError.TOKEN_INVALID)

    def test_one_without_end(self) -> None:
        self.refuse("Token " + "a" * 100_000, AccountError.TOKEN_INVALID)
        self.refuse("Bearer " + "a" * 100_000, AccountError.TOKEN_INVALID)


class ReplayedLinkTests(HostileTestCase):
    def test_a_link_to_a_new_password_changes_nothing_the_second_time(self) -> None:
        email = {"email": self.author.user.email}
        self.client.post(address("accounts:password-reset-mail"), email)
        body = {"token": mailed_token(), "password": "staple battery horse"}
        first = self.client.post(address("accounts:password-reset"), body)
        self.assertEqual(first.status_code, 204)
        with self.nothing_is_written():
            second = self.client.post(
                address("accounts:password-reset"), body | {"password": "another battery horse"}
            )
        self.assert_error(second, AccountError.LINK_INVALID)

    def test_a_proof_of_an_email_changes_nothing_the_second_time(self) -> None:
        self.client.post(address("accounts:verification-mail"), {"email": self.author.user.email})
        body = {"token": mailed_token()}
        client = self.as_user(self.author.user)
        first = client.post(address("accounts:verification"), body)
        self.assertEqual(first.status_code, 204)
        sent = len(mail.outbox)
        with self.nothing_is_written():
            second = client.post(address("accounts:verification"), body)
        self.assert_error(second, AccountError.LINK_INVALID)
        self.assertEqual(len(mail.outbox), sent)
