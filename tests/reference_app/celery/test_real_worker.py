"""A real worker on a real broker, killed in the middle of its work."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from celery.exceptions import AlwaysEagerIgnored
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, tag
from kombu import Connection
from redis import Redis

from author.models import PublicationDelivery
from config import celery_app
from quality_harness import services as local_services

from ..factories import BlogFactory, followers_of
from .mail_folder import taken

ROOT = settings.BASE_DIR.parent
PATIENCE = 60.0
CACHE_DATABASE = 14  # The queues live in the next one, which is the last.


def in_database(url: str, name: object) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@tag("slow")
class RealWorkerTests(TransactionTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.prefix = f"test-{uuid4()}-"
        redis_url = local_services.redis_url(profile="test", root=ROOT)
        self.broker = in_database(redis_url, CACHE_DATABASE + 1)
        self.environment = {
            **{name: value for name, value in os.environ.items() if "COV" not in name},
            "DJANGO_SETTINGS_MODULE": "tests.reference_app.celery.worker_settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(settings.BASE_DIR), str(ROOT / "src")]),
            "DATABASE_URL": in_database(
                local_services.database_url(profile="test", root=ROOT),
                connection.settings_dict["NAME"],
            ),
            "REDIS_URL": in_database(redis_url, CACHE_DATABASE),
            "TEST_QUEUE_PREFIX": self.prefix,
            "TEST_MAIL_FOLDER": str(self.folder),
        }
        self.redis = Redis.from_url(self.broker)
        self.addCleanup(self.redis.close)
        self.addCleanup(self.forget_queues)
        self.blog = BlogFactory(published=True)
        self.followers = [user.email for user in followers_of(self.blog.author, 5)]
        self.everyone_once = dict.fromkeys([self.blog.author.user.email, *self.followers], 1)

    def forget_queues(self) -> None:
        for key in self.redis.scan_iter(f"{self.prefix}*"):
            self.redis.delete(key)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker in a session of its own, which ends with the test."""
        log = self.enterContext((self.folder / "log").open("ab"))
        options = "--concurrency 1 --loglevel INFO --without-gossip --without-mingle"
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "config", "worker", *options.split()],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.addCleanup(self.end, worker)
        return worker

    def end(self, worker: subprocess.Popen[bytes]) -> None:
        """End a worker and its children, at once where it has not ended yet."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(PATIENCE)

    def queue(self, *names: str) -> None:
        """Leave tasks about the blog to the worker."""
        options = {"global_keyprefix": self.prefix}
        with (
            Connection(self.broker, transport_options=options) as broker,
            self.assertWarns(AlwaysEagerIgnored),
        ):
            for name in names:
                celery_app.send_task(
                    f"author.tasks.{name}", args=[str(self.blog.uuid)], connection=broker
                )

    def hold(self, address: str) -> None:
        (self.folder / "hold").write_text(address)

    def let_go(self) -> None:
        (self.folder / "hold").unlink()

    def wait_until_held(self) -> int:
        """Return the process that is in the middle of a mail."""
        held = self.folder / "held"
        self.wait_for(held.exists)
        return int(held.read_text())

    def wait_until_done(self) -> None:
        """Wait until all mails are there and no message is left, neither waiting nor at work."""
        names = [self.prefix + name for name in (*celery_app.conf.task_queues, "unacked")]

        def done() -> bool:
            return taken(self.folder).keys() >= self.everyone_once.keys() and not (
                self.redis.exists(*names)
            )

        self.wait_for(done)

    def wait_for(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                self.fail(f"The worker did not get there:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.05)

    def assert_everyone_was_told_once(self) -> None:
        self.assertEqual(taken(self.folder), self.everyone_once)
        told = PublicationDelivery.objects.filter(sent_at__isnull=False)
        self.assertEqual(told.count(), len(self.followers))

    def test_what_a_killed_worker_had_begun_another_one_ends(self) -> None:
        self.hold(self.followers[2])
        worker = self.start_worker()
        self.queue("mail_publication", "fan_out_publication")
        self.wait_until_held()
        self.assertEqual(set(taken(self.folder)) & set(self.followers), set(self.followers[:2]))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(PATIENCE)
        self.let_go()
        self.start_worker()
        self.wait_until_done()
        self.assert_everyone_was_told_once()
        # As a broker may deliver them: a second time.
        self.queue("mail_publication", "fan_out_publication")
        self.wait_until_done()
        self.assert_everyone_was_told_once()

    def test_what_a_killed_child_had_begun_its_worker_ends(self) -> None:
        self.hold(self.followers[2])
        worker = self.start_worker()
        self.queue("mail_publication", "fan_out_publication")
        child = self.wait_until_held()
        self.assertEqual(os.getsid(child), worker.pid)
        self.let_go()
        os.kill(child, signal.SIGKILL)
        self.wait_until_done()
        self.assert_everyone_was_told_once()
        self.assertIsNone(worker.poll())
