import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import psycopg
from django.test import tag

from quality_harness import services
from quality_harness.gate import CouldNotRun
from quality_harness.gates import _base_tests, tests
from quality_harness.migrations.probe import lending
from tests.harness.migrations.probe.runs import REPOSITORY, app, wait_for
from tests.harness.migrations.probe.test_prove import SETTINGS, ProveCase

RUNNER = """
    [tool.quality_harness]
    settings = "settings"

    [tool.quality_harness.tests]
    runner = "{}"
    arguments = [{}]
    """
MODELS = """
    from django.db import models


    class Item(models.Model):
        title = models.CharField(max_length=50)
        note = models.CharField(max_length=20, null=True)
        size = models.IntegerField(default=0)
    """
TESTS = """
    import os
    import time

    from django.test import TestCase, TransactionTestCase

    from shop.models import Item


    class ItemTests(TestCase):
        def test_note(self):
            # After Ctrl-C, Django ends the test that runs, and no other follows.
            if flag := os.environ.get("PROBE_WAITS"):
                open(flag, "w").close()
                time.sleep(5)
            Item.objects.create(title="a", note="b")

        def test_size(self):
            self.assertEqual(Item.objects.filter(size=1).only("id").count(), 0)


    class FlushTests(TransactionTestCase):
        def test_flush(self):
            Item.objects.filter(size=1).only("id").delete()
    """
BROKEN = """
    from django.test import SimpleTestCase


    class BrokenTests(SimpleTestCase):
        def test_sum(self):
            self.assertEqual(1 + 1, 3)
    """
ADDED = "[migrations.AddField('item', 'x', models.TextField(null=True))]"
REMOVED = "[migrations.RemoveField('item', 'note')]"
REFERS = (
    "[migrations.CreateModel('Part', [('id', models.BigAutoField(primary_key=True)), "
    "('item', models.ForeignKey('shop.item', models.CASCADE))])]"
)

# What runs in the probe's own process and not beside it.
FAILS_OUTSIDE = """
import os


def f(apps, schema_editor):
    if "QUALITY_HARNESS_PREPARED" in os.environ:
        raise ValueError("not here")
"""


class BaseTestsCase(ProveCase):
    runner, arguments = "django", ""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.temporary = Path(folder.name)
        for patched in (
            mock.patch.dict(os.environ, {"TMPDIR": folder.name}),
            mock.patch.object(tempfile, "tempdir", folder.name),
        ):
            patched.start()
            self.addCleanup(patched.stop)

    def assert_no_folder_left(self) -> None:
        self.assertEqual(list(self.temporary.iterdir()), [])

    def prepare(self, operations: str, more: dict[str, str] | None = None, **values) -> None:
        """Commit an app with models and tests, and add a migration."""
        files = app("shop", operations, **values)
        later = files.pop("shop/migrations/0002_change.py")
        self.commit(
            {
                **files,
                "pyproject.toml": RUNNER.format(self.runner, self.arguments),
                "shop/models.py": MODELS,
                "shop/tests/__init__.py": "",
                "shop/tests/test_item.py": TESTS,
                **(more or {}),
            }
        )
        (self.root / "shop/migrations/0002_change.py").write_text(later)

    def run_base_tests(self) -> tuple[int, list[dict], str]:
        code, document, _ = self.prove("--base", "HEAD", "--base-tests")
        found = [each for each in document["findings"] if each["code"] == "PRB010"]
        self.assert_no_folder_left()
        return code, found, self.note(document)


class BothRunners:
    """What holds under either runner."""

    def test_green_tests_are_counted_also_beside_a_new_table_that_refers_to_one_they_empty(self):
        self.prepare(REFERS)

        code, found, note = self.run_base_tests()

        self.assertEqual((code, found), (0, []), note)
        self.assertTrue(note.endswith("; 3 tests of the base ran on the new schema"), note)

    def test_a_test_that_fails_on_the_new_schema_alone_is_a_finding(self):
        self.prepare(REMOVED, {"shop/tests/test_sum.py": BROKEN})

        code, found, note = self.run_base_tests()

        self.assertEqual((code, len(found)), (1, 1))
        self.assertEqual((found[0]["path"], found[0]["line"]), ("shop/tests/test_item.py", 10))
        self.assertIn("ItemTests.test_note of the base fails", found[0]["message"])
        self.assertIn('column "note"', found[0]["message"])
        self.assertIn(
            "4 tests of the base ran on the new schema, 1 of them fail on the old one too: "
            "BrokenTests.test_sum",
            note,
        )

    def test_tests_that_cannot_be_imported_could_not_run(self):
        self.prepare(ADDED, {"shop/tests/test_sum.py": "import nothing_of_this_name\n"})

        code, _, note = self.run_base_tests()

        self.assertEqual(code, 2)
        self.assertIn("The base's tests cannot be imported: ", note)


