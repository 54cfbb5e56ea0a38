"""A small project's own test-suite, run from a template by both runners, and what can go wrong."""

import os
import signal
import subprocess
import sys
import time

from django.conf import settings
from django.db import connection
from django.test import TestCase, tag

from quality_harness.testing.server import TEMPLATE
from quality_harness.testing.templates import template_prefix
from tests.harness.testing import scratch
from tests.harness.testing.suites import SuiteCase

PYPROJECT = """
[tool.pytest.ini_options]
DJANGO_SETTINGS_MODULE = "shop_settings"
addopts = "-p pytest_django.plugin -p xdist.plugin -p quality_harness -p no:cacheprovider"
[tool.quality_harness.testing]
seed = "shop.public:seed"
template = true
paths = ["checks"]
strict = ["leaks"]
"""
SETTINGS = """
SECRET_KEY = "not secret"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
DATABASES = {{"default": {database!r}}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"
"""
MODELS = """
from django.db import models

class Kind(models.Model):
    name = models.CharField(max_length=20, unique=True)
"""
MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Kind",
            [
                ("id", models.AutoField(primary_key=True, serialize=False, auto_created=True,
                                        verbose_name="ID")),
                ("name", models.CharField(max_length=20, unique=True)),
            ],
        ),
    ]
"""
BROKEN = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL("SELECT nonsense")]
"""
PUBLIC = """
from shop.models import Kind

def seed():
    with open(".calls", "a") as calls:
        calls.write("x")
    Kind.objects.update_or_create(name="book")
"""
TESTS = """
from django.contrib.auth.models import Permission
from django.test import TestCase, TransactionTestCase
from shop.models import Kind

class Seeded:
    def check(self):
        self.assertEqual(Kind.objects.get().name, "book")
        self.assertEqual(Permission.objects.filter(content_type__app_label="shop").count(), 4)
        Kind.objects.all().delete()
        Permission.objects.all().delete()
        Kind.objects.create(name="film")

    def test_one(self):
        self.check()

    def test_two(self):
        self.check()

class FirstTests(Seeded, TransactionTestCase):
    serialized_rollback = True

class SecondTests(Seeded, TestCase):
    pass

class ThirdTests(Seeded, TransactionTestCase):
    reset_sequences = True

    def test_numbers(self):
        self.assertEqual(Kind.objects.create(name="film").pk, 2)
"""
SLOW_SEED = """
import time
from shop.models import Kind

def seed():
    with open(".calls", "a") as calls:
        calls.write("x")
    time.sleep({seconds})
    Kind.objects.update_or_create(name="book")
"""
# Django takes psycopg 2 where there is no newer one.
OTHER_PACKAGES = """
import sys
sys.modules["psycopg"] = None
CACHES = {{
    "default": {{"BACKEND": "django_redis.cache.RedisCache", "LOCATION": {location!r}}},
}}
"""
PACKAGES_TESTS = """
from django.core.cache import cache
from django.db import connection
from django.test import TestCase

class PackagesTests(TestCase):
    def test_driver(self):
        with connection.cursor() as cursor:
            self.assertTrue(type(cursor.cursor).__module__.startswith("psycopg2"))

    def test_cleared(self):
        cache.set("shop", 1)
        cache.clear()
        self.assertIsNone(cache.get("shop"))

    def test_left(self):
        cache.set("shop", 1)
        self.assertEqual(cache.get("shop"), 1)
"""
LEFT = r"test_left leaves the key 'quality_harness_[0-9a-f]{8}:1:shop' on the Redis or Valkey"
PYTEST = ("-m", "pytest", "-q")
DJANGO = ("-m", "django", "test", "--noinput")


