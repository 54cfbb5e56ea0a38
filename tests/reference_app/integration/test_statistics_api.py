"""The numbers that everyone may read, from a view that is a coroutine."""

from asgiref.sync import iscoroutinefunction
from django.urls import resolve

from common.errors import CommonError

from ..factories import AuthorFactory, BlogFactory, CommentFactory
from ..helpers import ApiTestCase, PublicTests, address


class StatisticsTests(PublicTests, ApiTestCase):
    def url(self) -> str:
        return address("blog:statistics")

    def test_what_everyone_may_read_is_counted(self) -> None:
        author = AuthorFactory()
        blog = BlogFactory(author=author, published=True)
        BlogFactory(author=author, published=True)
        BlogFactory(published=True)
        BlogFactory()
        CommentFactory(blog=blog)
        CommentFactory(blog=BlogFactory(archived=True))
        self.assertEqual(
            self.client.get(self.url()).json(), {"blogs": 3, "authors": 2, "comments": 1}
        )

    def test_an_empty_site_has_none(self) -> None:
        self.assertEqual(
            self.client.get(self.url()).json(), {"blogs": 0, "authors": 0, "comments": 0}
        )

    def test_the_view_is_a_coroutine(self) -> None:
        self.assertTrue(iscoroutinefunction(resolve(self.url()).func))

    async def test_it_answers_without_a_thread_of_its_own(self) -> None:
        response = await self.async_client.get(self.url())
        self.assertEqual(response.status_code, 200)

    def test_another_method_is_refused_in_the_error_format(self) -> None:
        self.assert_error(self.client.options(self.url()), CommonError.METHOD_NOT_ALLOWED)
        self.assert_error(self.client.post(self.url()), CommonError.METHOD_NOT_ALLOWED)

    def test_another_version_is_a_404(self) -> None:
        self.assert_error(self.client.get("/v2/blogs/statistics/"), CommonError.NOT_FOUND)

    def test_another_format_is_refused(self) -> None:
        response = self.client.get(self.url(), headers={"accept": "application/xml"})
        self.assert_error(response, CommonError.NOT_ACCEPTABLE)
