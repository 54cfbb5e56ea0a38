import io
import os
import sys
import types
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any
from unittest import mock

from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.db.migrations import Migration
from django.test import TestCase, override_settings
from django.test.utils import setup_databases, teardown_databases

from quality_harness.gate import CouldNotRun
from quality_harness.testing import templates
from quality_harness.testing.options import CLOCK
from quality_harness.testing.server import TEMPLATE, Server, TemplateIsGone, is_copy, lock_key
from tests.harness.testing import scratch

ROUTER = "tests.harness.testing.scratch.OnlyContentTypes"
SEED = "made_up_shop:seed"


class TemplatesCase(TestCase):
    """A test with an alias `scratch`, of whose templates nothing is left.

    Attributes:
        is_shared: whether the tests of the class take one template, which the first one builds.
    """

    is_shared = False

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.root = Path(f"/{cls.__name__}/{os.getpid()}")
        cls.names = [f"{alias}_{os.getpid()}" for alias in ("scratch", "second")]
        cls.addClassCleanup(cls.drop_templates)

    @classmethod
    def made(cls) -> list[str]:
        """Return the templates of this test."""
        server = scratch.control()
        found = scratch.names(server, TEMPLATE)
        server.close()
        kinds = (cls.names[:1], cls.names)
        prefixes = tuple(templates.template_prefix(cls.root, names) for names in kinds)
        return sorted(name for name in found if name.startswith(prefixes))

    @classmethod
    def drop_templates(cls) -> None:
        server = scratch.control()
        for name in cls.made():
            server.drop(name)
        server.close()

    def setUp(self) -> None:
        self.server = scratch.control()
        self.addCleanup(self.server.close)
        self.connection = self.enterContext(
            scratch.alias(self, "scratch", scratch.entry(self.names[0]))
        )
        self.enterContext(override_settings(DATABASE_ROUTERS=[ROUTER]))
        if not self.is_shared:
            self.addCleanup(self.drop_templates)

    def prepare(self, *aliases: str, seed: str = "", **options: Any) -> bool:
        given = aliases or ("scratch",)
        self.addCleanup(self.disconnect, given)
        return templates.prepare(root=self.root, seed=seed, aliases=given, verbosity=0, **options)

    def disconnect(self, aliases: Iterable[str]) -> None:
        """Close what waits for copies to be destroyed: not every test destroys them."""
        for alias in aliases:
            creation = connections[alias].creation
            if isinstance(creation, templates.CopyingCreation):
                creation.template.server.close()

    def set_up(self, *aliases: str, **options: Any) -> Any:
        """Make the test databases; they are destroyed after the test."""
        given = aliases or ("scratch",)
        config = setup_databases(0, False, aliases=given, **options)
        self.addCleanup(teardown_databases, config, 0, parallel=options.get("parallel", 0))
        return config

    def building(self) -> Any:
        """Count how often a template is built."""
        return mock.patch.object(templates, "_migrate", wraps=templates._migrate)


class CopyTests(TemplatesCase):
    is_shared = True

    def test_gives_a_migrated_copy(self) -> None:
        self.assertTrue(self.prepare())
        self.set_up()
        name = self.connection.settings_dict["NAME"]
        self.assertTrue(is_copy(name))
        self.assertTrue(name.startswith(f"test_scratch_{os.getpid()}"))
        self.assertTrue(ContentType.objects.using("scratch").exists())

    def test_leaves_the_names_as_they_were_once_built(self) -> None:
        self.prepare()
        self.assertEqual(self.connection.settings_dict["NAME"], f"scratch_{os.getpid()}")

    def test_a_mirror_leads_to_the_copy(self) -> None:
        mirror = scratch.entry("mirrored", TEST={"MIRROR": "scratch"})
        with scratch.alias(self, "mirror", mirror) as connection:
            self.prepare()
            self.set_up()
            self.assertEqual(
                connection.settings_dict["NAME"], self.connection.settings_dict["NAME"]
            )

    def test_each_process_has_a_copy_of_its_own(self) -> None:
        self.prepare()
        self.set_up(parallel=2)
        name = self.connection.settings_dict["NAME"]
        self.assertEqual(sorted(scratch.names(self.server, name)), [name, f"{name}_1", f"{name}_2"])

    def test_nothing_is_serialized_and_rollback_finds_its_contents(self) -> None:
        self.prepare()
        self.set_up(serialized_aliases={"scratch"})
        self.assertEqual(self.connection._test_serialized_contents, "[]")

    def test_destroys_every_copy_and_keeps_the_template(self) -> None:
        self.prepare()
        config = setup_databases(0, False, aliases=["scratch"], parallel=2)
        name = self.connection.settings_dict["NAME"]
        teardown_databases(config, 0, parallel=2)
        self.assertEqual(scratch.names(self.server, name), [])
        with self.building() as build:
            self.prepare()
        build.assert_not_called()

    def test_says_what_it_uses(self) -> None:
        self.prepare()
        with redirect_stderr(io.StringIO()) as said:
            config = setup_databases(1, False, aliases=["scratch"])
        teardown_databases(config, 0)
        self.assertIn("Using a copy of the template", said.getvalue())


