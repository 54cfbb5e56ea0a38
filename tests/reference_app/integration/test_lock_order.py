"""Requests that lock several blogs at the same time: none waits for one that waits for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any

from django.db import connection
from django.test import TransactionTestCase, tag

from blog import _private
from blog.models import Blog

from ..factories import AuthorFactory, BlogFactory


def backend() -> int:
    """Return what PostgreSQL calls the connection of this thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def wait_until_blocked(other: int) -> None:
    """Return once another connection waits for a lock of ours."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT pg_blocking_pids(%s) @> ARRAY[pg_backend_pid()], pg_sleep(0.01)", [other]
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("The other one does not wait.")


@tag("slow")
class LockOrderTests(TransactionTestCase):
    def setUp(self) -> None:
        self.author = AuthorFactory()
        self.first = BlogFactory(author=self.author)
        self.second = BlogFactory(author=self.author, continues=self.first)

    def edit_second_meanwhile(self, act: Callable[[], Any]) -> None:
        """Edit the second blog; between its lock and that of the first one, somebody else acts."""
        backends: Queue[int] = Queue()

        def act_elsewhere() -> None:
            try:
                backends.put(backend())
                act()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as threads:
            acting = []

            def check(blog: Blog) -> None:
                acting.append(threads.submit(act_elsewhere))
                wait_until_blocked(backends.get(timeout=60))

            _private.edit_blog(
                blog_uuid=self.second.uuid,
                user=self.author.user,
                check=check,
                title="Part two",
                continues=self.first,
            )
            acting[0].result()
        self.second.refresh_from_db()
        self.assertEqual(self.second.title, "Part two")

    def test_both_are_continued_while_one_is_changed(self) -> None:
        drafts = [{"title": "x", "continues": blog} for blog in (self.first, self.second)]
        self.edit_second_meanwhile(
            lambda: _private.create_blogs(author_id=self.author.pk, drafts=drafts)
        )
        self.assertEqual(Blog.objects.filter(title="x").count(), 2)

    def test_the_first_is_deleted_while_its_sequel_is_changed(self) -> None:
        self.edit_second_meanwhile(
            lambda: _private.delete_blog(blog_uuid=self.first.uuid, user=self.author.user)
        )
        self.assertEqual((Blog.objects.get(), self.second.continues), (self.second, None))
