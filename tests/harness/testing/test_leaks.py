import gc
import logging
import os
import threading
import unittest
import warnings
import weakref
from unittest import mock

import redis
from django.core.cache import caches
from django.core.signals import request_finished
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.dispatch import Signal
from django.conf import settings
from django.test import SimpleTestCase, TransactionTestCase, override_settings
from django.utils import timezone
from freezegun import freeze_time

from quality_harness.testing.collected import FunctionId
from quality_harness.testing.leaks import MISSING, Ledger, Probe
from quality_harness.testing.leaks import connections as opened
from quality_harness.testing.leaks import django_state, logs, process, receivers, stores
from quality_harness.testing.leaks.rules import PROCESS
from quality_harness.testing.watches.leaks import Watch
from quality_harness.testing.watching import Running
from tests.harness.testing import scratch
from tests.harness.testing.suites import SuiteCase
from tests.harness.testing.watching_cases import found_by


class LedgerTests(unittest.TestCase):
    def setUp(self) -> None:
        self.state: dict[str, int] = {}
        self.ledger = Ledger((self.probe(), self.probe(of_tests_alone=True)))

    def probe(self, **options: bool) -> Probe:
        return Probe(PROCESS, lambda: dict(self.state), lambda *change: str(change), "", **options)

    def keys(self, changes) -> list[str]:
        return [change.key for change in changes if not change.probe.of_tests_alone]

    def test_a_test_is_charged_with_what_is_new_gone_or_another(self) -> None:
        self.state = {"gone": 1, "other": 1, "same": 1}
        self.ledger.begin()
        self.state = {"other": 2, "same": 1, "new": 1}
        found = {each.key: (each.before, each.after) for each in self.ledger.end()}
        self.assertEqual(found, {"gone": (1, MISSING), "other": (1, 2), "new": (MISSING, 1)})

    def test_a_class_is_not_charged_with_what_its_test_has_left(self) -> None:
        self.ledger.shared_begins("class")
        self.ledger.shared_is_up("class")
        self.ledger.begin()
        self.state["left"] = 1
        self.assertEqual(self.keys(self.ledger.end()), ["left"])
        self.ledger.shared_ends()
        self.assertEqual(self.ledger.shared_is_down("class"), [])

    def test_a_test_is_not_charged_with_what_its_class_sets_up_and_takes_back(self) -> None:
        self.ledger.shared_begins("class")
        self.state["of the class"] = 1
        self.ledger.shared_is_up("class")
        self.ledger.begin()
        self.assertEqual(self.ledger.end(), [])
        self.ledger.shared_ends()
        del self.state["of the class"]
        self.assertEqual(self.ledger.shared_is_down("class"), [])

    def test_a_class_is_charged_with_what_it_does_not_take_back(self) -> None:
        self.ledger.shared_begins("module")
        self.ledger.shared_is_up("module")
        self.ledger.shared_begins("class")
        self.state["left"] = 1
        self.ledger.shared_is_up("class")
        self.ledger.shared_ends()
        found = self.ledger.shared_is_down("class")
        self.assertEqual(
            [(each.key, each.probe.of_tests_alone) for each in found], [("left", False)]
        )
        self.ledger.shared_ends()
        self.assertEqual(self.ledger.shared_is_down("module"), [])

    def test_a_fixture_that_is_made_while_a_test_runs_is_no_change_of_the_test(self) -> None:
        self.ledger.begin()
        self.state["of the test"] = 1
        self.ledger.shared_begins("fixture")
        self.state["of the fixture"] = 1
        self.ledger.shared_is_up("fixture")
        del self.state["of the test"]
        self.assertEqual(self.ledger.end(), [])
        self.ledger.shared_ends()
        del self.state["of the fixture"]
        self.assertEqual(self.ledger.shared_is_down("fixture"), [])

    def test_the_last_test_is_charged_before_its_fixtures_are_torn_down(self) -> None:
        self.ledger.shared_begins("fixture")
        self.ledger.shared_is_up("fixture")
        self.ledger.begin()
        self.state["left"] = 1
        self.ledger.shared_ends()
        self.assertEqual(self.ledger.shared_is_down("fixture"), [])
        self.assertEqual(self.keys(self.ledger.end()), ["left"])

    def test_what_was_never_set_up_is_charged_with_nothing(self) -> None:
        self.ledger.shared_ends()
        self.assertEqual(self.ledger.shared_is_down("class"), [])


