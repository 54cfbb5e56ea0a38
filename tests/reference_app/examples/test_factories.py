from django.test import TestCase

from tests.reference_app.factories import BlogFactory, TagFactory


class FactoryTests(TestCase):
    def test_a_test_names_only_what_it_is_about(self) -> None:
        blog = BlogFactory(published=True, author__pen_name="Ann", tags=[TagFactory(name="News")])
        self.assertEqual((blog.author.pen_name, blog.tags.get().name), ("Ann", "News"))
        self.assertIsNotNone(blog.published_at)
