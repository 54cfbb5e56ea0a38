import re
import sys
import types
from collections import OrderedDict
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, post_save
from django.dispatch import Signal
from django.test import SimpleTestCase, override_settings
from django.utils.translation import gettext_lazy

from quality_harness.testing import template_key as module
from quality_harness.testing.imported import Imported
from quality_harness.testing.template_key import plain, template_key
from tests.harness.testing.suites import SuiteCase

SEED = "blog.public:seed_reference_data"


class Anything:
    """An object that says nothing of itself."""


class PlainTests(SimpleTestCase):
    def test_values_stay_apart(self) -> None:
        values = [None, True, 1, 1.5, "1", [1], {"a": 1}, Path("2"), re.compile("1"), b"1"]
        self.assertEqual(len({repr(plain(value)) for value in values}), len(values))

    def test_the_order_of_what_has_none_does_not_matter(self) -> None:
        self.assertEqual(plain({"b": 1, "a": 2}), plain(OrderedDict(a=2, b=1)))
        self.assertEqual(plain({"b", "a"}), ["a", "b"])

    def test_a_translated_text_is_its_text(self) -> None:
        self.assertEqual(plain(gettext_lazy("Yes")), "Yes")

    def test_an_object_is_its_class(self) -> None:
        self.assertEqual(plain(Anything()), f"{__name__}.Anything")


class KeyTests(SimpleTestCase):
    def key(self, seed: str = "", versions: tuple[int, ...] = (180004,)) -> str:
        databases = [connections[DEFAULT_DB_ALIAS]]
        return template_key(databases, seed=seed, root=Path.cwd(), versions=versions)

    def test_is_the_same_twice(self) -> None:
        self.assertEqual(self.key(), self.key())
        self.assertRegex(self.key(), "^[0-9a-f]{24}$")

    def test_differs_with_the_seed_and_the_server(self) -> None:
        self.assertEqual(len({self.key(), self.key(SEED), self.key(versions=(170000,))}), 3)

    def test_differs_with_a_setting_that_migrations_follow(self) -> None:
        before = self.key()
        with override_settings(TIME_ZONE="Asia/Tokyo"):
            self.assertNotEqual(self.key(), before)

    def test_differs_with_a_setting_or_variable_that_the_code_names(self) -> None:
        named = Imported(settings={"SHOP_NAME"}, variables={"SHOP_PLACE"})
        with mock.patch.object(module, "walk", return_value=named):
            before = self.key()
            with override_settings(SHOP_NAME="x"):
                self.assertNotEqual(self.key(), before)
            with mock.patch.dict("os.environ", SHOP_PLACE="x"):
                self.assertNotEqual(self.key(), before)

    def test_does_not_differ_with_other_settings_or_the_databases_name(self) -> None:
        before = self.key()
        settings = connections[DEFAULT_DB_ALIAS].settings_dict
        with (
            override_settings(SHOP_NAME="x"),
            mock.patch.dict(settings, NAME="other", PORT="1"),
            mock.patch.dict(settings["TEST"], NAME="other"),
        ):
            self.assertEqual(self.key(), before)

    def test_differs_with_the_options_of_the_database(self) -> None:
        before = self.key()
        with mock.patch.dict(connections[DEFAULT_DB_ALIAS].settings_dict, OPTIONS={"x": 1}):
            self.assertNotEqual(self.key(), before)

    def test_differs_with_permissions_and_names_that_no_migration_holds(self) -> None:
        before = self.key()
        with mock.patch.object(apps.get_model("blog", "Blog")._meta, "permissions", [("a", "b")]):
            self.assertNotEqual(self.key(), before)

    def test_differs_with_an_installed_package(self) -> None:
        before = self.key()
        with mock.patch.object(module, "_distributions", return_value=["shop-2.dist-info"]):
            self.assertNotEqual(self.key(), before)

    def test_differs_with_the_day(self) -> None:
        before = self.key()
        with mock.patch.object(module, "date") as day:
            day.today.return_value.isoformat.return_value = "2001-01-01"
            self.assertNotEqual(self.key(), before)

    def test_differs_with_a_table_for_a_cache(self) -> None:
        before = self.key()
        backend = "django.core.cache.backends.db.DatabaseCache"
        with override_settings(CACHES={"default": {"BACKEND": backend, "LOCATION": "cache"}}):
            self.assertNotEqual(self.key(), before)

    def test_names_the_installed_packages(self) -> None:
        self.assertTrue(any(name.startswith("pytest") for name in module._distributions()))