class ProbeCase(SimpleTestCase):
    def changes(self, module, act, undo=None) -> list[str]:
        """Return what the probes of a module say of an act."""
        probes = module.make_probes()
        for probe in probes:
            probe.start()
            self.addCleanup(probe.stop)
        ledger = Ledger(probes)
        ledger.begin()
        act()
        if undo:
            self.addCleanup(undo)
        return [change.text for change in ledger.end() if change.text]


class ProcessTests(ProbeCase):
    def test_variables(self) -> None:
        os.environ["SHOP_A"] = os.environ["SHOP_B"] = "1"
        self.addCleanup(lambda: [os.environ.pop(f"SHOP_{each}", None) for each in "ABC"])

        def act() -> None:
            del os.environ["SHOP_A"]
            os.environ["SHOP_B"] = "2"
            os.environ["SHOP_C"] = "3"

        said = self.changes(process, act)
        self.assertCountEqual(
            said,
            [
                f"the environment variable SHOP_{each}"
                for each in ("A removed", "B changed", "C set")
            ],
        )

    def test_a_folder_that_is_gone(self) -> None:
        with mock.patch.object(os, "getcwd", side_effect=FileNotFoundError):
            self.assertEqual(
                next(p for p in process.make_probes() if p.look.__name__ == "_folder").look(),
                {"folder": "one that no longer exists"},
            )

    def test_the_import_path(self) -> None:
        import sys

        with mock.patch.object(sys, "path", ["/a", "/b"]):
            said = self.changes(process, lambda: sys.path.__setitem__(slice(None), ["/b", "/c"]))
        self.assertEqual(said, ["/c added to sys.path, /a removed from sys.path"])

    def test_the_import_path_in_another_order_is_no_leak(self) -> None:
        import sys

        with mock.patch.object(sys, "path", ["/a", "/b"]):
            self.assertEqual(self.changes(process, sys.path.reverse), [])

    def test_a_thread_that_ends_soon_is_no_leak(self) -> None:
        event = threading.Event()
        thread = threading.Thread(target=event.wait, args=(0.05,))
        self.assertEqual(self.changes(process, thread.start, thread.join), [])

    def test_a_thread_that_has_ended_is_none(self) -> None:
        event = threading.Event()
        thread = threading.Thread(target=event.wait)
        thread.start()

        def act() -> None:
            event.set()
            thread.join()

        self.assertEqual(self.changes(process, act), [])

    def test_a_patch_that_was_stopped_is_none(self) -> None:
        patch = mock.patch.dict(os.environ)
        patch.start()
        self.assertEqual(self.changes(process, patch.stop), [])
        function = mock.patch.object(warnings, "warn")
        function.start()
        self.assertEqual(self.changes(process, function.stop), [])

    def test_a_patch_that_was_not_stopped_is_named(self) -> None:
        patch = mock.patch.object(warnings, "warn")
        said = self.changes(process, patch.start, patch.stop)
        self.assertEqual(said, ["the patch of warnings.warn started and not stopped"])
        patch = mock.patch.object(SimpleTestCase, "id")
        said = self.changes(process, patch.start, patch.stop)
        self.assertEqual(said, ["the patch of SimpleTestCase.id started and not stopped"])
        patch = mock.patch.dict(os.environ)
        said = self.changes(process, patch.start, patch.stop)
        self.assertEqual(said, ["a patch of a dictionary started and not stopped"])

    def test_a_patch_of_a_watch_is_none(self) -> None:
        patch = mock.patch.object(warnings, "warn", process.make_probes)
        self.assertEqual(self.changes(process, patch.start, patch.stop), [])

    def test_filters_of_warnings(self) -> None:
        with warnings.catch_warnings():
            said = self.changes(process, lambda: warnings.simplefilter("ignore", ResourceWarning))
        self.assertEqual(said, ["the filters of warnings changed"])

    def test_filters_that_come_with_a_module_are_none(self) -> None:
        import sys

        def act() -> None:
            warnings.simplefilter("ignore", ResourceWarning)
            sys.modules["shop_imported"] = sys

        with warnings.catch_warnings(), mock.patch.dict(sys.modules):
            self.assertEqual(self.changes(process, act), [])

    def test_time_that_is_frozen_or_no_longer_is(self) -> None:
        frozen = freeze_time("2026-01-01")
        self.assertEqual(self.changes(process, frozen.start), ["time frozen"])
        self.assertEqual(self.changes(process, frozen.stop), ["time no longer frozen"])


