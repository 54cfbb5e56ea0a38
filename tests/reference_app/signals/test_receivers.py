"""Which receivers are connected, and how often."""

import json
import os
import subprocess
import sys
from collections import Counter
from unittest import mock

from django.conf import settings
from django.core import mail
from django.test import SimpleTestCase, TestCase, tag
from kombu.exceptions import OperationalError

from accounts.signals import user_registered
from author.tasks import fan_out_publication, mail_publication
from blog.models import Blog
from blog.signals import blog_published

from ..factories import BlogFactory, followers_of
from ..helpers import OwnCacheTests

ROOT = settings.BASE_DIR.parent

# Prints the ids of the receivers of each signal, after every receiver was imported a second time.
PROGRAM = """
import importlib, json, sys
import django
django.setup()
from accounts.signals import user_registered
from author import receivers
from blog.signals import blog_published
del sys.modules["author.receivers"]
importlib.import_module("author.receivers")
signals = (user_registered, blog_published)
json.dump([[entry[0][0] for entry in signal.receivers] for signal in signals], sys.stdout)
"""


def ids_of(signal) -> list[str | int]:
    """Return the id of each receiver: its dispatch_uid, or a number where it has none."""
    return [entry[0][0] for entry in signal.receivers]


class ConnectionTests(SimpleTestCase):
    def test_every_receiver_has_an_id_so_that_it_is_connected_once(self) -> None:
        for signal in (user_registered, blog_published):
            self.assertEqual([found for found in ids_of(signal) if not isinstance(found, str)], [])

    def test_authors_listen_to_registrations_and_publications(self) -> None:
        self.assertIn("author.create_profile", ids_of(user_registered))
        self.assertLessEqual(
            {"author.tell_author", "author.tell_followers"}, {*ids_of(blog_published)}
        )


@tag("slow")
class FreshProcessTests(SimpleTestCase):
    def test_each_receiver_is_connected_once_even_where_it_is_imported_twice(self) -> None:
        path = os.pathsep.join([str(settings.BASE_DIR), str(ROOT / "src")])
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "PYTHONPATH": path,
            },
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        registered, published = json.loads(ran.stdout)
        for ids in (registered, published):
            self.assertEqual(set(Counter(ids).values()), {1}, ids)
        self.assertCountEqual(registered, ids_of(user_registered))
        self.assertCountEqual(published, ids_of(blog_published))


class FailureTests(OwnCacheTests, TestCase):
    """One receiver that fails stops no other one."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True)
        cls.follower = followers_of(cls.blog.author, 1)[0]

    def announce_without(self, task) -> list[str]:
        """Announce a publication while one task cannot be queued; return whom it reaches."""
        silent = mock.patch.object(task, "delay", side_effect=OperationalError("no broker"))
        with silent, self.assertLogs("django.dispatch") as logs:
            blog_published.send_robust(sender=Blog, blog_uuid=self.blog.uuid)
        self.assertEqual(len(logs.records), 1)
        return [address for letter in mail.outbox for address in letter.to]

    def test_without_the_mail_to_the_author_the_followers_are_told(self) -> None:
        self.assertEqual(self.announce_without(mail_publication), [self.follower.email])

    def test_without_the_fan_out_the_author_is_told(self) -> None:
        reached = self.announce_without(fan_out_publication)
        self.assertEqual(reached, [self.blog.author.user.email])