class RootTests(SuiteCase, SimpleTestCase):
    def roots(self, seed: str = "") -> set[str]:
        return {str(path) for path in module._roots(seed)}

    def ends(self, roots: set[str], end: str) -> bool:
        return any(root.endswith(end) for root in roots)

    def test_are_the_migrations_of_every_app(self) -> None:
        roots = self.roots()
        self.assertTrue(self.ends(roots, "/blog/migrations/0001_initial.py"))
        self.assertTrue(self.ends(roots, "/django/contrib/auth/migrations/0001_initial.py"))
        self.assertFalse(self.ends(roots, ".pyc"))

    def test_are_the_seeds_module_too(self) -> None:
        self.assertTrue(self.ends(self.roots(SEED), "/blog/public.py"))
        self.assertFalse(self.ends(self.roots(), "/blog/public.py"))

    def test_are_all_files_of_an_app_without_migrations(self) -> None:
        with override_settings(MIGRATION_MODULES={"blog": None}):
            self.assertTrue(self.ends(self.roots(), "/blog/models.py"))

    def test_are_the_migrations_wherever_they_stand(self) -> None:
        self.write({"qh_moved/__init__.py": "", "qh_moved/blog/__init__.py": ""})
        self.write({"qh_moved/blog/0001_initial.py": "", "qh_moved/blog/data.sql": ""})
        with self.inside(), override_settings(MIGRATION_MODULES={"blog": "qh_moved.blog"}):
            sys.path.insert(0, str(self.root))
            roots = self.roots()
        self.assertTrue(self.ends(roots, "/qh_moved/blog/0001_initial.py"))
        self.assertTrue(self.ends(roots, "/qh_moved/blog/data.sql"))

    def test_migrations_that_cannot_be_found_make_it_an_app_without(self) -> None:
        with override_settings(MIGRATION_MODULES={"blog": "qh_nowhere.blog"}):
            self.assertTrue(self.ends(self.roots(), "/blog/models.py"))

    def test_are_routers_named_or_made(self) -> None:
        from tests.harness.testing.scratch import OnlyContentTypes

        for router in (f"{OnlyContentTypes.__module__}.OnlyContentTypes", OnlyContentTypes()):
            with override_settings(DATABASE_ROUTERS=[router]):
                self.assertTrue(self.ends(self.roots(), "/testing/scratch.py"))

    def test_are_receivers_that_hear_of_migrations(self) -> None:
        def heard(**_: object) -> None: ...

        for signal, sender in ((post_migrate, apps.get_app_config("blog")), (post_save, None)):
            with self.subTest(signal):
                signal.connect(heard, sender=sender)
                self.addCleanup(signal.disconnect, heard, sender=sender)
                self.assertTrue(self.ends(self.roots(), "test_template_key.py"))
                signal.disconnect(heard, sender=sender)

    def test_are_all_receivers_where_there_is_a_seed(self) -> None:
        self.assertTrue(self.ends(self.roots(SEED), "/receivers.py"))

    def test_a_receiver_without_a_module_is_passed_over(self) -> None:
        receiver = mock.Mock(spec=["__call__"], __module__=None)
        signal = Signal()
        signal.connect(receiver, weak=False)
        with mock.patch.object(module, "_signals", return_value={signal}):
            self.assertEqual(list(module._receivers(everything=True)), [])

    def test_odd_modules_are_passed_over(self) -> None:
        odd = types.SimpleNamespace()
        with mock.patch.dict(sys.modules, qh_odd_signals=odd):
            self.assertIn(post_save, module._signals())


class OtherFilesTests(SuiteCase, SimpleTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"shop/migrations/0001.py": "", "shop/data.csv": "a", "shop/public.py": ""})
        self.write({".venv/pyvenv.cfg": "", "env/pyvenv.cfg": "", "env/lib.csv": ""})
        self.write({"node_modules/a.csv": ""})

    def names(self, imported: Imported, seed: str = "") -> set[str]:
        found = module._other_files(imported, self.root, seed)
        return {Path(entry[0]).relative_to(self.root).as_posix() for entry in found}

    def test_are_none_where_nobody_reads_files(self) -> None:
        self.assertEqual(self.names(Imported()), set())

    def test_are_those_that_a_migration_may_read(self) -> None:
        self.assertEqual(
            self.names(Imported(reads_files=True)), {"pyproject.toml", "shop/data.csv"}
        )

    def test_are_all_modules_where_a_migration_imports_by_a_name(self) -> None:
        migration = self.root / "shop/migrations/0001.py"
        names = self.names(Imported(imports_by_name={migration}))
        self.assertIn("shop/public.py", names)
        self.assertNotIn("shop/data.csv", names)

    def test_are_all_modules_where_the_seeds_module_does(self) -> None:
        module_file = Path(sys.modules["blog"].__path__[0], "public.py")
        imported = Imported(imports_by_name={module_file})
        self.assertIn("shop/public.py", self.names(imported, SEED))
        self.assertEqual(self.names(imported), set())

    def test_a_change_is_seen(self) -> None:
        imported = Imported(reads_files=True)
        before = module._other_files(imported, self.root, "")
        self.write({"shop/data.csv": "ab"})
        self.assertNotEqual(module._other_files(imported, self.root, ""), before)
