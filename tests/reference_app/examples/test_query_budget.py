from django.test import TestCase

from blog.models import Blog
from quality_harness.testing.query_budget import QueryBudgets
from tests.reference_app.factories import BlogFactory


class BlogListTests(QueryBudgets, TestCase):
    def test_more_blogs_take_no_more_queries(self) -> None:
        for number in (1, 5):
            BlogFactory.create_batch(number, published=True)
            with self.assertQueryBudget():
                titles = [blog.author.pen_name for blog in Blog.objects.with_relations()]
            self.assertGreaterEqual(len(titles), number)
