"""Secrets in texts and values."""

from uuid import UUID

from django.test import SimpleTestCase
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from common.redaction import redact, redact_text


class TextTests(SimpleTestCase):
    def assert_hidden(self, text: str, expected: str) -> None:
        self.assertEqual(redact_text(text), expected)

    def test_a_text_without_secrets_stays_as_it_is(self) -> None:
        for text in (
            "Not Found: /v1/blogs/",
            "The token is not valid.",
            "GET http://example.com:8000/v1/?page=2 took 3 s",
            "mail to ann@example.com",
        ):
            self.assert_hidden(text, text)

    def test_the_login_in_an_address(self) -> None:
        self.assert_hidden(
            "no answer from postgresql://ann:pw@db:5432/blog.",
            "no answer from postgresql://***@db:5432/blog.",
        )

    def test_a_login_without_a_user_or_with_odd_characters(self) -> None:
        self.assert_hidden("redis://:p4ss@cache/0", "redis://***@cache/0")
        self.assert_hidden("postgresql://ann:p/w@2@db/blog", "postgresql://***@db/blog")

    def test_a_variable_that_holds_an_address(self) -> None:
        self.assert_hidden("DATABASE_URL=postgresql:///x?password=y", "DATABASE_URL=***")

    def test_headers_to_the_end_of_their_line(self) -> None:
        self.assert_hidden("Authorization: Token abc\nHost: a", "Authorization: ***\nHost: a")
        self.assert_hidden("Cookie: a=b; c=d\nHost: a", "Cookie: ***\nHost: a")
        self.assert_hidden("Set-Cookie: a=b; Path=/", "Set-Cookie: ***")

    def test_headers_in_a_dict(self) -> None:
        self.assert_hidden(
            "{'HTTP_AUTHORIZATION': 'Token abc', 'HTTP_COOKIE': \"a=b; c=d\", 'HOST': 'a'}",
            "{'HTTP_AUTHORIZATION': ***, 'HTTP_COOKIE': ***, 'HOST': 'a'}",
        )

    def test_a_token_behind_its_scheme(self) -> None:
        self.assert_hidden(f"sent Bearer {'a1.b-' * 8} along", "sent Bearer *** along")

    def test_a_jwt_wherever_it_stands(self) -> None:
        token = str(RefreshToken.for_user(User(uuid=UUID(int=1))))
        unsigned = token.rpartition(".")[0]
        for secret in (token, f"{unsigned}.", unsigned):
            self.assert_hidden(f"sent <{secret}>, and more", "sent <***>, and more")

    def test_secrets_by_each_name(self) -> None:
        for name in (
            *("password", "token", "authorization", "cookie", "set-cookie", "secret"),
            *("api key", "api_key", "x-api-key", "apikey", "client_secret", "sessionid"),
        ):
            with self.subTest(name):
                self.assert_hidden(f"with {name}: hunter2", f"with {name}: ***")
                self.assert_hidden(f"{{'{name}': 'hunter2'}}", f"{{'{name}': ***}}")
                self.assertEqual(redact({name: "hunter2"}), {name: "***"})

    def test_pairs(self) -> None:
        self.assert_hidden("/reset/?token=abc&page=2", "/reset/?token=***&page=2")
        self.assert_hidden("password: hunter2, name: ann", "password: ***, name: ann")
        self.assert_hidden("old_password='a b' x", "old_password=*** x")

    def test_pairs_in_json(self) -> None:
        self.assert_hidden(r'{"password": "a\"b c", "a": 1}', '{"password": ***, "a": 1}')
        self.assert_hidden(r'"{\"password\": \"a b\"}"', r'"{\"password\": ***}"')


class ValueTests(SimpleTestCase):
    def test_what_has_the_name_of_a_secret_is_hidden_whatever_it_is(self) -> None:
        for name in ("password", "API-Key", "sentry_dsn", "sessionid", "DATABASE_URL", "Cookies"):
            self.assertEqual(redact({name: {"a": [1]}}), {name: "***"})

    def test_everything_else_is_looked_through(self) -> None:
        value = {"a": [{"token": "x"}, ("b", "token=x")], 1: {"redis://:pw@h/0"}}
        self.assertEqual(
            redact(value), {"a": [{"token": "***"}, ["b", "token=***"]], "1": ["redis://***@h/0"]}
        )

    def test_numbers_and_none_stay_what_they_are(self) -> None:
        self.assertEqual(redact([None, True, 1, 1.5]), [None, True, 1, 1.5])

    def test_another_object_becomes_text(self) -> None:
        self.assertEqual(redact([UUID(int=1)]), [str(UUID(int=1))])
        self.assertEqual(redact(ValueError("token=x")), "token=***")
