"""One creation, however often it is asked for."""

from datetime import UTC, datetime, timedelta
from unittest import mock

from freezegun import freeze_time

from blog import _idempotency
from blog.errors import BlogError
from blog.models import Blog, IdempotencyKey
from blog.tasks import forget_idempotency_keys

from ..factories import AuthorFactory
from ..helpers import ApiTestCase, address


class IdempotencyTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory()

    def create(self, key: str = "k-1", author=None, **body):
        client = self.as_user((author or self.author).user)
        body = {"title": "First", **body}
        return client.post(address("blog:list"), body, headers={"Idempotency-Key": key})

    def test_the_same_request_gives_the_same_blog(self) -> None:
        first, second = self.create(), self.create()
        self.assertEqual((first.status_code, second.status_code), (201, 201))
        self.assertEqual(first.json(), second.json())
        self.assertEqual(Blog.objects.count(), 1)

    def test_the_order_of_the_fields_is_no_difference(self) -> None:
        client = self.as_user(self.author.user)
        for text in ('{"title": "First", "content": "x"}', '{"content": "x", "title": "First"}'):
            response = client.post(
                address("blog:list"),
                text,
                content_type="application/json",
                headers={"Idempotency-Key": "k-1"},
            )
            self.assertEqual(response.status_code, 201)
        self.assertEqual(Blog.objects.count(), 1)

    def test_another_body_is_a_conflict(self) -> None:
        self.create()
        self.assert_error(self.create(title="Second"), BlogError.KEY_TAKEN)
        self.assertEqual(Blog.objects.get().title, "First")

    def test_another_key_makes_another_blog(self) -> None:
        self.create("k-1")
        self.create("k-2")
        self.assertEqual(Blog.objects.count(), 2)

    def test_the_key_of_another_user_is_another_one(self) -> None:
        self.create()
        other = AuthorFactory()
        response = self.create(author=other)
        self.assertEqual(response.json()["author"]["uuid"], str(other.uuid))

    def test_a_refused_body_does_not_use_the_key_up(self) -> None:
        self.assertEqual(self.create(title="").status_code, 400)
        self.assertEqual(self.create().status_code, 201)

    def test_a_key_that_cannot_be_kept_is_refused(self) -> None:
        for key in ("", "x" * 101, "a b", "\u00fc", "k\n"):
            self.assert_error(self.create(key), BlogError.KEY_INVALID)
        self.assertFalse(Blog.objects.exists())

    def test_the_longest_key_is_kept(self) -> None:
        self.assertEqual(self.create("x" * 100).status_code, 201)

    @freeze_time("2026-03-02 12:00")
    def test_a_key_is_forgotten_after_a_day(self) -> None:
        self.create()
        self.create("k-2")
        a_day = datetime(2026, 3, 1, 12, tzinfo=UTC)
        IdempotencyKey.objects.filter(key="k-1").update(created_at=a_day - timedelta(seconds=1))
        IdempotencyKey.objects.filter(key="k-2").update(created_at=a_day)
        forget_idempotency_keys.delay()
        self.assertEqual(IdempotencyKey.objects.get().key, "k-2")
        self.create()
        self.assertEqual(Blog.objects.count(), 3)

    def test_many_keys_are_forgotten_in_pieces(self) -> None:
        for number in range(3):
            self.create(f"k-{number}")
        later = datetime.now(UTC) + timedelta(days=2)
        with mock.patch.object(_idempotency, "CHUNK", 2), self.assertNumQueries(5):
            self.assertEqual(_idempotency.forget_keys(later), 3)
        self.assertFalse(IdempotencyKey.objects.exists())