@tag("slow")
class TemplateSuiteCase(SuiteCase, TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = scratch.control()
        self.addCleanup(self.server.close)
        self.name = f"template_suite_{os.getpid()}"
        self.addCleanup(self.drop_all)
        self.write(
            {
                "pyproject.toml": PYPROJECT,
                "shop/__init__.py": "",
                "shop/models.py": MODELS,
                "shop/public.py": PUBLIC,
                "shop/migrations/__init__.py": "",
                "shop/migrations/0001_initial.py": MIGRATION,
                "checks/test_kinds.py": TESTS,
            }
        )
        self.write_settings()

    def write_settings(self, **changes: object) -> None:
        server = {
            key: connection.settings_dict[key] for key in ("HOST", "PORT", "USER", "PASSWORD")
        }
        engine = "django.db.backends.postgresql"
        database = {"ENGINE": engine, "NAME": self.name, **server, **changes}
        self.write({"shop_settings.py": SETTINGS.format(database=database)})

    def drop_all(self) -> None:
        for name in self.left():
            self.server.drop(name)

    def left(self) -> list[str]:
        """Return the databases of the project that are there."""
        own = (template_prefix(self.root, [self.name]), f"test_{self.name}")
        self.server._run("SELECT datname FROM pg_database")
        return sorted(name for (name,) in self.server._cursor if name.startswith(own))

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.root,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "shop_settings",
                "PYTEST_ADDOPTS": "",
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run_python(self, *arguments: str, code: int = 0) -> str:
        """Run Python in the project; give its output, and fail unless it exits with `code`."""
        process = self.start(*arguments)
        output, _ = process.communicate()
        self.assertEqual(process.returncode, code, output)
        return output

    def calls(self) -> int:
        return len((self.root / ".calls").read_text(encoding="utf-8"))

    def assert_only_templates_are_left(self, count: int = 1) -> None:
        left = self.left()
        self.assertEqual([name for name in left if not name.startswith(TEMPLATE)], [])
        self.assertEqual(len(left), count)


class BothRunnersTests(TemplateSuiteCase):
    def test_one_template_serves_every_kind_of_run_and_the_seed_is_called_once(self) -> None:
        for arguments in (PYTEST, (*PYTEST, "-n", "2")):
            self.assertIn("7 passed", self.run_python(*arguments))
        for arguments in (DJANGO, (*DJANGO, "--parallel", "2")):
            self.assertIn("Ran 7 tests", self.run_python(*arguments))
        self.assertEqual(self.calls(), 1)
        self.assert_only_templates_are_left()

    def test_another_seed_makes_another_template(self) -> None:
        self.run_python(*PYTEST)
        self.write({"shop/public.py": PUBLIC.replace("import Kind", "import Kind  # anew")})
        self.run_python(*PYTEST)
        self.assertEqual(self.calls(), 2)
        self.assert_only_templates_are_left(2)

    def test_create_db_builds_the_template_anew(self) -> None:
        self.run_python(*PYTEST)
        self.run_python(*PYTEST, "--create-db")
        self.assertEqual(self.calls(), 2)
        self.assert_only_templates_are_left()

    def test_without_migrations_there_is_a_template_of_its_own(self) -> None:
        self.run_python(*PYTEST)
        self.run_python(*PYTEST, "--nomigrations")
        self.assert_only_templates_are_left(2)

    def test_a_database_that_is_to_be_kept_is_djangos(self) -> None:
        self.run_python(*PYTEST, "--reuse-db", "-k", "SecondTests")
        self.run_python(*DJANGO, "--keepdb", "checks.test_kinds.SecondTests")
        self.assertEqual(self.left(), [f"test_{self.name}"])

    def test_two_runs_at_once_build_one_template(self) -> None:
        self.write({"shop/public.py": SLOW_SEED.format(seconds=2)})
        runs = [self.start(*PYTEST), self.start(*DJANGO)]
        for run in runs:
            output, _ = run.communicate()
            self.assertEqual(run.returncode, 0, output)
        self.assertEqual(self.calls(), 1)
        self.assert_only_templates_are_left()

    def test_a_plugin_that_is_named_twice_is_there_once(self) -> None:
        self.write({"conftest.py": 'pytest_plugins = ["quality_harness.testing.plugin"]'})
        output = self.run_python(*PYTEST, "-p", "quality_harness.testing.plugin")
        self.assertIn("7 passed", output)


class OtherPackagesTests(TemplateSuiteCase):
    def setUp(self) -> None:
        super().setUp()
        location = settings.CACHES["default"]["LOCATION"]
        with open(self.root / "shop_settings.py", "a", encoding="utf-8") as file:
            file.write(OTHER_PACKAGES.format(location=location))
        self.write({"checks/test_packages.py": PACKAGES_TESTS})

    def test_psycopg_2_and_django_redis_under_pytest(self) -> None:
        for arguments in (PYTEST, (*PYTEST, "-n", "2")):
            output = self.run_python(*arguments, code=1)
            self.assertIn("1 failed, 9 passed", output)
            self.assertRegex(output, LEFT)

    def test_psycopg_2_and_django_redis_under_djangos_runner(self) -> None:
        for arguments in (DJANGO, (*DJANGO, "--parallel", "2")):
            output = self.run_python(*arguments, code=1)
            self.assertIn("FAILED (failures=1)", output)
            self.assertRegex(output, LEFT)


class BadInputTests(TemplateSuiteCase):
    def test_a_broken_migration_ends_both_runners_with_2_and_leaves_nothing(self) -> None:
        self.write({"shop/migrations/0002_broken.py": BROKEN})
        for arguments in (PYTEST, DJANGO, (*PYTEST, "-n", "2")):
            with self.subTest(arguments):
                output = self.run_python(*arguments, code=2)
                self.assertIn("migration shop.0002_broken: ProgrammingError: column", output)
                self.assertEqual(self.left(), [])

    def test_a_role_that_may_make_no_database_ends_with_2(self) -> None:
        role = f"template_suite_role_{os.getpid()}"
        self.server._run(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'x'")
        self.addCleanup(self.server._run, f'DROP ROLE "{role}"')
        self.write_settings(USER=role, PASSWORD="x")
        for arguments in (PYTEST, DJANGO):
            with self.subTest(arguments):
                output = " ".join(self.run_python(*arguments, code=2).split())
                self.assertIn(f'ALTER ROLE "{role}" CREATEDB', output)

    def test_an_ordinary_role_that_may_make_databases_is_enough(self) -> None:
        role = f"template_suite_role_{os.getpid()}"
        self.server._run(f"CREATE ROLE \"{role}\" LOGIN CREATEDB PASSWORD 'x'")
        self.addCleanup(self.server._run, f'DROP ROLE "{role}"')
        self.addCleanup(self.drop_all)
        self.write_settings(USER=role, PASSWORD="x")
        for arguments in (PYTEST, (*PYTEST, "-n", "2")):
            self.assertIn("7 passed", self.run_python(*arguments))
        for arguments in (DJANGO, (*DJANGO, "--parallel", "2")):
            self.assertIn("Ran 7 tests", self.run_python(*arguments))
        self.assertEqual(self.calls(), 1)

    def test_a_fixture_that_makes_the_databases_by_itself_is_told(self) -> None:
        self.write({"conftest.py": """
                import pytest
                @pytest.fixture(scope="session")
                def django_db_setup(): ...
                """})
        output = " ".join(self.run_python(*PYTEST, code=2).split())
        self.assertIn("the fixture django_db_setup in conftest.py makes the test databases", output)

    def test_a_fixture_that_takes_pytest_djangos_is_fine(self) -> None:
        self.write({"conftest.py": """
                import pytest
                @pytest.fixture(scope="session")
                def django_db_setup(django_db_setup): ...
                """})
        self.assertIn("7 passed", self.run_python(*PYTEST))

    def test_a_killed_run_hinders_nobody_and_its_database_is_dropped(self) -> None:
        self.write({"checks/test_slow.py": SLEEPY})
        run = self.start(*PYTEST)
        self.wait_for(".testing")
        run.send_signal(signal.SIGKILL)
        run.communicate()
        (self.root / "checks/test_slow.py").unlink()
        self.assertIn("7 passed", self.run_python(*PYTEST))
        self.assert_only_templates_are_left()

    def test_a_run_that_was_killed_while_building_leaves_no_template_to_be_taken(self) -> None:
        self.write({"shop/public.py": SLOW_SEED.format(seconds=60)})
        run = self.start(*PYTEST)
        self.wait_for(".calls")
        run.send_signal(signal.SIGKILL)
        run.communicate()
        self.write({"shop/public.py": PUBLIC})
        self.assertIn("7 passed", self.run_python(*PYTEST))
        self.assert_only_templates_are_left()

    def test_a_worker_that_crashes_leaves_nothing_for_long(self) -> None:
        self.write({"checks/test_crash.py": CRASH})
        output = self.run_python(*PYTEST, "-n", "2", code=1)
        self.assertIn("crashed", output)
        (self.root / "checks/test_crash.py").unlink()
        self.run_python(*PYTEST)
        self.assert_only_templates_are_left()

    def wait_for(self, name: str) -> None:
        deadline = time.monotonic() + 120
        while not (self.root / name).exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)


SLEEPY = """
import pathlib, time
from django.test import TestCase

class ASlowTests(TestCase):
    def test_sleep(self):
        pathlib.Path(".testing").touch()
        time.sleep(60)
"""
CRASH = """
import os
from django.test import TestCase

class CrashTests(TestCase):
    def test_crash(self):
        os._exit(3)
"""