class BuildTests(TemplatesCase):
    def test_builds_once(self) -> None:
        self.prepare()
        with self.building() as build:
            self.prepare()
        build.assert_not_called()
        self.assertEqual(len(self.made()), 1)

    def test_builds_again_where_that_is_asked_for(self) -> None:
        self.prepare()
        with self.building() as build:
            self.prepare(anew=True)
        build.assert_called_once()
        self.assertEqual(len(self.made()), 1)

    def test_builds_another_one_for_other_settings(self) -> None:
        self.prepare()
        with override_settings(TIME_ZONE="Asia/Tokyo"), self.building() as build:
            self.prepare()
        build.assert_called_once()
        self.assertEqual(len(self.made()), 2)

    def test_each_instant_has_templates_of_its_own(self) -> None:
        now = templates.template_prefix(self.root, self.names)
        with mock.patch.dict(os.environ, {CLOCK: "midnight"}):
            self.assertNotEqual(templates.template_prefix(self.root, self.names), now)

    def test_builds_anew_what_a_killed_run_left_half_made(self) -> None:
        self.prepare()
        (name,) = self.made()
        self.server._run(f'COMMENT ON DATABASE "{name}" IS NULL')
        with self.building() as build:
            self.prepare()
        build.assert_called_once()

    def test_builds_anew_what_is_dropped_before_it_is_copied(self) -> None:
        copy = Server.copy
        dropped: list[str] = []

        def drop_once(server: Server, template: str, name: str) -> None:
            if not dropped:
                dropped.append(template)
                self.server.drop(template)
            copy(server, template, name)

        with mock.patch.object(Server, "copy", drop_once):
            self.prepare()
        self.set_up()
        self.assertEqual(self.made(), dropped)

    def test_gives_up_where_it_is_dropped_again_and_again(self) -> None:
        with (
            mock.patch.object(Server, "copy", side_effect=TemplateIsGone),
            self.assertRaisesRegex(CouldNotRun, "dropped as soon as they are built"),
        ):
            self.prepare()

    def test_leaves_aliases_of_other_databases_to_django(self) -> None:
        sqlite = scratch.entry(":memory:", ENGINE="django.db.backends.sqlite3", OPTIONS={})
        self.enterContext(scratch.alias(self, "lite", sqlite))
        self.assertFalse(self.prepare("lite"))
        self.assertFalse(self.prepare("scratch", "lite"))
        self.set_up("scratch", "lite")
        self.assertTrue(ContentType.objects.using("lite").exists())
        self.assertTrue(ContentType.objects.using("scratch").exists())

    def test_two_databases_have_a_template_each(self) -> None:
        self.enterContext(scratch.alias(self, "second", scratch.entry(f"second_{os.getpid()}")))
        self.prepare("scratch", "second")
        self.set_up("scratch", "second")
        self.assertTrue(ContentType.objects.using("second").exists())
        self.assertEqual(len(self.made()), 2)

    def test_drops_older_templates_of_the_project_after_building(self) -> None:
        with mock.patch.object(Server, "drop_old_templates") as drop:
            self.prepare()
        (name,) = self.made()
        drop.assert_called_once_with("_".join(name.split("_")[:4]) + "_")


