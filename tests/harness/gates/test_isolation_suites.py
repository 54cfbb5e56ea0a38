"""A project full of traps, judged by the gates `tests` and `isolation` under both runners."""

import functools
import json
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import SimpleTestCase, tag

from tests.harness.projects import LIGHT

PYPROJECT = """
[tool.pytest.ini_options]
python_files = ["test_*.py"]
[tool.quality_harness]
gates = ["tests", "isolation"]
settings = "shop_settings"
[tool.quality_harness.tests]
runner = "{runner}"
coverage = false
[tool.quality_harness.testing]
strict = ["on-commit", "tasks", "leaks"]
paths = ["checks"]
[tool.quality_harness.isolation]
order = true
"""
SETTINGS = """
SECRET_KEY = "not secret"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "shop"]
DATABASES = {{"default": {database!r}}}
CACHES = {{
    "default": {{"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "valkey": {{
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": {redis!r},
        "KEY_PREFIX": {name!r},
    }},
}}
TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"
USE_TZ = True
USE_I18N = True
PAGE_SIZE = 10
"""
# Celery's own signals are no matter of Django's receivers.
CELERY = """
from celery import Celery
app = Celery("shop", broker="memory://", set_as_current=True)
app.conf.task_always_eager = True
"""
APPS = """
from django.apps import AppConfig

class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        from shop import celery, receivers
"""
RECEIVERS = """
from django.db.models.signals import post_save
from django.dispatch import receiver

@receiver(post_save, sender="auth.Group")
def {name}(sender, **kwargs):
    pass
"""
TASKS = """
from celery import shared_task

@shared_task
def greet(name):
    if name == "nobody":
        raise LookupError(name)
"""
CODE = """
from django.contrib.auth.models import Group
from django.db import transaction
from shop.tasks import greet

def heard():
    pass

def rename(*, send):
    with transaction.atomic():
        Group.objects.create(name="a")
        transaction.on_commit(heard)
        send("ann")
"""
TESTS = """
import logging, os, sys, threading, time, unittest, warnings
from unittest import mock
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache, caches
from django.core.signals import request_finished
from django.db import connection, transaction
from django.test import SimpleTestCase, TestCase, TransactionTestCase, override_settings
from django.urls import set_urlconf
from django.utils import timezone, translation
from shop.code import greet, heard, rename

def hear(**kwargs):
    pass

def nothing(*arguments):
    pass

STOP = threading.Event()

class CommitTests(TestCase):
    def test_bad_callback(self):
        transaction.on_commit(heard)

    def test_good_captured(self):
        with self.captureOnCommitCallbacks(execute=True):
            transaction.on_commit(heard)

    def test_good_rolled_back(self):
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            transaction.on_commit(heard)
            1 / 0

class RealCommitTests(TransactionTestCase):
    def test_good_committed(self):
        rename(send=nothing)

class TaskTests(TestCase):
    def setUp(self):
        self.enterContext(self.captureOnCommitCallbacks())

    def test_bad_in_transaction(self):
        rename(send=greet.delay)

    def test_good_after_it(self):
        rename(send=lambda name: transaction.on_commit(lambda: greet.delay(name)))

    def test_good_in_the_transaction_of_the_test(self):
        greet.delay("ann")

    def test_bad_swallowed(self):
        greet.delay("nobody")

    def test_good_result_looked_at(self):
        self.assertTrue(greet.delay("nobody").failed())

    def test_bad_arguments(self):
        greet.apply(args=[object()])

    def test_good_arguments(self):
        greet.apply(args=["ann"])

class LeakTests(SimpleTestCase):
    def test_bad_environment(self):
        os.environ["SHOP_MODE"] = "fast"

    def test_bad_folder(self):
        os.chdir(os.path.dirname(__file__))

    def test_bad_folder_again(self):
        os.chdir(os.path.dirname(os.path.dirname(__file__)))

    def test_bad_path(self):
        sys.path.append("/nowhere")

    def test_bad_thread(self):
        threading.Thread(target=STOP.wait, name="waiting", daemon=True).start()

    def test_bad_logger(self):
        logging.getLogger("shop").setLevel(logging.ERROR)

    def test_bad_warnings(self):
        warnings.simplefilter("ignore", DeprecationWarning)

    def test_bad_patch(self):
        mock.patch("shop.code.heard").start()

    def test_bad_setting(self):
        settings.PAGE_SIZE = 2

    def test_bad_override(self):
        override_settings(SHOP_NAME="b").enable()

    def test_bad_language(self):
        translation.activate("de")

    def test_bad_time_zone(self):
        timezone.activate("Asia/Tokyo")

    def test_bad_urls(self):
        set_urlconf("shop.urls")

    def test_bad_receiver(self):
        request_finished.connect(hear)

    def test_bad_cache(self):
        cache.set("visits", 1)

    def test_bad_valkey(self):
        caches["valkey"].set("visits", 1, timeout=60)

    def test_good_all_put_back(self):
        self.enterContext(mock.patch.dict(os.environ, SHOP_COLOR="red"))
        self.enterContext(translation.override("fr"))
        self.enterContext(timezone.override("Europe/Paris"))
        self.enterContext(self.settings(PAGE_SIZE=3))
        self.enterContext(mock.patch("shop.code.greet"))
        self.enterContext(warnings.catch_warnings())
        warnings.simplefilter("ignore", UserWarning)
        request_finished.connect(nothing)
        self.addCleanup(request_finished.disconnect, nothing)
        cache.set("clicks", 1)
        self.addCleanup(cache.delete, "clicks")
        caches["valkey"].set("clicks", 1, timeout=60)
        self.addCleanup(caches["valkey"].delete, "clicks")
        thread = threading.Thread(target=nothing)
        thread.start()
        self.addCleanup(thread.join)

@override_settings(PAGE_SIZE=5)
class GoodClassTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(mock.patch.dict(os.environ, SHOP_CLASS="yes"))

    def test_good(self):
        self.assertEqual(os.environ["SHOP_CLASS"], "yes")

class BadClassTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.environ["SHOP_LEFT"] = "yes"

    def test_good_in_a_bad_class(self):
        self.assertEqual(os.environ["SHOP_LEFT"], "yes")
"""
ORDER = """
import unittest
from django.test import TestCase

class State:
    seen = []

class AlphaTests(TestCase):
    def test_passes(self):
        State.seen.append("one")

class BetaTests(TestCase):
    def test_needs_one(self):
        self.assertIn("one", State.seen)

    def test_fine(self):
        pass

class GammaTests(TestCase):
    def test_victim(self):
        self.assertNotIn("four", State.seen)

class OmegaTests(TestCase):
    def test_polluter(self):
        State.seen.append("four")
"""
MODULE = """
import os
from django.test import SimpleTestCase

def setUpModule():
    os.environ["SHOP_MODULE"] = "yes"

def tearDownModule():
    del os.environ["SHOP_MODULE"]

class ModuleTests(SimpleTestCase):
    def test_good_in_a_module(self):
        self.assertEqual(os.environ["SHOP_MODULE"], "yes")
"""
FUNCTIONS = """
import os
import pytest
from django.db import transaction
from shop.code import heard

@pytest.fixture(scope="session")
def lasting(tmp_path_factory):
    os.environ["SHOP_SESSION"] = "yes"
    yield
    del os.environ["SHOP_SESSION"]

@pytest.fixture(scope="module")
def left():
    os.environ["SHOP_FIXTURE"] = "yes"

def test_bad_function():
    os.environ["SHOP_FUNCTION"] = "yes"

def test_good_function(lasting, monkeypatch):
    monkeypatch.setenv("SHOP_PATCHED", "yes")

def test_good_with_a_bad_fixture(left):
    assert os.environ["SHOP_FIXTURE"]

def test_bad_callback_function(db):
    transaction.on_commit(heard)

def test_good_callback_function(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        transaction.on_commit(heard)
"""
# What each bad test is found for: a part of the message.
EXPECTED = {
    "CommitTests.test_bad_callback": ("ISO001", "registers heard (shop/code.py:"),
    "TaskTests.test_bad_in_transaction": ("ISO002", "shop.tasks.greet is sent inside"),
    "TaskTests.test_bad_swallowed": ("ISO003", "LookupError: nobody"),
    "TaskTests.test_bad_arguments": ("ISO004", "json cannot carry"),
    "LeakTests.test_bad_environment": ("ISO005", "the environment variable SHOP_MODE set"),
    "LeakTests.test_bad_folder": ("ISO005", "the working folder changed from"),
    "LeakTests.test_bad_folder_again": ("ISO005", "the working folder changed from"),
    "LeakTests.test_bad_path": ("ISO005", "/nowhere added to sys.path"),
    "LeakTests.test_bad_thread": ("ISO005", "the thread waiting running"),
    "LeakTests.test_bad_logger": ("ISO005", "the logger shop changed (level)"),
    "LeakTests.test_bad_warnings": ("ISO005", "the filters of warnings changed"),
    "LeakTests.test_bad_patch": ("ISO005", "the patch of shop.code.heard started"),
    "LeakTests.test_bad_setting": ("ISO006", "the setting PAGE_SIZE changed"),
    "LeakTests.test_bad_override": ("ISO006", "the setting SHOP_NAME added"),
    "LeakTests.test_bad_language": ("ISO006", "the language changed from 'en-us' to 'de'"),
    "LeakTests.test_bad_time_zone": ("ISO006", "the time zone changed"),
    "LeakTests.test_bad_urls": ("ISO006", "the urlconf changed from None to 'shop.urls'"),
    "LeakTests.test_bad_receiver": ("ISO006", "the receiver hear (checks/test_traps.py:"),
    "LeakTests.test_bad_cache": ("ISO007", "the key ':1:visits' in a cache of this process"),
    "LeakTests.test_bad_valkey": ("ISO007", ":1:visits' on the Redis or Valkey server"),
    "BadClassTests": ("ISO005", "The set-up of BadClassTests leaves the environment variable"),
}
FOUND_BY_PYTEST_ALONE = {
    "test_bad_function": ("ISO005", "the environment variable SHOP_FUNCTION set"),
    "left": ("ISO005", "The set-up of left leaves the environment variable SHOP_FIXTURE"),
    "test_bad_callback_function": ("ISO001", "registers heard (shop/code.py:"),
}


