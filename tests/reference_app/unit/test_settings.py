"""What the settings of each place ask for and set."""

import importlib
import os
import subprocess
import sys
from types import ModuleType
from unittest import mock

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connection
from django.test import SimpleTestCase, TestCase, override_settings, tag

import manage
from config import services
from quality_harness import services as local_services

SERVICES = {
    "DATABASE_URL": "postgresql://ann:pw@db.example.com/blog",
    "REDIS_URL": "redis://:pw@cache.example.com:6379/2",
}
# Long and varied, as the checks of Django want it.
KEY = "".join(chr(code) for code in range(40, 110))
PRODUCTION = {
    **SERVICES,
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "a.example.com,b.example.com",
    "ADMIN_PATH": "back-office/",
    "FRONTEND_URL": "https://www.example.com",
}


def load(name: str, environment: dict[str, str]) -> ModuleType:
    """Import a settings module afresh, with this environment and no other."""
    modules = {
        module: sys.modules[module]
        for module in list(sys.modules)
        if module.startswith("config.settings")
    }
    for module in modules:
        del sys.modules[module]
    try:
        with mock.patch.dict(os.environ, environment, clear=True):
            return importlib.import_module(f"config.settings.{name}")
    finally:
        for module in [module for module in sys.modules if module.startswith("config.settings")]:
            del sys.modules[module]
        sys.modules.update(modules)


