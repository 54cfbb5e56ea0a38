"""Which blogs a user may read."""

from django.contrib.auth.models import AnonymousUser
from django.test import TestCase

from blog.models import Blog

from ..factories import BlogFactory, CoverImageFactory, TagFactory, UserFactory, staff


class VisibleToTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blogs = {
            "draft": BlogFactory(),
            "submitted": BlogFactory(submitted=True),
            "reviewed": BlogFactory(reviewed=True),
            "published": BlogFactory(published=True),
            "archived": BlogFactory(archived=True),
        }

    def visible(self, user) -> set[str]:
        return {blog.state for blog in Blog.objects.visible_to(user)}

    def test_nobody_and_anybody_see_what_is_published(self) -> None:
        self.assertEqual(self.visible(AnonymousUser()), {"published"})
        self.assertEqual(self.visible(UserFactory()), {"published"})

    def test_an_author_sees_the_own_ones_too(self) -> None:
        self.assertEqual(self.visible(self.blogs["draft"].author.user), {"draft", "published"})

    def test_an_author_sees_what_was_archived_of_the_own(self) -> None:
        self.assertEqual(
            self.visible(self.blogs["archived"].author.user), {"archived", "published"}
        )

    def test_a_reviewer_sees_no_drafts(self) -> None:
        self.assertEqual(
            self.visible(staff("review_blog")), {"submitted", "reviewed", "published", "archived"}
        )

    def test_who_may_change_a_field_of_every_blog_sees_everything(self) -> None:
        for permission in ("change_blog", "change_blog_title", "change_blog_content"):
            self.assertEqual(self.visible(staff(permission)), set(self.blogs), permission)

    def test_a_superuser_sees_everything(self) -> None:
        self.assertEqual(self.visible(UserFactory(is_superuser=True)), set(self.blogs))


class WithRelationsTests(TestCase):
    def test_everything_that_is_shown_takes_two_queries(self) -> None:
        for _ in range(2):
            CoverImageFactory(blog=BlogFactory(tags=[TagFactory()]))
        with self.assertNumQueries(2):
            for blog in Blog.objects.with_relations():
                self.assertTrue(blog.author.pen_name and blog.cover.image.name)
                self.assertEqual(len(blog.tags.all()), 1)