class LogTests(ProbeCase):
    def test_what_is_switched_off_or_back(self) -> None:
        logger = logging.getLogger("shop.leaks")
        self.addCleanup(setattr, logger, "disabled", False)
        said = self.changes(logs, lambda: setattr(logger, "disabled", True))
        self.assertEqual(said, ["the logger shop.leaks changed (disabled)"])
        said = self.changes(logs, lambda: setattr(logger, "disabled", False))
        self.assertEqual(said, ["the logger shop.leaks changed (disabled)"])

    def test_all_of_it_switched_off(self) -> None:
        self.addCleanup(logging.disable, logging.NOTSET)
        said = self.changes(logs, lambda: logging.disable(logging.ERROR))
        self.assertEqual(said, ["logging.disable(40) in force"])

    def test_a_handler_that_does_nothing_is_none(self) -> None:
        logger = logging.getLogger("shop.leaks.quiet")
        handler = logging.NullHandler()
        act, undo = (lambda: logger.addHandler(handler)), (lambda: logger.removeHandler(handler))
        self.assertEqual(self.changes(logs, act, undo), [])

    def make_logger(self, file: str) -> list[str]:
        """Return what is said of a logger that code in a file makes and sets up."""
        name = f"shop.{file}"
        text = f"import logging\nlogging.getLogger({name!r}).setLevel(10)"
        self.addCleanup(logging.root.manager.loggerDict.pop, name)
        return self.changes(logs, lambda: exec(compile(text, file, "exec"), {}))

    def test_one_that_a_package_makes_on_its_first_use_is_none(self) -> None:
        self.assertEqual(self.make_logger("/lib/site-packages/shop.py"), [])

    def test_one_that_the_project_makes_is_found(self) -> None:
        (said,) = self.make_logger("/shop/orders.py")
        self.assertRegex(said, r"^the logger shop\.\S+ changed \(level\)$")


class DjangoStateTests(ProbeCase):
    def test_a_setting_changed_in_place_and_one_added_or_removed(self) -> None:
        with override_settings(SHOP={"sizes": [1], "kinds": {1}}, SHOP_NAME="a"):

            def act() -> None:
                settings.SHOP["sizes"].append(2)
                settings.SHOP_MORE = 1
                del settings.SHOP_NAME

            said = self.changes(django_state, act)
        self.assertCountEqual(
            said,
            [
                "the setting SHOP changed",
                "the setting SHOP_MORE added",
                "the setting SHOP_NAME removed",
            ],
        )

    def test_language_and_time_zone(self) -> None:
        def act() -> None:
            timezone.activate("Asia/Tokyo")

        said = self.changes(django_state, act, timezone.deactivate)
        self.assertEqual(said, ["the time zone changed from 'UTC' to 'Asia/Tokyo'"])

    def test_an_override_that_was_put_back_is_no_leak(self) -> None:
        with override_settings(SHOP_NAME="a"):
            pass
        self.assertEqual(self.changes(django_state, lambda: None), [])


class ReceiverTests(ProbeCase):
    def hear(self, **kwargs) -> None:
        """Hear."""

    def test_one_disconnected_is_named_with_its_signal(self) -> None:
        request_finished.connect(self.hear)
        said = self.changes(receivers, lambda: request_finished.disconnect(self.hear))
        self.assertRegex(said[0], r"the receiver \S+hear \(\S+:\d+\) of request_finished disc")

    def test_one_of_a_signal_that_no_module_holds(self) -> None:
        held = [Signal()]

        def act() -> None:
            held[0].connect(self.hear, weak=False)

        (said,) = self.changes(receivers, act)
        self.assertRegex(said, " of a signal connected$")

    def test_a_weak_proxy_of_what_is_dead_is_no_hindrance(self) -> None:
        held = [Signal()]
        proxy = weakref.proxy(held[0])
        held.clear()

        found = receivers.all_signals()

        with self.assertRaises(ReferenceError):
            proxy.send(sender=None)
        self.assertIn(request_finished, found)

    def test_one_that_is_frozen_is_seen(self) -> None:
        gc.freeze()
        self.addCleanup(gc.unfreeze)

        self.assertIn(request_finished, receivers.all_signals())

    def test_one_of_a_signal_that_the_test_makes_is_none(self) -> None:
        held = []

        def act() -> None:
            held.append(Signal())
            held[0].connect(self.hear, weak=False)

        self.assertEqual(self.changes(receivers, act), [])

    def test_one_of_a_signal_that_a_module_makes_meanwhile(self) -> None:
        case = SuiteCase()
        case.setUp()
        self.addCleanup(case.doCleanups)
        case.write({"shop_signals.py": "from django.dispatch import Signal\nsold = Signal()\n"})

        def act() -> None:
            import sys

            with case.inside():
                sys.path.insert(0, str(case.root))
                import shop_signals

                shop_signals.sold.connect(self.hear, weak=False)
                self.addCleanup(shop_signals.sold.disconnect, self.hear)

        (said,) = self.changes(receivers, act)
        self.assertIn(" connected", said)

    def test_one_that_has_died_or_comes_from_a_package_is_none(self) -> None:
        from django.db import reset_queries

        def act() -> None:
            def hear(**kwargs) -> None:
                """Hear."""

            request_finished.connect(hear)
            request_finished.connect(reset_queries, dispatch_uid="again")

        def undo() -> None:
            request_finished.disconnect(dispatch_uid="again")

        self.assertEqual(self.changes(receivers, act, undo), [])

    def test_one_that_was_connected_and_has_died_since_is_none(self) -> None:
        kept = [lambda **kwargs: None]
        request_finished.connect(kept[0])
        self.assertEqual(self.changes(receivers, kept.clear), [])

    def test_what_a_module_connects_while_it_is_imported_is_none(self) -> None:
        case = SuiteCase()
        case.setUp()
        self.addCleanup(case.doCleanups)
        text = (
            "from django.core.signals import request_finished\n\n"
            "def hear(**kwargs):\n    pass\n\nrequest_finished.connect(hear)\n"
        )
        case.write({"shop_receivers.py": text})

        def act() -> None:
            import sys

            with case.inside():
                sys.path.insert(0, str(case.root))
                import shop_receivers

                self.addCleanup(request_finished.disconnect, shop_receivers.hear)

        self.assertEqual(self.changes(receivers, act), [])