@functools.cache
def judged(runner: str) -> dict:
    """Return the report of the gates on the project."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        write_project(root, runner)
        environment = {
            name: text
            for name, text in os.environ.items()
            if name not in ("DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "CI")
        }
        done = subprocess.run(
            [sys.executable, "-m", "quality_harness.cli", "gate", "--format=json"],
            cwd=root,
            env={**environment, "PYTEST_ADDOPTS": f"{LIGHT['PYTEST_ADDOPTS']} -p no:cacheprovider"},
            capture_output=True,
            text=True,
            check=False,
        )
    if not done.stdout:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def write_project(root: Path, runner: str) -> None:
    """Write the project, as a git repository."""
    keys = ("ENGINE", "HOST", "PORT", "USER", "PASSWORD")
    database = {key: connection.settings_dict[key] for key in keys}
    name = f"traps_{runner}_{os.getpid()}"
    database |= {"NAME": name, "TEST": {"NAME": name}}
    files = {
        "pyproject.toml": PYPROJECT.format(runner=runner),
        "shop_settings.py": SETTINGS.format(
            database=database, redis=settings.CACHES["default"]["LOCATION"], name=name
        ),
        "shop/__init__.py": "",
        "shop/apps.py": APPS,
        "shop/celery.py": CELERY,
        "shop/code.py": CODE,
        "shop/tasks.py": TASKS,
        "shop/receivers.py": RECEIVERS.format(name="greet_group"),
        "shop/views.py": RECEIVERS.format(name="count_group"),
        "checks/__init__.py": "",
        "checks/test_module.py": MODULE,
        "checks/test_order.py": ORDER,
        "checks/test_traps.py": TESTS,
    }
    if runner == "pytest":
        files["checks/test_functions.py"] = FUNCTIONS
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)


class TrapTests:
    """What both runners have to find; mixed into a test case for each."""

    runner = ""
    expected = EXPECTED

    def findings(self) -> list[tuple[str, str]]:
        return [(one["code"], one["message"]) for one in judged(self.runner)["findings"]]

    def watched(self) -> list[tuple[str, str]]:
        return [one for one in self.findings() if one[0] <= "ISO007"]

    def test_each_trap_is_found_and_its_test_is_named(self) -> None:
        watched = self.watched()
        for name, (code, part) in self.expected.items():
            with self.subTest(name=name):
                said = [text for found, text in watched if found == code and f"{name}" in text]
                self.assertTrue([text for text in said if part in text], said)

    def test_nothing_else_is_found(self) -> None:
        # Beside the tests, Celery's settings are found.
        self.assertEqual(len(self.watched()), len(self.expected) + 1, self.watched())
        self.assertFalse([text for _, text in self.watched() if "test_good" in text])

    def test_eager_celery_that_keeps_errors_is_found_in_the_settings(self) -> None:
        said = [text for code, text in self.findings() if code == "ISO003"]
        self.assertTrue(any("task_eager_propagates is off" in text for text in said), said)

    def test_the_receiver_that_only_views_import_is_found(self) -> None:
        found = [one for one in judged(self.runner)["findings"] if one["code"] == "ISO008"]
        (one,) = found
        self.assertEqual((one["path"], one["line"]), ("shop/views.py", 5))
        self.assertIn("count_group receives no signal", one["message"])

    def test_the_slow_hasher_is_found(self) -> None:
        (said,) = [text for code, text in self.findings() if code == "ISO009"]
        self.assertIn("pbkdf2_sha256", said)

    def test_order_dependence_is_found_with_the_other_test(self) -> None:
        said = sorted(text for code, text in self.findings() if code == "ISO010")
        self.assertEqual(len(said), 2, said)
        needing, victim = said
        self.assertRegex(victim, r"test_victim fails after \S+OmegaTests\W+test_polluter: ")
        self.assertRegex(
            needing, r"test_needs_one fails unless it runs after \S+AlphaTests\W+test_passes: "
        )

    def test_the_verdicts_are_those_of_the_right_gates(self) -> None:
        verdicts = {gate["name"]: gate["verdict"] for gate in judged(self.runner)["gates"]}
        self.assertEqual((verdicts["tests"], verdicts["isolation"]), ("pass", "fail"))


@tag("slow")
class DjangoTrapTests(TrapTests, SimpleTestCase):
    runner = "django"


@tag("slow")
class PytestTrapTests(TrapTests, SimpleTestCase):
    runner = "pytest"
    expected = {**EXPECTED, **FOUND_BY_PYTEST_ALONE}
