"""A small project's own test-suite, run by both runners on real databases."""

import os
import subprocess
import sys

from django.test import tag

from django.db import connection
from django.test import SimpleTestCase

from tests.harness.testing.suites import SuiteCase

PYPROJECT = """
[tool.pytest.ini_options]
DJANGO_SETTINGS_MODULE = "shop_settings"
addopts = "-p pytest_django.plugin -p quality_harness -p no:cacheprovider"
[tool.quality_harness.testing]
seed = "shop.public:seed"
paths = ["checks"]
"""
MODELS = """
from django.db import models

class Kind(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=20, unique=True)
"""
PUBLIC = """
from shop.models import Kind

def seed():
    with open("calls.txt", "a") as calls:
        calls.write("x")
    Kind.objects.update_or_create(name="book")
"""
TESTS = """
from django.test import TestCase, TransactionTestCase
from shop.models import Kind

class FirstTests(TransactionTestCase):
    def test_one(self):
        self.assertEqual(Kind.objects.get().name, "book")

    def test_two(self):
        self.assertEqual(Kind.objects.get().name, "book")

class SecondTests(TestCase):
    def test_one(self):
        self.assertEqual(Kind.objects.get().name, "book")

    def test_two(self):
        self.assertEqual(Kind.objects.get().name, "book")

class ThirdTests(TransactionTestCase):
    def test_one(self):
        self.assertEqual(Kind.objects.get().name, "book")
"""
# Overrides the fixture as projects do; pytest keeps the order in which the tests stand here.
CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    yield

@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.nodeid)
"""


@tag("slow")
class SeededSuiteTests(SuiteCase, SimpleTestCase):
    def setUp(self) -> None:
        super().setUp()
        server = {
            key: connection.settings_dict[key] for key in ("HOST", "PORT", "USER", "PASSWORD")
        }
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": f"seeded_{os.getpid()}",
            **server,
        }
        self.write(
            {
                "pyproject.toml": PYPROJECT,
                "shop_settings.py": f"""
                SECRET_KEY = "not secret"
                INSTALLED_APPS = ["shop"]
                DATABASES = {{"default": {database!r}}}
                TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"
                """,
                "shop/__init__.py": "",
                "shop/models.py": MODELS,
                "shop/public.py": PUBLIC,
                "checks/test_kinds.py": TESTS,
            }
        )

    def run_python(self, *arguments: str) -> str:
        """Run Python in the project; give its output, and fail unless it exits with 0."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "shop_settings",
                "PYTEST_ADDOPTS": "",
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def calls(self) -> int:
        return len((self.root / "calls.txt").read_text(encoding="utf-8"))

    def test_pytest_seeds_once_and_after_each_flush_alone(self) -> None:
        self.write({"conftest.py": CONFTEST})
        output = self.run_python("-m", "pytest", "-q")
        self.assertIn("5 passed", output)
        self.assertEqual(self.calls(), 1 + 3)

    def test_django_seeds_before_it_clones_for_each_process(self) -> None:
        output = self.run_python("-m", "django", "test", "--parallel", "2")
        self.assertIn("Ran 5 tests", output)
        self.assertEqual(output.count("Cloning test database"), 2)
        self.assertEqual(self.calls(), 1 + 3)