class ProductionTests(SimpleTestCase):
    def test_services_and_secrets_come_from_the_environment(self) -> None:
        production = load("production", PRODUCTION)
        self.assertEqual(production.SECRET_KEY, KEY)
        self.assertEqual(production.DATABASES["default"]["HOST"], "db.example.com")
        self.assertEqual(production.CACHES["default"]["LOCATION"], SERVICES["REDIS_URL"])
        self.assertEqual(production.CELERY_BROKER_URL, "redis://:pw@cache.example.com:6379/3")
        self.assertEqual(production.ALLOWED_HOSTS, ["a.example.com", "b.example.com"])

    def test_everything_that_is_missing_is_named_at_once(self) -> None:
        with self.assertRaises(ImproperlyConfigured) as caught:
            load("production", {"SECRET_KEY": "x", "REDIS_URL": ""})
        self.assertIn(
            "DATABASE_URL, REDIS_URL, ALLOWED_HOSTS, ADMIN_PATH, FRONTEND_URL in",
            str(caught.exception),
        )

    def test_each_that_is_missing_is_named(self) -> None:
        for name in PRODUCTION:
            rest = {other: value for other, value in PRODUCTION.items() if other != name}
            with (
                self.subTest(name),
                self.assertRaisesMessage(ImproperlyConfigured, f"needs {name} in the environment"),
            ):
                load("production", rest)

    def test_the_path_of_the_admin_is_written_with_or_without_slashes(self) -> None:
        for text in ("back-office", "/back-office", "back-office/"):
            production = load("production", {**PRODUCTION, "ADMIN_PATH": text})
            self.assertEqual(production.ADMIN_PATH, "back-office/")

    def test_a_path_of_the_admin_that_is_only_slashes_is_none(self) -> None:
        with self.assertRaisesMessage(ImproperlyConfigured, "needs ADMIN_PATH in"):
            load("production", {**PRODUCTION, "ADMIN_PATH": "/"})

    def test_the_path_of_the_admin_is_not_where_everybody_looks(self) -> None:
        for text in ("admin", "/admin/"):
            with self.assertRaisesMessage(ImproperlyConfigured, "ADMIN_PATH is admin"):
                load("production", {**PRODUCTION, "ADMIN_PATH": text})

    def test_the_links_of_mails_lead_to_https(self) -> None:
        for text in ("http://www.example.com", "www.example.com", "https://", "https:///x"):
            with (
                self.subTest(text),
                self.assertRaisesMessage(ImproperlyConfigured, "FRONTEND_URL is no https address"),
            ):
                load("production", {**PRODUCTION, "FRONTEND_URL": text})

    def test_the_address_of_the_front_end_is_written_with_or_without_a_slash(self) -> None:
        production = load("production", {**PRODUCTION, "FRONTEND_URL": "https://www.example.com/"})
        self.assertEqual(production.FRONTEND_URL, "https://www.example.com")

    def test_nothing_of_a_debugging_session_is_left_on(self) -> None:
        production = load("production", {**PRODUCTION, "DEBUG": "true"})
        self.assertIs(production.DEBUG, False)
        self.assertFalse(hasattr(production, "CELERY_TASK_ALWAYS_EAGER"))
        self.assertFalse(hasattr(production, "PASSWORD_HASHERS"))

    def test_everything_goes_over_https_but_the_health_page(self) -> None:
        production = load("production", PRODUCTION)
        self.assertTrue(production.SECURE_SSL_REDIRECT)
        self.assertTrue(production.SESSION_COOKIE_SECURE and production.CSRF_COOKIE_SECURE)
        self.assertEqual(production.SECURE_REDIRECT_EXEMPT, [r"^ht/$"])

    def test_plain_http_is_answered_only_where_the_environment_says_so(self) -> None:
        production = load("production", {**PRODUCTION, "SECURE_SSL_REDIRECT": "false"})
        self.assertFalse(production.SECURE_SSL_REDIRECT)

    def test_the_checks_for_deployment_find_nothing(self) -> None:
        production = load("production", PRODUCTION)
        security = {
            name: getattr(production, name)
            for name in dir(production)
            if name.startswith(("SECURE_", "SESSION_", "CSRF_", "SECRET_", "ALLOWED_", "DEBUG"))
        }
        with override_settings(**security):
            found = run_checks(tags=["security"], include_deployment_checks=True)
        self.assertEqual(found, [])

    def test_static_files_are_served_right_behind_the_security_middleware(self) -> None:
        middleware = load("production", PRODUCTION).MIDDLEWARE
        place = middleware.index("django.middleware.security.SecurityMiddleware")
        self.assertEqual(middleware[place + 1], "whitenoise.middleware.WhiteNoiseMiddleware")
        self.assertEqual(len(middleware), len(settings.MIDDLEWARE) + 1)

    def test_static_files_are_compressed_and_named_for_good(self) -> None:
        self.assertEqual(
            load("production", PRODUCTION).STORAGES["staticfiles"]["BACKEND"],
            "whitenoise.storage.CompressedManifestStaticFilesStorage",
        )

    def test_uploaded_files_go_where_the_environment_says(self) -> None:
        self.assertEqual(load("production", PRODUCTION).MEDIA_ROOT, str(settings.MEDIA_ROOT))
        production = load("production", {**PRODUCTION, "MEDIA_ROOT": "/srv/media"})
        self.assertEqual(production.MEDIA_ROOT, "/srv/media")

    def test_no_header_passes_for_https_unless_the_environment_names_it(self) -> None:
        self.assertFalse(hasattr(load("production", PRODUCTION), "SECURE_PROXY_SSL_HEADER"))
        behind_proxy = {**PRODUCTION, "PROXY_SSL_HEADER": "X-Forwarded-Proto"}
        self.assertEqual(
            load("production", behind_proxy).SECURE_PROXY_SSL_HEADER,
            ("HTTP_X_FORWARDED_PROTO", "https"),
        )

    def test_an_id_of_a_request_is_taken_only_from_a_header_that_the_environment_names(
        self,
    ) -> None:
        self.assertEqual(load("production", PRODUCTION).TRUSTED_REQUEST_ID_HEADER, "")
        behind_proxy = {**PRODUCTION, "TRUSTED_REQUEST_ID_HEADER": "X-Trace-Id"}
        self.assertEqual(load("production", behind_proxy).TRUSTED_REQUEST_ID_HEADER, "X-Trace-Id")

    def test_mail_goes_where_the_environment_says(self) -> None:
        production = load("production", {**PRODUCTION, "EMAIL_URL": "smtp+tls://mail:2525"})
        self.assertEqual(
            (production.EMAIL_HOST, production.EMAIL_PORT, production.EMAIL_USE_TLS),
            ("mail", 2525, True),
        )

    def test_the_statement_timeout_can_be_lifted_for_migrations(self) -> None:
        production = load("production", {**PRODUCTION, "DATABASE_STATEMENT_TIMEOUT_MS": "0"})
        options = production.DATABASES["default"]["OPTIONS"]
        self.assertEqual(options["options"], "-c statement_timeout=0")


class LocalTests(SimpleTestCase):
    def test_the_environment_wins(self) -> None:
        local = load("local", SERVICES)
        self.assertEqual(local.DATABASES["default"]["HOST"], "db.example.com")
        self.assertEqual(local.CACHES["default"]["LOCATION"], SERVICES["REDIS_URL"])
        self.assertIs(local.DEBUG, True)
        self.assertEqual(local.ADMIN_PATH, "admin/")

    def test_without_an_address_the_services_are_started(self) -> None:
        with (
            mock.patch("quality_harness.services.database_url", return_value="postgresql://x/run"),
            mock.patch("quality_harness.services.redis_url", return_value="redis://x/0") as redis,
        ):
            local = load("local", {})
        self.assertEqual(local.DATABASES["default"]["NAME"], "run")
        redis.assert_called_once_with(profile="run", root=settings.BASE_DIR.parent)