class SeedTests(TemplatesCase):
    """The seed goes to the alias `default`; here a scratch database stands behind it."""

    def setUp(self) -> None:
        super().setUp()
        self.rows: list[str] = []

    def seeding(self, function: Callable[[], object]) -> Any:
        module = types.ModuleType("made_up_shop")
        module.seed = function
        return mock.patch.dict(sys.modules, made_up_shop=module)

    def test_a_seed_that_raises_leaves_no_template(self) -> None:
        with (
            mock.patch.object(templates, "fill", side_effect=CouldNotRun("no seed")),
            self.seeding(print),
            self.assertRaisesRegex(CouldNotRun, "no seed"),
        ):
            self.prepare(seed=SEED)
        self.assertEqual(self.made(), [])
        self.assertEqual(self.connection.settings_dict["NAME"], f"scratch_{os.getpid()}")

    def test_what_is_seeded_is_in_the_copy(self) -> None:
        def fill(seed: str, before: dict[str, str]) -> bool:
            self.assertEqual(seed, SEED)
            ContentType.objects.using("scratch").create(app_label="made", model="up")
            return True

        with mock.patch.object(templates, "fill", fill), self.seeding(print):
            self.assertTrue(self.prepare(seed=SEED))
        self.set_up()
        self.assertTrue(ContentType.objects.using("scratch").filter(app_label="made").exists())


class BrokenTests(TemplatesCase):
    def assert_nothing_is_left(self) -> None:
        self.assertEqual(self.made(), [])
        self.assertNotIn("Copying", type(self.connection.creation).__name__)

    def break_migrations(self, problem: BaseException) -> Any:
        def apply(migration: Migration, *arguments: object, **options: object) -> object:
            if migration.app_label == "contenttypes":
                raise problem
            return original(migration, *arguments, **options)

        original = Migration.apply

        def wrapped(self: Migration, *arguments: object, **options: object) -> object:
            return apply(self, *arguments, **options)

        return mock.patch.object(Migration, "apply", wrapped)

    def test_a_broken_migration_is_named_with_its_error(self) -> None:
        with (
            self.break_migrations(ValueError("no such column")),
            self.assertRaisesRegex(
                CouldNotRun,
                "cannot be built: migration contenttypes.0001_initial: ValueError: no such column",
            ),
        ):
            self.prepare()
        self.assert_nothing_is_left()

    def test_nothing_is_left_locked(self) -> None:
        # A lock of its own: without it, another process may build the like of this template now.
        with (
            override_settings(TIME_ZONE="Africa/Lagos"),
            mock.patch.object(templates, "lock_key", wraps=lock_key) as keys,
            self.break_migrations(ValueError("x")),
            self.assertRaises(CouldNotRun),
        ):
            self.prepare()
        self.server._run(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
            [lock_key(keys.call_args.args[0])],
        )
        self.assertEqual(self.server._cursor.fetchone(), (0,))

    def test_an_interrupt_leaves_nothing_and_is_passed_on(self) -> None:
        with self.break_migrations(KeyboardInterrupt()), self.assertRaises(KeyboardInterrupt):
            self.prepare()
        self.assert_nothing_is_left()

    def test_a_problem_outside_of_migrations_is_told_too(self) -> None:
        with (
            mock.patch.object(templates, "setup_databases", side_effect=SystemExit(2)),
            self.assertRaisesRegex(CouldNotRun, "cannot be built: SystemExit: 2"),
        ):
            self.prepare()
        self.assert_nothing_is_left()

    def test_a_migration_that_opens_a_real_database_is_refused(self) -> None:
        def touch(*_: object, **__: object) -> None:
            connections["default"].cursor()

        with (
            mock.patch.object(Migration, "apply", touch),
            self.assertRaisesRegex(CouldNotRun, "A migration opens the database 'default'"),
        ):
            self.prepare()
        self.assert_nothing_is_left()

    def test_a_role_without_the_right_is_told(self) -> None:
        refused = CouldNotRun("no right")
        with (
            mock.patch.object(Server, "make", side_effect=refused),
            self.assertRaisesRegex(CouldNotRun, "no right"),
        ):
            self.prepare()
        self.assert_nothing_is_left()


class WaitingTests(TemplatesCase):
    def test_takes_what_another_process_has_built_meanwhile(self) -> None:
        self.prepare()
        (name,) = self.made()
        answers = [False, True, True]
        project = "quality_harness.testing.templates.Project._are_whole"
        with mock.patch(project, side_effect=answers), self.building() as build:
            self.prepare()
        build.assert_not_called()
        self.assertEqual(lock_key(name), lock_key(self.made()[0]))


class BackendTests(TemplatesCase):
    def test_migrations_that_are_switched_off_make_another_template(self) -> None:
        self.prepare()
        self.connection.settings_dict["TEST"]["MIGRATE"] = False
        self.prepare()
        self.assertEqual(len(self.made()), 2)
