import argparse
import multiprocessing
import socket
from typing import Any
from unittest import mock

from django.core.management import CommandError
from django.test import SimpleTestCase, TransactionTestCase
from django.test.runner import DiscoverRunner

from quality_harness.gate import CouldNotRun
from quality_harness.testing import caches, templates
from quality_harness.testing import runner as module
from quality_harness.testing.runner import QualityHarnessRunner, init_worker
from tests.harness.testing.suites import SuiteCase

SEEDED = '[tool.quality_harness.testing]\nseed = "json:loads"\n'
TEST = "import unittest\nclass ATests(unittest.TestCase):\n    def test_one(self): ...\n"


class LabelsTests(SuiteCase):
    def count(self, *labels: str) -> int:
        with self.inside():
            runner = QualityHarnessRunner(verbosity=0)
            return runner.build_suite(list(labels)).countTestCases()

    def test_searches_the_configured_folders(self) -> None:
        self.write({"checks/test_a.py": TEST, "other/__init__.py": "", "other/test_b.py": TEST})
        self.assertEqual(self.count(), 1)

    def test_a_label_wins(self) -> None:
        self.write({"checks/test_a.py": TEST, "shop/__init__.py": "", "shop/test_b.py": TEST})
        self.write({"shop/test_c.py": TEST})
        self.assertEqual(self.count("shop"), 2)
        self.forget_modules()

    def test_finds_the_folder_from_below_the_root(self) -> None:
        self.write({"checks/test_a.py": TEST, "site/manage.py": ""})
        with self.inside(), mock.patch("pathlib.Path.cwd", return_value=self.root / "site"):
            suite = QualityHarnessRunner(verbosity=0).build_suite()
        self.assertEqual(suite.countTestCases(), 1)

    def test_without_a_tests_folder_leaves_it_to_django(self) -> None:
        self.write({"pyproject.toml": "", "checks/test_a.py": TEST})
        self.assertEqual(self.count(), 1)

    def test_refuses_a_configured_folder_that_does_not_exist(self) -> None:
        self.write({"pyproject.toml": '[tool.quality_harness.testing]\npaths = ["nowhere"]'})
        with self.assertRaisesRegex(CommandError, "paths: there is no folder .*nowhere") as caught:
            self.count()
        self.assertEqual(caught.exception.returncode, 2)

    def test_refuses_an_unknown_key(self) -> None:
        self.write({"pyproject.toml": "[tool.quality_harness.testing]\nsead = 1"})
        with self.assertRaisesRegex(CommandError, "'sead'") as caught:
            self.count()
        self.assertEqual(caught.exception.returncode, 2)


class SetupDatabasesTests(SuiteCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"pyproject.toml": SEEDED})
        self.calls: list[object] = []
        self.connection = mock.Mock(alias="default")
        self.connection.creation.clone_test_db = lambda **options: self.calls.append(
            f"clone {options['suffix']}"
        )
        self.replace(DiscoverRunner, "setup_databases", self.create)
        self.replace(DiscoverRunner, "teardown_databases", self.destroy)
        self.replace(module, "seed_databases", self.seed)

    def replace(self, owner: object, name: str, function: object) -> None:
        patched = mock.patch.object(owner, name, function)
        patched.start()
        self.addCleanup(patched.stop)

    def create(self, **options: object) -> list[tuple[object, str, bool]]:
        self.calls.append(f"create for {self.runner.parallel} processes")
        mirror = mock.Mock(alias="mirror")
        mirror.creation.clone_test_db.side_effect = AssertionError("a mirror has no database")
        return [(self.connection, "shop", True), (mirror, "shop", False)]

    def destroy(self, old_config: object) -> None:
        self.calls.append(f"destroy for {self.runner.parallel} processes")

    def seed(self, seed: str, before: dict[str, str]) -> None:
        self.assertIn("default", before)
        self.calls.append(f"seed {seed}")

    def set_up(self, parallel: int) -> None:
        with self.inside():
            self.runner = QualityHarnessRunner(verbosity=0, parallel=parallel)
        self.runner.setup_databases(aliases={"default"})

    def test_seeds_before_it_clones(self) -> None:
        self.set_up(parallel=2)
        self.assertEqual(
            self.calls, ["create for 0 processes", "seed json:loads", "clone 1", "clone 2"]
        )
        self.assertEqual(self.runner.parallel, 2)

    def test_clones_nothing_for_one_process(self) -> None:
        self.set_up(parallel=0)
        self.assertEqual(self.calls, ["create for 0 processes", "seed json:loads"])

    def test_without_a_seed_does_as_django_does(self) -> None:
        self.write({"pyproject.toml": ""})
        self.set_up(parallel=2)
        self.assertEqual(self.calls, ["create for 2 processes"])

    def test_destroys_the_database_where_the_seed_fails(self) -> None:
        self.replace(module, "seed_databases", mock.Mock(side_effect=CouldNotRun("no seed")))
        with self.assertRaisesRegex(CommandError, "^no seed$") as caught:
            self.set_up(parallel=2)
        self.assertEqual(caught.exception.returncode, 2)
        self.assertEqual(self.calls, ["create for 0 processes", "destroy for 0 processes"])


TEMPLATE = SEEDED + "template = true\n"


