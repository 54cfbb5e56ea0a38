"""The endpoints of who follows whom."""

from uuid import uuid4

from django.db import IntegrityError
from django.test import TestCase
from rest_framework.response import Response
from rest_framework.test import APIClient

from author.errors import AuthorError
from author.models import Author, Follow
from common.errors import CommonError

from ..factories import AuthorFactory, FollowFactory, UserFactory
from ..helpers import ApiTestCase, BodyTests, PublicTests, TokenTests, address


class FollowModelTests(TestCase):
    def test_the_database_refuses_to_follow_twice(self) -> None:
        follow = FollowFactory()
        with self.assertRaisesMessage(IntegrityError, "author_follow_once"):
            Follow.objects.create(follower=follow.follower, author=follow.author)

    def test_the_database_refuses_to_follow_oneself(self) -> None:
        author = AuthorFactory()
        with self.assertRaisesMessage(IntegrityError, "author_follow_not_oneself"):
            Follow.objects.create(follower=author.user, author=author)

    def test_it_goes_with_the_author(self) -> None:
        FollowFactory().author.delete()
        self.assertFalse(Follow.objects.exists())


class FollowTests(TokenTests, BodyTests, ApiTestCase):
    method = "put"

    @classmethod
    def setUpTestData(cls) -> None:
        AuthorFactory()  # so that the keys of authors differ from those of their users
        cls.reader = UserFactory()
        cls.author = AuthorFactory()

    def url(self) -> str:
        return address("author:follow", uuid=self.author.uuid)

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.reader)

    def put(self) -> Response:
        return self.client_with_rights().put(self.url())

    def test_the_author_has_a_follower(self) -> None:
        response = self.put()
        self.assertEqual((response.status_code, response.content), (204, b""))
        follow = Follow.objects.get()
        self.assertEqual((follow.follower, follow.author), (self.reader, self.author))

    def test_an_empty_object_is_a_body_too(self) -> None:
        self.assertEqual(self.client_with_rights().put(self.url(), {}).status_code, 204)

    def test_twice_is_once(self) -> None:
        self.put()
        self.assertEqual(self.put().status_code, 204)
        self.assertEqual(Follow.objects.count(), 1)

    def test_another_author_is_followed_too(self) -> None:
        FollowFactory(follower=self.reader)
        self.put()
        self.assertEqual(self.reader.following.count(), 2)

    def test_nobody_follows_themselves(self) -> None:
        response = self.as_user(self.author.user).put(self.url())
        self.assert_error(response, AuthorError.OWN_FOLLOWER)
        self.assertFalse(Follow.objects.exists())

    def test_an_author_that_is_not_there_is_a_404(self) -> None:
        response = self.client_with_rights().put(address("author:follow", uuid=uuid4()))
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_the_author_of_an_inactive_account_is_a_404(self) -> None:
        author = AuthorFactory(user__is_active=False)
        response = self.client_with_rights().put(address("author:follow", uuid=author.uuid))
        self.assert_error(response, CommonError.NOT_FOUND)


class UnfollowTests(TokenTests, ApiTestCase):
    method = "delete"

    @classmethod
    def setUpTestData(cls) -> None:
        AuthorFactory()
        cls.follow = FollowFactory()

    def url(self) -> str:
        return address("author:follow", uuid=self.follow.author.uuid)

    def delete(self) -> Response:
        return self.as_user(self.follow.follower).delete(self.url())

    def test_the_author_has_no_follower(self) -> None:
        response = self.delete()
        self.assertEqual((response.status_code, response.content), (204, b""))
        self.assertFalse(Follow.objects.exists())

    def test_twice_is_once(self) -> None:
        self.delete()
        self.assertEqual(self.delete().status_code, 204)

    def test_the_others_stay(self) -> None:
        others = [
            FollowFactory(author=self.follow.author),
            FollowFactory(follower=self.follow.follower),
        ]
        self.delete()
        self.assertCountEqual(Follow.objects.all(), others)

    def test_an_author_that_is_not_there_is_a_404(self) -> None:
        client = self.as_user(self.follow.follower)
        response = client.delete(address("author:follow", uuid=uuid4()))
        self.assert_error(response, CommonError.NOT_FOUND)


