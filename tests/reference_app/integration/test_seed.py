"""`manage.py seed`, and the rows that the app cannot do without."""

import io
from unittest import mock

from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import TestCase

from accounts.models import User
from accounts.public import ROLES
from author.models import Author
from blog import _seed
from blog.models import Blog, BlogTag, Tag
from blog.public import DEFAULT_TAGS, seed_reference_data


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class SeedReferenceDataTests(TestCase):
    def test_the_roles_are_there(self) -> None:
        Group.objects.all().delete()
        seed_reference_data()
        self.assertEqual(set(Group.objects.values_list("name", flat=True)), set(ROLES))

    def test_the_default_tags_are_there(self) -> None:
        seed_reference_data()
        self.assertLessEqual(set(DEFAULT_TAGS), set(Tag.objects.values_list("slug", flat=True)))

    def test_a_second_time_changes_nothing(self) -> None:
        seed_reference_data()
        Tag.objects.filter(slug="python").update(name="Snakes")
        before = list(Tag.objects.values_list("pk", "name")), Group.objects.count()
        seed_reference_data()
        after = list(Tag.objects.values_list("pk", "name")), Group.objects.count()
        self.assertEqual(after, before)


class SeedCommandTests(TestCase):
    def seed(self, blogs: int, stdout: io.StringIO | None = None) -> str:
        stdout = stdout or io.StringIO()
        call_command("seed", blogs=blogs, stdout=stdout)
        return stdout.getvalue()

    def test_the_blogs_are_there_published_and_tagged(self) -> None:
        self.seed(3)
        self.assertEqual(Blog.objects.filter(published_at__isnull=False).count(), 3)
        self.assertEqual(BlogTag.objects.count(), 6)

    def test_the_authors_are_there_and_cannot_log_in(self) -> None:
        self.seed(1)
        self.assertEqual(Author.objects.count(), 10)
        self.assertFalse(any(user.has_usable_password() for user in User.objects.all()))

    def test_it_makes_the_same_blogs_every_time(self) -> None:
        rows = Blog.objects.order_by("published_at").values_list("uuid", "title", "content")
        self.seed(3)
        first = list(rows)
        Blog.objects.all().delete()
        self.seed(3)
        self.assertEqual(list(rows), first)

    def test_it_adds_what_is_missing_and_says_so(self) -> None:
        self.assertEqual(self.seed(2), "2 blogs made, 0 were there.\n")
        self.assertEqual(self.seed(3), "1 blogs made, 2 were there.\n")
        self.assertEqual(Blog.objects.count(), 3)

    def test_it_works_in_batches(self) -> None:
        with mock.patch.object(_seed, "BATCH", 2):
            self.seed(5)
        self.assertEqual(Blog.objects.count(), 5)

    def test_more_blogs_take_no_more_queries(self) -> None:
        self.seed(1)
        queries = []
        for number in (11, 41):
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as captured:
                self.seed(number)
            queries.append(len(captured))
        self.assertEqual(queries[0], queries[1])

    def test_a_terminal_gets_a_bar_and_a_pipe_does_not(self) -> None:
        for stdout, disabled in ((io.StringIO(), True), (Terminal(), False)):
            with mock.patch("blog.management.commands.seed.Progress") as progress:
                self.seed(1, stdout)
            progress.assert_called_once_with(disable=disabled)

    def test_without_blogs_there_are_only_the_rows_that_the_app_cannot_do_without(self) -> None:
        Tag.objects.all().delete()
        Group.objects.all().delete()
        self.seed(0)
        self.assertEqual(Tag.objects.count(), len(DEFAULT_TAGS))
        self.assertEqual(Group.objects.count(), len(ROLES))
        self.assertFalse(User.objects.exists() or Blog.objects.exists())

    def test_a_number_below_zero_is_refused(self) -> None:
        with self.assertRaisesMessage(CommandError, "--blogs -1 makes nothing."):
            self.seed(-1)

    def test_a_number_that_is_none_is_refused(self) -> None:
        with self.assertRaisesMessage(CommandError, "invalid int value: 'many'"):
            call_command("seed", "--blogs", "many")