class TemplateTests(SetupDatabasesTests):
    """Where the databases come from a template."""

    def setUp(self) -> None:
        super().setUp()
        self.write({"pyproject.toml": TEMPLATE})
        self.replace(caches, "separate_caches", lambda: self.calls.append("separate caches"))
        self.replace(caches, "empty_caches", lambda: self.calls.append("empty caches"))
        self.seeded = True
        self.replace(templates, "prepare", self.prepare)

    def prepare(self, **options: object) -> bool:
        self.assertEqual(options["aliases"], {"default"})
        self.calls.append(f"prepare {options['seed']}")
        return self.seeded

    def test_seeds_before_it_clones(self) -> None:
        self.seeded = False
        self.set_up(parallel=2)
        self.assertEqual(
            self.calls[2:], ["create for 0 processes", "seed json:loads", "clone 1", "clone 2"]
        )

    def test_clones_nothing_for_one_process(self) -> None:
        self.set_up(parallel=0)
        self.assertEqual(
            self.calls, ["separate caches", "prepare json:loads", "create for 0 processes"]
        )

    def test_lets_django_clone_what_is_seeded_already(self) -> None:
        self.set_up(parallel=2)
        self.assertEqual(self.calls[-1], "create for 2 processes")

    def test_a_database_that_is_kept_is_djangos(self) -> None:
        with self.inside():
            self.runner = QualityHarnessRunner(verbosity=0, keepdb=True)
        self.runner.setup_databases(aliases={"default"})
        self.assertEqual(self.calls, ["create for 0 processes", "seed json:loads"])

    def test_ends_with_2_where_there_is_no_template(self) -> None:
        self.replace(templates, "prepare", mock.Mock(side_effect=CouldNotRun("no right")))
        with self.assertRaisesRegex(CommandError, "^no right$") as caught:
            self.set_up(parallel=0)
        self.assertEqual(caught.exception.returncode, 2)

    def test_leaves_nothing_in_the_caches(self) -> None:
        self.set_up(parallel=0)
        self.runner.teardown_databases([])
        self.assertEqual(self.calls[-2:], ["destroy for 0 processes", "empty caches"])

    def test_destroys_the_database_where_the_seed_fails(self) -> None:
        self.seeded = False
        self.replace(module, "seed_databases", mock.Mock(side_effect=CouldNotRun("no seed")))
        with self.assertRaisesRegex(CommandError, "^no seed$"):
            self.set_up(parallel=2)
        self.assertIn("destroy for 0 processes", self.calls)


def flush(case: TransactionTestCase) -> None:
    """Stand in for Django's flush."""


class InitWorkerTests(SuiteCase):
    def start(self) -> Any:
        """Return the teardown of TransactionTestCase after a worker has started."""
        with (
            self.inside(),
            mock.patch.object(TransactionTestCase, "_fixture_teardown", flush),
            mock.patch("django.test.runner._worker_id", 0),
        ):
            init_worker(multiprocessing.Value("i", 0), used_aliases=[])
            return TransactionTestCase._fixture_teardown

    def test_seeds_after_each_flush_in_the_worker_too(self) -> None:
        self.write({"pyproject.toml": SEEDED})
        self.assertEqual(self.start().seeds, "json:loads")

    def test_a_spawned_worker_watches_for_itself(self) -> None:
        self.write({"pyproject.toml": '[tool.quality_harness.testing]\nstrict = ["network"]'})
        connect = socket.socket.connect
        with (
            self.inside(),
            mock.patch("multiprocessing.get_start_method", return_value="spawn"),
            mock.patch.object(module.ParallelTestSuite, "init_worker"),
        ):
            init_worker()
        with module._worker:
            self.assertIsNot(socket.socket.connect, connect)
        self.assertIs(socket.socket.connect, connect)

    def test_without_a_seed_changes_nothing(self) -> None:
        self.assertIs(self.start(), flush)

    def test_restores_and_has_caches_of_its_own_where_there_is_a_template(self) -> None:
        self.write({"pyproject.toml": TEMPLATE})
        with (
            mock.patch.object(caches, "separate_caches") as separate,
            mock.patch.object(module, "Finalize") as finalize,
            mock.patch.object(
                TransactionTestCase, "_reset_sequences", TransactionTestCase._reset_sequences
            ),
        ):
            self.assertTrue(self.start().restores)
        separate.assert_called_once_with()
        finalize.assert_called_once_with(None, caches.empty_caches, exitpriority=1)


class SuiteTests(SimpleTestCase):
    def test_our_options_stand_beside_djangos(self) -> None:
        parser = argparse.ArgumentParser()
        QualityHarnessRunner.add_arguments(parser)
        given = parser.parse_args(["--shard", "1/2", "--failed", "--shuffle", "3"])
        self.assertEqual((str(given.shard), given.failed, given.shuffle), ("1/2", True, 3))

    def test_processes_start_with_our_worker(self) -> None:
        suite = QualityHarnessRunner.parallel_test_suite([], 1)
        self.assertIs(suite.init_worker.__func__, init_worker)

    def test_a_fork_server_is_refused_where_django_would_wait_for_it_forever(self) -> None:
        with mock.patch("multiprocessing.get_start_method", return_value="forkserver"):
            with mock.patch("django.VERSION", (5, 2)), self.assertRaises(CommandError) as refused:
                QualityHarnessRunner.parallel_test_suite([], 2)
            with mock.patch("django.VERSION", (6, 0)):
                self.assertTrue(QualityHarnessRunner.parallel_test_suite([], 2))
        self.assertEqual(refused.exception.returncode, 2)
        self.assertIn("--parallel 1", str(refused.exception))