class FollowerListTests(PublicTests, ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        AuthorFactory()
        cls.author = AuthorFactory()

    def url(self) -> str:
        return address("author:followers", uuid=self.author.uuid)

    def test_the_newest_follower_comes_first(self) -> None:
        for name in ("Ann", "Bea"):
            FollowFactory(author=self.author, follower__name=name)
        FollowFactory()
        page = self.client.get(self.url()).json()
        self.assertEqual([row["name"] for row in page["results"]], ["Bea", "Ann"])
        self.assertEqual(set(page["results"][0]), {"name", "since"})

    def test_a_page_is_numbered(self) -> None:
        FollowFactory.create_batch(3, author=self.author)
        page = self.client.get(self.url(), {"page": 2, "page_size": 2}).json()
        self.assertEqual((page["count"], len(page["results"])), (3, 1))

    def test_a_page_that_is_not_there_is_a_404(self) -> None:
        self.assert_error(self.client.get(self.url(), {"page": 2}), CommonError.NOT_FOUND)

    def test_an_inactive_follower_is_not_listed(self) -> None:
        FollowFactory(author=self.author, follower__is_active=False)
        self.assertEqual(self.client.get(self.url()).json()["count"], 0)

    def test_an_author_that_is_not_there_is_a_404(self) -> None:
        response = self.client.get(address("author:followers", uuid=uuid4()))
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_more_followers_take_no_more_queries(self) -> None:
        for rows in (1, 3):
            FollowFactory.create_batch(rows, author=self.author)
            with self.assertNumQueries(3):
                self.client.get(self.url())


class FollowingListTests(PublicTests, ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        AuthorFactory()
        cls.author = AuthorFactory()

    def url(self) -> str:
        return address("author:following", uuid=self.author.uuid)

    def follow(self, **author: object) -> Author:
        return FollowFactory(follower=self.author.user, author=AuthorFactory(**author)).author

    def test_the_followed_authors_come_by_name(self) -> None:
        self.follow(pen_name="Bea")
        self.follow(pen_name="Ann")
        FollowFactory()
        rows = self.client.get(self.url()).json()["results"]
        self.assertEqual([row["pen_name"] for row in rows], ["Ann", "Bea"])
        self.assertEqual([row["followers_count"] for row in rows], [1, 1])

    def test_the_author_of_an_inactive_account_is_not_listed(self) -> None:
        self.follow(user__is_active=False)
        self.assertEqual(self.client.get(self.url()).json()["count"], 0)

    def test_an_author_that_is_not_there_is_a_404(self) -> None:
        response = self.client.get(address("author:following", uuid=uuid4()))
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_more_authors_take_no_more_queries(self) -> None:
        for rows in (1, 3):
            for _ in range(rows):
                self.follow()
            with self.assertNumQueries(3):
                self.client.get(self.url())


class CountTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        AuthorFactory()
        cls.author = AuthorFactory()
        FollowFactory.create_batch(2, author=cls.author)
        FollowFactory(follower=cls.author.user)
        FollowFactory(author=cls.author, follower__is_active=False)
        FollowFactory(follower=cls.author.user, author__user__is_active=False)

    def counts(self, row: dict) -> tuple[int, int]:
        return row["followers_count"], row["following_count"]

    def test_an_author_shows_both_counts_of_active_accounts(self) -> None:
        row = self.client.get(address("author:detail", uuid=self.author.uuid)).json()
        self.assertEqual(self.counts(row), (2, 1))

    def test_a_changed_profile_shows_them_too(self) -> None:
        url = address("author:detail", uuid=self.author.uuid)
        row = self.as_user(self.author.user).patch(url, {"bio": "Writes."}).json()
        self.assertEqual(self.counts(row), (2, 1))

    def test_they_agree_with_the_lists(self) -> None:
        lists = [
            self.client.get(address(name, uuid=self.author.uuid)).json()["count"]
            for name in ("author:followers", "author:following")
        ]
        self.assertEqual(lists, [2, 1])

    def test_nobody_is_counted_as_zero(self) -> None:
        row = self.client.get(address("author:detail", uuid=AuthorFactory().uuid)).json()
        self.assertEqual(self.counts(row), (0, 0))

    def test_more_authors_and_followers_take_no_more_queries(self) -> None:
        for rows in (0, 3):
            FollowFactory.create_batch(rows)
            with self.assertNumQueries(2):
                page = self.client.get(address("author:list")).json()
        self.assertEqual(page["count"], 3 + 3)
