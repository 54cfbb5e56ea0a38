"""Requests that hold only for the blog that the caller has seen."""

from blog.errors import BlogError
from blog.models import Blog

from ..factories import BlogFactory, CoverImageFactory, TagFactory
from ..helpers import ApiTestCase, address, meanwhile


class ConditionTestCase(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(title="First")

    def setUp(self) -> None:
        super().setUp()
        self.url = address("blog:detail", uuid=self.blog.uuid)
        self.author = self.as_user(self.blog.author.user)
        self.etag = self.author.get(self.url)["ETag"]


class ReadTests(ConditionTestCase):
    def read(self, known: str):
        return self.author.get(self.url, headers={"If-None-Match": known})

    def test_what_is_known_is_not_sent_again(self) -> None:
        response = self.read(self.etag)
        self.assertEqual((response.status_code, response.content), (304, b""))
        self.assertEqual(response["ETag"], self.etag)

    def test_a_list_a_weakened_one_and_a_star_count(self) -> None:
        for known in (f'"other", {self.etag}', f"W/{self.etag}", "*"):
            self.assertEqual(self.read(known).status_code, 304, known)

    def test_what_is_not_known_is_sent(self) -> None:
        for known in ('"other"', "nonsense", ""):
            self.assertEqual(self.read(known).status_code, 200, known)

    def test_every_change_that_is_shown_changes_the_etag(self) -> None:
        def change_pen_name():
            self.blog.author.pen_name = "Someone else"
            self.blog.author.save()

        changes = (
            lambda: Blog.objects.update(title="Second"),
            lambda: self.blog.tags.add(TagFactory()),
            lambda: CoverImageFactory(blog=self.blog),
            change_pen_name,
        )
        seen = {self.etag}
        for change in changes:
            change()
            seen.add(self.author.get(self.url)["ETag"])
        self.assertEqual(len(seen), 5)

    def test_the_answer_to_a_change_has_the_new_etag(self) -> None:
        response = self.author.patch(self.url, {"title": "Second"})
        self.assertEqual(response["ETag"], self.author.get(self.url)["ETag"])
        self.assertNotEqual(response["ETag"], self.etag)


class ChangeTests(ConditionTestCase):
    def patch(self, expected: str):
        return self.author.patch(self.url, {"title": "Second"}, headers={"If-Match": expected})

    def test_what_the_caller_saw_is_changed(self) -> None:
        self.assertEqual(self.patch(self.etag).status_code, 200)
        self.assertEqual(Blog.objects.get().title, "Second")

    def test_a_star_is_whatever_is_there(self) -> None:
        self.assertEqual(self.patch("*").status_code, 200)

    def test_what_changed_meanwhile_is_left_alone(self) -> None:
        Blog.objects.update(title="Other")
        self.assert_error(self.patch(self.etag), BlogError.CHANGED_MEANWHILE)
        self.assertEqual(Blog.objects.get().title, "Other")

    def test_a_weak_or_unreadable_one_never_matches(self) -> None:
        for expected in (f"W/{self.etag}", "nonsense", ""):
            self.assert_error(self.patch(expected), BlogError.CHANGED_MEANWHILE)

    def test_what_changes_just_before_the_lock_is_seen(self) -> None:
        from blog.models import BlogQuerySet

        def change() -> None:
            Blog.objects.filter(pk=self.blog.pk).update(title="Other")

        with meanwhile(BlogQuerySet, "select_for_update", change):
            response = self.patch(self.etag)
        self.assert_error(response, BlogError.CHANGED_MEANWHILE)

    def test_what_the_caller_saw_is_deleted(self) -> None:
        response = self.author.delete(self.url, headers={"If-Match": self.etag})
        self.assertEqual(response.status_code, 204)

    def test_what_changed_meanwhile_is_not_deleted(self) -> None:
        Blog.objects.update(title="Other")
        response = self.author.delete(self.url, headers={"If-Match": self.etag})
        self.assert_error(response, BlogError.CHANGED_MEANWHILE)
        self.assertTrue(Blog.objects.exists())
