import functools
import sys
import types
from collections.abc import Callable
from contextlib import contextmanager
from unittest import mock

from django.db.utils import ConnectionHandler
from django.test import SimpleTestCase, TestCase, TransactionTestCase

from quality_harness.gate import CouldNotRun
from quality_harness.testing import databases

NONE = {"ENGINE": "django.db.backends.dummy"}
SEED = "made_up_shop:seed"


@contextmanager
def seeding(function: object):
    """Let SEED name `function`."""
    module = types.ModuleType("made_up_shop")
    module.seed = function
    with mock.patch.dict(sys.modules, made_up_shop=module):
        yield


class ImportSeedTests(SimpleTestCase):
    def test_gives_the_function(self) -> None:
        function = mock.Mock()
        with seeding(function):
            self.assertIs(databases.import_seed(SEED), function)

    def test_refuses_another_form(self) -> None:
        for seed in ("shop.public.seed", ":seed", "shop.public:"):
            with (
                self.subTest(seed),
                self.assertRaisesRegex(CouldNotRun, f'"{seed}" is not of the form'),
            ):
                databases.import_seed(seed)

    def test_names_a_module_that_is_missing(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, '"nowhere:seed" cannot be imported: Module'):
            databases.import_seed("nowhere:seed")

    def test_names_a_function_that_is_missing(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "cannot be imported: AttributeError"):
            databases.import_seed("json:seed")

    def test_refuses_what_cannot_be_called(self) -> None:
        with seeding([1]), self.assertRaisesRegex(CouldNotRun, r"is no function but \[1\]"):
            databases.import_seed(SEED)


class SeedDatabasesTests(SimpleTestCase):
    def setUp(self) -> None:
        self.connections = ConnectionHandler(
            {"default": {**NONE, "NAME": "shop"}, "archive": {**NONE, "NAME": "archive"}}
        )
        for patched in (
            mock.patch.object(databases, "connections", self.connections),
            mock.patch.object(databases, "seed_after_flush"),
        ):
            patched.start()
            self.addCleanup(patched.stop)

    def seed(self, function: Callable[[], object], *made: str) -> None:
        """Seed after a run made test databases for the aliases `made`."""
        before = databases.database_names()
        for alias in made:
            self.connections[alias].settings_dict["NAME"] = f"test_{alias}"
        with seeding(function):
            databases.seed_databases(SEED, before)

    def test_names_the_databases(self) -> None:
        self.assertEqual(databases.database_names(), {"default": "shop", "archive": "archive"})

    def test_calls_the_seed_once(self) -> None:
        function = mock.Mock()
        self.seed(function, "default")
        function.assert_called_once_with()
        databases.seed_after_flush.assert_called_once_with(SEED)

    def test_leaves_a_real_default_database_alone(self) -> None:
        function = mock.Mock()
        self.seed(function, "archive")
        function.assert_not_called()
        databases.seed_after_flush.assert_not_called()

    def test_refuses_a_seed_that_opens_a_real_database(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "opens the database 'archive'"):
            self.seed(lambda: self.connections["archive"].cursor(), "default")

    def test_lets_the_seed_open_every_test_database(self) -> None:
        opened = []
        with mock.patch.object(self.connections["archive"], "cursor", opened.append):
            self.seed(lambda: self.connections["archive"].cursor(1), "default", "archive")
        self.assertEqual(opened, [1])

    def test_names_the_seed_that_raises_and_the_line(self) -> None:
        def broken() -> None:
            raise ValueError("no such kind")

        with self.assertRaises(CouldNotRun) as caught:
            self.seed(broken, "default")
        self.assertRegex(
            str(caught.exception),
            rf'seed = "{SEED}" raised ValueError: no such kind \(.*test_databases.py:\d+\)',
        )


class SeedAfterFlushTests(SimpleTestCase):
    def setUp(self) -> None:
        self.calls: list[str] = []

        def flush(case: TransactionTestCase) -> None:
            self.calls.append("flush")

        patched = mock.patch.object(TransactionTestCase, "_fixture_teardown", flush)
        patched.start()
        self.addCleanup(patched.stop)

    def tear_down(self, case: type[TransactionTestCase]) -> None:
        with seeding(lambda: self.calls.append("seed")):
            case()._fixture_teardown()

    def test_seeds_after_the_flush(self) -> None:
        databases.seed_after_flush(SEED)
        self.tear_down(type("Case", (TransactionTestCase,), {}))
        self.assertEqual(self.calls, ["flush", "seed"])

    def test_seeds_once_although_it_was_asked_for_twice(self) -> None:
        databases.seed_after_flush(SEED)
        databases.seed_after_flush(SEED)
        self.tear_down(type("Case", (TransactionTestCase,), {}))
        self.assertEqual(self.calls, ["flush", "seed"])

    def test_seeds_although_another_tool_wrapped_the_flush(self) -> None:
        flush = TransactionTestCase._fixture_teardown
        TransactionTestCase._fixture_teardown = functools.wraps(flush)(lambda case: flush(case))
        databases.seed_after_flush(SEED)
        self.tear_down(type("Case", (TransactionTestCase,), {}))
        self.assertEqual(self.calls, ["flush", "seed"])

    def test_a_flush_that_spares_the_default_database_needs_no_seed(self) -> None:
        databases.seed_after_flush(SEED)
        self.tear_down(type("Case", (TransactionTestCase,), {"databases": set()}))
        self.assertEqual(self.calls, ["flush"])

    def test_leaves_the_teardown_of_a_test_case_as_it_is(self) -> None:
        teardown = TestCase._fixture_teardown
        databases.seed_after_flush(SEED)
        self.assertIs(TestCase._fixture_teardown, teardown)
        self.assertIsNot(teardown, TransactionTestCase._fixture_teardown)