class FixtureTests(unittest.TestCase):
    def left_by(self, path: str) -> list[str]:
        """Return what is said of a fixture in a file, which leaves a variable set."""
        watch = Watch()
        shared = Running.at(FunctionId(path, "", "server"), None)
        with mock.patch.dict(os.environ):
            watch.shared_begins(shared)
            os.environ["SHOP_LEFT"] = "1"
            watch.shared_is_up(shared)
            watch.shared_ends(shared)
            return [problem.message for problem in watch.shared_is_down(shared)]

    def test_what_a_projects_fixture_leaves_is_told(self) -> None:
        (said,) = self.left_by("checks/conftest.py")
        self.assertIn("The set-up of server leaves the environment variable SHOP_LEFT", said)

    def test_what_a_packages_fixture_leaves_is_none(self) -> None:
        self.assertEqual(self.left_by(".venv/lib/site-packages/shop/plugin.py"), [])


class ConnectionTests(TransactionTestCase):
    def test_a_connection_of_its_own_that_stays_open_is_found(self) -> None:
        class Sample(SimpleTestCase):
            databases = "__all__"

            def test_left(case) -> None:
                self.left = connection.copy()
                self.left.connect()

            def test_closed(case) -> None:
                own = connection.copy()
                own.connect()
                own.close()

        found = found_by("leaks", Sample)
        self.left.close()
        ((name, said),) = found.items()
        self.assertEqual(name, "Sample.test_left")
        self.assertIn("ISO006 ", said[0])
        self.assertIn("leaves a connection of its own to 'default' open.", said[0])

    def test_the_connection_of_all_tests_is_none_and_one_that_is_closed_again(self) -> None:
        probes = opened.make_probes()
        probes[0].start()
        self.addCleanup(probes[0].stop)
        self.assertEqual(probes[0].look(), {})
        connections["default"].close()
        connections["default"].connect()
        self.assertEqual(probes[0].look(), {})
        self.assertEqual(probes[0].tell(1, "default", MISSING), "")

    def test_one_to_a_database_in_memory_is_none_as_django_keeps_it_open(self) -> None:
        probes = opened.make_probes()
        probes[0].start()
        self.addCleanup(probes[0].stop)
        entry = scratch.entry(":memory:", ENGINE="django.db.backends.sqlite3", OPTIONS={})
        own = DatabaseWrapper(entry, "lite")
        own.connect()
        own.close()
        self.assertIsNotNone(own.connection)
        self.assertEqual(probes[0].look(), {})
        BaseDatabaseWrapper.close(own)


