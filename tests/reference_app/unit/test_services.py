"""Settings made from addresses."""

from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase

from config import services


class DatabaseTests(SimpleTestCase):
    def settings(self, url: str, timeout: int = 10) -> dict:
        return services.database(url, statement_timeout_ms=timeout)

    def test_an_address_with_host_and_password(self) -> None:
        found = self.settings("postgresql://ann:p%40ss@db.example.com:5433/blog")
        self.assertEqual(
            [found[key] for key in ("ENGINE", "HOST", "PORT", "NAME", "USER", "PASSWORD")],
            ["django.db.backends.postgresql", "db.example.com", 5433, "blog", "ann", "p@ss"],
        )

    def test_an_address_with_a_socket(self) -> None:
        found = self.settings("postgresql://postgres@/postgres?host=/run/some%20where")
        self.assertEqual(
            [found[key] for key in ("HOST", "PORT", "NAME", "USER")],
            ["/run/some where", "", "postgres", "postgres"],
        )
        self.assertNotIn("host", found["OPTIONS"])

    def test_a_host_that_is_silent_is_given_up(self) -> None:
        options = self.settings("postgresql://ann@db/blog")["OPTIONS"]
        self.assertEqual(options["connect_timeout"], 2)
        options = self.settings("postgresql://ann@db/blog?connect_timeout=9")["OPTIONS"]
        self.assertEqual(options["connect_timeout"], 9)

    def test_other_options_are_kept(self) -> None:
        found = self.settings("postgresql://ann@db/blog?sslmode=require")
        self.assertEqual(found["OPTIONS"]["sslmode"], "require")

    def test_an_address_of_something_else_is_refused(self) -> None:
        for url in ("nonsense", "mysql://ann:p4ss@db/blog"):
            with self.assertRaisesMessage(ImproperlyConfigured, "DATABASE_URL is no address"):
                self.settings(url)

    def test_statements_are_given_up(self) -> None:
        found = self.settings("postgresql://ann@db/blog", timeout=1234)
        self.assertEqual(found["OPTIONS"]["options"], "-c statement_timeout=1234")

    def test_connections_are_kept_and_checked(self) -> None:
        found = self.settings("postgresql://ann@db/blog")
        self.assertEqual((found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]), (60, True))


class BrokerTests(SimpleTestCase):
    def test_the_queue_lives_beside_the_cache(self) -> None:
        self.assertEqual(services.broker("redis://:pw@host:7000/0"), "redis://:pw@host:7000/1")

    def test_an_address_without_a_number_is_the_first_database(self) -> None:
        self.assertEqual(services.broker("redis://host"), "redis://host/1")

    def test_the_last_database_has_none_beside_it(self) -> None:
        self.assertEqual(services.broker("redis://host/14"), "redis://host/15")
        with self.assertRaisesMessage(ImproperlyConfigured, "Name a lower database, such as /14."):
            services.broker("redis://host/15")

    def test_an_address_of_something_else_is_refused(self) -> None:
        for url in ("nonsense", "redis://host/blog"):
            with self.assertRaisesMessage(ImproperlyConfigured, "REDIS_URL is no address"):
                services.broker(url)


class CacheTests(SimpleTestCase):
    def test_the_address_is_used_as_it_is(self) -> None:
        self.assertEqual(
            services.cache("redis://:pw@host:7000/0")["LOCATION"], "redis://:pw@host:7000/0"
        )

    def test_a_host_that_is_silent_is_given_up(self) -> None:
        self.assertEqual(
            services.cache("redis://host")["OPTIONS"],
            {"socket_connect_timeout": 2, "socket_timeout": 5},
        )