class TestSettingsTests(SimpleTestCase):
    def test_without_an_address_the_services_of_the_tests_are_started(self) -> None:
        with (
            mock.patch(
                "quality_harness.services.database_url", return_value="postgresql://x/test"
            ) as database,
            mock.patch("quality_harness.services.redis_url", return_value="redis://x/5"),
        ):
            found = load("test", {})
        self.assertEqual(found.CACHES["default"]["LOCATION"], "redis://x/5")
        database.assert_called_once_with(profile="test", root=settings.BASE_DIR.parent)


class StatementTimeoutTests(TestCase):
    def test_the_connection_has_it(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            self.assertEqual(cursor.fetchone(), ("10s",))

    def test_every_place_has_it(self) -> None:
        for name in ("local", "test", "production"):
            options = load(name, PRODUCTION).DATABASES["default"]["OPTIONS"]
            self.assertEqual(options["options"], "-c statement_timeout=10000", name)

    def test_a_statement_that_takes_longer_is_cancelled_by_the_server(self) -> None:
        other = connection.copy()
        options = services.database("postgresql://x/x", statement_timeout_ms=30)["OPTIONS"]
        other.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], **options}
        self.addCleanup(other.close)
        with (
            other.cursor() as cursor,
            self.assertRaisesMessage(
                OperationalError, "canceling statement due to statement timeout"
            ),
        ):
            cursor.execute("SELECT pg_sleep(5)")


@tag("slow")
class ProcessTests(SimpleTestCase):
    """The connections of processes that are no web server, under the settings of production."""

    databases = {"default"}

    def run_in_process(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env={
                **PRODUCTION,
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": "config.settings.production",
                "DATABASE_URL": local_services.database_url(
                    profile="test", root=settings.BASE_DIR.parent
                ),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_a_command_has_it(self) -> None:
        code = "from django.db import connection as c; k = c.cursor(); "
        code += "k.execute('SHOW statement_timeout'); print(k.fetchone()[0])"
        found = self.run_in_process("manage.py", "shell", "--no-imports", "--command", code)
        self.assertEqual(found, "10s")

    def test_a_task_has_it(self) -> None:
        code = (
            "from config import celery_app as app\n"
            "app.loader.import_default_modules()\n"
            "@app.task\n"
            "def show():\n"
            "    from django.db import connection\n"
            "    with connection.cursor() as cursor:\n"
            "        cursor.execute('SHOW statement_timeout')\n"
            "        return cursor.fetchone()[0]\n"
            "print(show.apply().get())\n"
        )
        self.assertEqual(self.run_in_process("-c", code), "10s")


class PersistentConnectionTests(SimpleTestCase):
    databases = {"default"}

    def setUp(self) -> None:
        # Outside of a transaction, as a request finds its connection.
        self.addCleanup(connection.close)

    def backend(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    def next_request(self) -> None:
        request_finished.send(sender=None)
        request_started.send(sender=None)

    def test_the_next_request_finds_it_open(self) -> None:
        backend = self.backend()
        self.next_request()
        self.assertEqual(self.backend(), backend)

    def test_one_that_the_server_has_closed_is_replaced(self) -> None:
        backend = self.backend()
        other = connection.copy()
        self.addCleanup(other.close)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        self.next_request()
        self.assertNotEqual(self.backend(), backend)


class ManageTests(SimpleTestCase):
    def test_the_tests_have_settings_of_their_own(self) -> None:
        self.assertEqual(manage.settings_module(["manage.py", "test"]), "config.settings.test")

    def test_everything_else_runs_with_the_local_ones(self) -> None:
        for line in (["manage.py"], ["manage.py", "migrate", "test"]):
            self.assertEqual(manage.settings_module(line), "config.settings.local")

    def test_the_command_line_is_run(self) -> None:
        with (
            mock.patch.object(sys, "argv", ["manage.py", "migrate"]),
            mock.patch("django.core.management.execute_from_command_line") as execute,
            mock.patch.dict(os.environ),
        ):
            del os.environ["DJANGO_SETTINGS_MODULE"]
            manage.main()
            self.assertEqual(os.environ["DJANGO_SETTINGS_MODULE"], "config.settings.local")
        execute.assert_called_once_with(["manage.py", "migrate"])
