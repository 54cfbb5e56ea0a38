"""The endpoints of authors."""

from uuid import uuid4

from rest_framework.test import APIClient

from author.errors import AuthorError
from author.models import Author
from author.serializers import AuthorSerializer
from common.errors import CommonError

from ..factories import AuthorFactory, UserFactory
from ..helpers import ApiTestCase, BodyTests, PublicTests, TokenTests, address, meanwhile


class AuthorListTests(PublicTests, ApiTestCase):
    def url(self) -> str:
        return address("author:list")

    def test_everyone_sees_the_authors_in_order(self) -> None:
        AuthorFactory(pen_name="Bea")
        AuthorFactory(pen_name="Ann")
        rows = self.client.get(address("author:list")).json()["results"]
        self.assertEqual([row["pen_name"] for row in rows], ["Ann", "Bea"])

    def test_neither_email_nor_account_is_shown(self) -> None:
        AuthorFactory()
        row = self.client.get(address("author:list")).json()["results"][0]
        self.assertEqual(
            set(row),
            {"uuid", "pen_name", "bio", "followers_count", "following_count", "created_at"},
        )

    def test_the_author_of_an_inactive_account_is_not_listed(self) -> None:
        AuthorFactory(user__is_active=False)
        self.assertEqual(self.client.get(address("author:list")).json()["count"], 0)

    def test_more_authors_take_no_more_queries(self) -> None:
        AuthorFactory()
        with self.assertNumQueries(2):
            self.client.get(address("author:list"))
        AuthorFactory.create_batch(3)
        with self.assertNumQueries(2):
            self.client.get(address("author:list"))


class AuthorReadTests(PublicTests, ApiTestCase):
    def url(self) -> str:
        return address("author:detail", uuid=AuthorFactory().uuid)

    def test_everyone_sees_an_author(self) -> None:
        author = AuthorFactory(pen_name="Ann", bio="Writes.")
        row = self.client.get(address("author:detail", uuid=author.uuid)).json()
        self.assertEqual((row["pen_name"], row["bio"]), ("Ann", "Writes."))

    def test_an_author_that_is_not_there_is_a_404(self) -> None:
        response = self.client.get(address("author:detail", uuid=uuid4()))
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_an_id_that_is_no_uuid_is_a_404(self) -> None:
        self.assert_error(self.client.get("/v1/authors/17/"), CommonError.NOT_FOUND)


class AuthorUpdateTests(TokenTests, BodyTests, ApiTestCase):
    method = "patch"
    body = {"bio": "Writes."}

    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = AuthorFactory(pen_name="Ann")

    def url(self) -> str:
        return address("author:detail", uuid=self.author.uuid)

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.author.user)

    def test_the_own_profile_is_changed(self) -> None:
        response = self.client_with_rights().patch(self.url(), {"pen_name": "Bea", "bio": ""})
        self.assertEqual((response.status_code, response.json()["pen_name"]), (200, "Bea"))
        self.author.refresh_from_db()
        self.assertEqual(self.author.pen_name, "Bea")

    def test_the_profile_of_someone_else_is_not(self) -> None:
        response = self.as_user(UserFactory()).patch(self.url(), {"pen_name": "Bea"})
        self.assert_error(response, AuthorError.NOT_YOURS)
        self.author.refresh_from_db()
        self.assertEqual(self.author.pen_name, "Ann")

    def test_a_change_does_not_undo_what_happens_meanwhile(self) -> None:
        client = self.client_with_rights()
        with meanwhile(AuthorSerializer, "is_valid", lambda: Author.objects.update(pen_name="Bea")):
            client.patch(self.url(), self.body)
        author = Author.objects.get()
        self.assertEqual((author.pen_name, author.bio), ("Bea", "Writes."))

    def test_a_bio_that_is_too_long_is_refused(self) -> None:
        response = self.client_with_rights().patch(self.url(), {"bio": "x" * 2001})
        self.assert_field_error(response, "bio", CommonError.FIELD_TOO_LONG)

    def test_a_pen_name_that_is_a_list_is_refused(self) -> None:
        response = self.client_with_rights().patch(self.url(), {"pen_name": ["Ann"]})
        self.assert_field_error(response, "pen_name", CommonError.FIELD_WRONG_TYPE)

    def test_the_uuid_is_not_changed(self) -> None:
        response = self.client_with_rights().patch(self.url(), {"uuid": str(uuid4())})
        self.assert_field_error(response, "uuid", CommonError.FIELD_UNKNOWN)