class StoreTests(ProbeCase):
    def setUp(self) -> None:
        super().setUp()
        self.client_of_valkey = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
        self.addCleanup(self.client_of_valkey.close)
        names = [f"leaks:{self._testMethodName}:{letter}" for letter in "abc"]
        self.addCleanup(self.client_of_valkey.delete, *names)
        self.a, self.b, self.c = names

    def left(self, *names: str) -> list[str]:
        return [f"the key {name[:60]!r} on the Redis or Valkey server" for name in names]

    def test_each_way_to_write(self) -> None:
        def act() -> None:
            self.client_of_valkey.set(self.a.encode(), 1)
            self.client_of_valkey.mset({self.b: 1})
            self.client_of_valkey.eval("redis.call('SET', KEYS[1], 1)", 1, self.c)

        self.assertCountEqual(self.changes(stores, act), self.left(self.a, self.b, self.c))

    def test_pipelines_write_too(self) -> None:
        def act() -> None:
            with self.client_of_valkey.pipeline() as pipeline:
                pipeline.watch(self.a)
                pipeline.multi()
                pipeline.set(self.a, 1)
                pipeline.execute()

        self.assertEqual(self.changes(stores, act), self.left(self.a))

    def test_what_is_deleted_read_or_kept_by_kombu_is_none(self) -> None:
        self.client_of_valkey.set(self.a, 1)

        def act() -> None:
            self.client_of_valkey.get(self.a)
            self.client_of_valkey.set(self.b, 1)
            self.client_of_valkey.delete(self.b)
            self.client_of_valkey.sadd("_kombu.binding.leaks", 1)
            self.client_of_valkey.ping()
            self.client_of_valkey.client_info()

        def undo() -> None:
            self.client_of_valkey.delete("_kombu.binding.leaks")

        self.assertEqual(self.changes(stores, act, undo), [])

    def test_a_key_of_before_that_is_gone_is_none(self) -> None:
        probes = stores.make_probes()
        probes[-1].start()
        self.addCleanup(probes[-1].stop)
        self.client_of_valkey.set(self.a, 1)
        ledger = Ledger(probes)
        ledger.begin()
        self.client_of_valkey.delete(self.a)
        self.assertEqual([change.text for change in ledger.end()], [""])

    def test_what_goes_into_a_cache_of_the_tests_own_is_none(self) -> None:
        own = {**settings.CACHES["default"], "KEY_PREFIX": self.a}

        def act() -> None:
            with override_settings(CACHES={"default": own}):
                caches["default"].set("visits", 1, timeout=5)

        self.assertEqual(self.changes(stores, act), [])

    def test_a_server_that_is_not_there_holds_nothing(self) -> None:
        nobody = redis.Redis.from_url("redis://127.0.0.1:1/0")

        def act() -> None:
            with self.assertRaises(redis.ConnectionError):
                nobody.set("a", 1)

        self.assertEqual(self.changes(stores, act), [])

    def test_keys_of_a_cache_in_this_process(self) -> None:
        backend = "django.core.cache.backends.locmem.LocMemCache"
        with override_settings(CACHES={"default": {"BACKEND": backend, "LOCATION": self.a}}):
            cache = caches["default"]
            cache.set("old", 1)

            def act() -> None:
                cache.delete("old")
                cache.set("new", 1)

            said = self.changes(stores, act, cache.clear)
        self.assertEqual(said, ["the key ':1:new' in a cache of this process"])

    def test_without_the_client_there_is_only_this_process(self) -> None:
        with mock.patch.object(stores.importlib.util, "find_spec", return_value=None):
            self.assertEqual(len(stores.make_probes()), 1)


class SharedTests(unittest.TestCase):
    def tearDown(self) -> None:
        for letter in "ABC":
            os.environ.pop(f"SHOP_{letter}", None)

    def test_a_class_that_puts_nothing_back_is_named(self) -> None:
        class Sample(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                os.environ["SHOP_A"] = "1"

            def test_it(self) -> None:
                self.assertTrue(os.environ["SHOP_A"])

        class Clean(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                cls.enterClassContext(mock.patch.dict(os.environ, SHOP_B="1"))

            def test_it(self) -> None:
                self.assertTrue(os.environ["SHOP_B"])

        found = found_by("leaks", Clean, Sample)
        ((name, said),) = found.items()
        self.assertEqual(name, "Sample")
        self.assertIn("Sample leaves the environment variable SHOP_A set.", said[0])

    def test_many_leaks_are_one_problem_that_names_some(self) -> None:
        class Sample(unittest.TestCase):
            def test_it(self) -> None:
                self.names = [f"SHOP_{number}" for number in range(7)]
                os.environ.update(dict.fromkeys(self.names, "1"))

        found = found_by("leaks", Sample)
        for number in range(7):
            del os.environ[f"SHOP_{number}"]
        (said,) = found["Sample.test_it"]
        self.assertIn("SHOP_4 set and 2 more.", said)
