"""The time at which a blog is to be published."""

from freezegun import freeze_time
from rest_framework.test import APIClient

from blog.errors import BlogError
from blog.models import Blog
from common.errors import CommonError

from ..factories import AuthorFactory, BlogFactory, UserFactory, editor
from ..helpers import ApiTestCase, BodyTests, TokenTests, address, CommittedTests, moment

LATER = "2099-01-01T12:00:00Z"


class ScheduleTests(CommittedTests, TokenTests, BodyTests, ApiTestCase):
    method = "post"
    body = {"publish_at": LATER}

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = editor()
        cls.blog = BlogFactory(reviewed=True)

    def url(self) -> str:
        return address("blog:schedule", uuid=self.blog.uuid)

    def client_with_rights(self) -> APIClient:
        return self.as_user(self.editor)

    def schedule(self, publish_at: str = LATER, client: APIClient | None = None):
        client = client or self.client_with_rights()
        return client.post(self.url(), {"publish_at": publish_at})

    def move(self, action: str, client: APIClient) -> Blog:
        client.post(address(f"blog:{action}", uuid=self.blog.uuid))
        return Blog.objects.get()

    def test_an_editor_says_when(self) -> None:
        response = self.schedule()
        self.assertEqual(
            (response.status_code, moment(response.json()["publish_at"]), response.json()["state"]),
            (200, moment(LATER), "reviewed"),
        )
        self.assertEqual(Blog.objects.get().publish_at.isoformat(), "2099-01-01T12:00:00+00:00")

    def test_a_second_time_replaces_the_first(self) -> None:
        self.schedule()
        response = self.schedule("2099-02-01T12:00:00Z")
        self.assertEqual(moment(response.json()["publish_at"]), moment("2099-02-01T12:00:00Z"))

    def test_a_time_that_is_not_in_the_future_is_refused(self) -> None:
        with freeze_time("2026-03-01 12:00"):
            response = self.schedule("2026-03-01T12:00:00Z")
        self.assert_field_error(response, "publish_at", BlogError.TIME_IS_PAST)

    def test_what_is_no_time_is_refused(self) -> None:
        response = self.schedule("soon")
        self.assert_field_error(response, "publish_at", CommonError.FIELD_INVALID)

    def test_a_time_that_no_calendar_has_in_utc_is_refused(self) -> None:
        response = self.schedule("9999-12-31T23:59:59-12:00")
        self.assert_field_error(response, "publish_at", CommonError.FIELD_INVALID)

    def test_the_author_may_not(self) -> None:
        response = self.schedule(client=self.as_user(self.blog.author.user))
        self.assert_error(response, BlogError.NOT_ALLOWED)

    def test_an_editor_may_not_for_the_own_blog(self) -> None:
        Blog.objects.update(author=AuthorFactory(user=self.editor))
        self.assert_error(self.schedule(), BlogError.NOT_ALLOWED)

    def test_a_stranger_does_not_find_the_blog(self) -> None:
        response = self.schedule(client=self.as_user(UserFactory()))
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_a_blog_that_was_not_reviewed_is_a_conflict(self) -> None:
        Blog.objects.update(state="submitted")
        self.assert_error(self.schedule(), BlogError.ILLEGAL_TRANSITION)

    def test_a_rejection_clears_it(self) -> None:
        self.schedule()
        blog = self.move("reject", self.client_with_rights())
        self.assertEqual((blog.state, blog.publish_at), ("draft", None))

    def test_a_withdrawal_clears_it(self) -> None:
        self.schedule()
        blog = self.move("withdraw", self.as_user(self.blog.author.user))
        self.assertEqual((blog.state, blog.publish_at), ("draft", None))

    def test_a_publication_by_hand_clears_it(self) -> None:
        self.schedule()
        blog = self.move("publish", self.client_with_rights())
        self.assertEqual((blog.state, blog.publish_at), ("published", None))