@tag("slow")
class DjangoTests(BothRunners, BaseTestsCase):
    def test_the_tests_are_those_of_the_base(self):
        self.prepare(REMOVED)
        (self.root / "shop/tests/test_item.py").unlink()

        code, found, _ = self.run_base_tests()

        self.assertEqual((code, len(found)), (1, 1))


@tag("slow")
class PytestTests(BothRunners, BaseTestsCase):
    runner = "pytest"

    def test_tests_that_make_a_database_of_their_own_could_not_run(self):
        self.arguments = '"--create-db"'
        self.prepare(ADDED)

        code, _, note = self.run_base_tests()

        self.assertEqual(code, 2)
        self.assertIn("made a database of their own", note)


@tag("slow")
class BaseTestsProblemTests(BaseTestsCase):
    """What cannot be tried has no verdict, and leaves nothing."""

    def test_a_base_without_tests_could_not_run(self):
        self.prepare(ADDED, {"shop/tests/test_item.py": ""})

        code, _, note = self.run_base_tests()

        self.assertEqual(code, 2)
        self.assertIn("The base has no tests", note)

    def test_a_schema_that_cannot_be_made_could_not_run(self):
        self.prepare("[migrations.RunPython(f, f)]", before=FAILS_OUTSIDE)

        code, _, note = self.run_base_tests()

        self.assertEqual(code, 2)
        self.assertIn("The schema for the base's tests cannot be made: ", note)

    def test_without_a_base_it_could_not_run(self):
        self.prepare(ADDED)

        code, document, _ = self.prove("--all", "--base-tests")

        self.assertEqual(code, 2)
        self.assertIn("Name one: --base REV", self.note(document))

    def test_other_databases_are_mirrors(self):
        self.prepare(
            ADDED,
            {
                "settings.py": SETTINGS
                + "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}, "
                "'other': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'nobody'}}\n"
            },
        )

        code, found, note = self.run_base_tests()

        self.assertEqual((code, found), (0, []), note)

    def test_the_servers_of_the_head_are_told(self):
        base = self.project(tests.Options(services=True))
        with mock.patch.dict(os.environ, {"REDIS_URL": "redis://there"}):
            found = _base_tests._servers(self.project(), base, "postgresql://x")

        self.assertEqual(found, {"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://there"})

    def test_a_commit_that_is_not_there_could_not_run(self):
        with (
            self.assertRaisesRegex(CouldNotRun, "The base cannot be checked out: .*nowhere"),
            _base_tests._export(self.root, "nowhere"),
        ):
            self.fail("it is not there")

    def test_a_server_that_does_not_answer_could_not_run(self):
        with (
            self.assertRaisesRegex(CouldNotRun, "No database can be made: .*"),
            _base_tests._lent("postgresql://u@127.0.0.1:1/x"),
        ):
            self.fail("there is none")

    def test_an_interrupted_run_leaves_nothing(self):
        self.prepare(ADDED)
        flag = self.root / ".waits"
        running = subprocess.Popen(
            [sys.executable, "-m", "quality_harness.cli", "prove", "--base=HEAD", "--base-tests"],
            cwd=self.root,
            env={**os.environ, "PROBE_WAITS": str(flag)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        wait_for(flag)

        os.killpg(running.pid, signal.SIGINT)

        self.assertEqual(running.wait(timeout=30), 130)
        self.assert_no_folder_left()


@tag("slow")
class LendingTests(ProveCase):
    def lend(self, wait: Callable[[str], None]) -> list[str]:
        """Return what the lender prints; `wait` is given the name of the database."""
        out = io.StringIO()
        asked = mock.Mock(
            read=lambda: wait(json.loads(out.getvalue())["NAME"]),
        )
        url = services.database_url("test", REPOSITORY)
        before = signal.getsignal(signal.SIGTERM)
        self.addCleanup(signal.signal, signal.SIGTERM, before)
        with mock.patch.object(sys, "stdin", asked), contextlib.redirect_stdout(out):
            lending.main(url)
        return out.getvalue().splitlines()[1:]

    def test_it_says_that_the_database_is_the_same(self):
        self.assertEqual(self.lend(lambda name: None), ["kept"])

    def test_it_says_that_the_database_is_another(self):
        url = services.database_url("test", REPOSITORY)

        def replace(name: str) -> None:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}"')
                connection.execute(f'CREATE DATABASE "{name}"')

        self.assertEqual(self.lend(replace), ["replaced"])

    def test_a_borrower_that_dies_gives_it_back(self):
        url = services.database_url("test", REPOSITORY)
        with _base_tests._lent(url) as settings, psycopg.connect(url) as connection:
            names = connection.execute("SELECT datname FROM pg_database").fetchall()
        with psycopg.connect(url) as connection:
            left = connection.execute("SELECT datname FROM pg_database").fetchall()

        self.assertIn((settings["NAME"],), names)
        self.assertNotIn((settings["NAME"],), left)
