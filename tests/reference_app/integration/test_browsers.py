"""What browsers are told: which pages may call the API, and what our own pages may do."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

from django.conf import settings
from django.test import SimpleTestCase, TestCase, override_settings, tag
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from ..factories import BlogFactory, UserFactory
from ..helpers import OwnCacheTests, address, log_in_to_admin
from ..unit.test_settings import PRODUCTION, load

ORIGIN = "https://www.example.com"


class Scripts(HTMLParser):
    """Finds what the policy forbids: scripts that stand inside of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.inline += [key for key, _ in attributes if key.startswith("on")]
        if name == "script":
            source = dict(attributes).get("src")
            self.sources += [source] if source else []
            data = dict(attributes).get("type") == "application/json"  # It is not run.
            self.inline += [] if source or data else [str(self.get_starttag_text())]


class CorsTests(SimpleTestCase):
    def preflight(self, path: str, origin: str = ORIGIN):
        headers = {"origin": origin, "access-control-request-method": "PATCH"}
        headers |= {"access-control-request-headers": "authorization"}
        return self.client.options(path, headers=headers)

    def test_nobody_may_call_unless_the_environment_says_so(self) -> None:
        self.assertEqual(load("production", PRODUCTION).CORS_ALLOWED_ORIGINS, [])
        self.assertNotIn("Access-Control-Allow-Origin", self.preflight("/v1/blogs/").headers)
        named = {**PRODUCTION, "CORS_ALLOWED_ORIGINS": f"{ORIGIN},https://b.example.com"}
        self.assertEqual(
            load("production", named).CORS_ALLOWED_ORIGINS, [ORIGIN, "https://b.example.com"]
        )

    @override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN])
    def test_a_named_origin_may_call_with_a_token_and_without_cookies(self) -> None:
        response = self.preflight("/v1/blogs/")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response["Access-Control-Allow-Origin"], ORIGIN)
        self.assertIn("PATCH", response["Access-Control-Allow-Methods"])
        self.assertIn("authorization", response["Access-Control-Allow-Headers"])
        self.assertNotIn("Access-Control-Allow-Credentials", response.headers)

    @override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN])
    def test_an_answer_may_be_read_with_its_id_even_where_it_is_an_error(self) -> None:
        response = self.client.get("/v1/nowhere/", headers={"origin": ORIGIN})
        self.assertEqual(response["Access-Control-Allow-Origin"], ORIGIN)
        self.assertEqual(
            response["Access-Control-Expose-Headers"],
            "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Cache, X-Request-ID",
        )

    @override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN])
    def test_a_page_may_send_every_header_that_the_api_documents(self) -> None:
        document = SchemaGenerator(api_version="v1").get_schema(public=True)
        documented = {
            part["name"].lower()
            for operations in document["paths"].values()
            for operation in operations.values()
            for part in operation.get("parameters", ())
            if part["in"] == "header"
        }
        allowed = self.preflight("/v1/blogs/")["Access-Control-Allow-Headers"].split(", ")
        self.assertGreater(len(documented), 1)
        self.assertLessEqual(documented, set(allowed))

    @override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN])
    def test_another_origin_may_not(self) -> None:
        response = self.preflight("/v1/blogs/", origin="https://evil.example.com")
        self.assertNotIn("Access-Control-Allow-Origin", response.headers)

    @override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN])
    def test_the_admin_is_not_for_other_origins(self) -> None:
        self.assertNotIn("Access-Control-Allow-Origin", self.preflight("/admin/").headers)


class SecurityHeaderTests(OwnCacheTests, TestCase):
    def test_every_answer_has_them(self) -> None:
        for path in ("/nowhere/", address("common:docs"), reverse("admin:login"), "/ht/"):
            headers = self.client.get(path).headers
            with self.subTest(path):
                self.assertIn("default-src 'self';", headers["Content-Security-Policy"])
                self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
                self.assertIn("geolocation=()", headers["Permissions-Policy"])
                self.assertEqual(headers["Referrer-Policy"], "same-origin")
                self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin")
                self.assertEqual(headers["X-Frame-Options"], "DENY")
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_no_script_may_stand_inside_of_a_page(self) -> None:
        policy = settings.SECURITY_HEADERS["Content-Security-Policy"]
        self.assertNotRegex(policy, r"script-src|default-src[^;]*unsafe")

    def test_our_pages_have_no_script_inside_of_them(self) -> None:
        blog = BlogFactory()
        log_in_to_admin(self.client, UserFactory(is_staff=True, is_superuser=True))
        change = reverse("admin:blog_blog_change", args=[blog.pk])
        of_api = [address("blog:list"), address("blog:detail", uuid=blog.uuid), "/session/login/"]
        of_admin = ["/admin/", "/admin/blog/blog/", change]
        for path in (address("common:docs"), "/ht/", *of_api, *of_admin):
            response = self.client.get(path, headers={"accept": "text/html"})
            with self.subTest(path):
                self.assertContains(response, "<html")
                self.assertEqual(Scripts(response.content.decode()).inline, [])

    def test_browsers_that_ask_for_an_icon_are_told_once_that_there_is_none(self) -> None:
        response = self.client.get("/favicon.ico")
        self.assertEqual((response.status_code, response.content), (204, b""))
        self.assertEqual(response["Cache-Control"], "max-age=86400, public")

    def test_the_page_of_the_documentation_loads_its_script_from_us(self) -> None:
        page = self.client.get(address("common:docs")).content.decode()
        script = Scripts(page).sources[-1]
        self.assertTrue(script.startswith(address("common:docs")), script)
        response = self.client.get(script)
        self.assertEqual(response["Content-Type"].split(";")[0], "application/javascript")
        self.assertContains(response, address("common:schema"))


@tag("slow")
class DeploymentCheckTests(SimpleTestCase):
    def test_every_check_for_deployment_is_clean_with_the_settings_of_production(self) -> None:
        environment = {
            **PRODUCTION,
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
        }
        done = subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        self.assertEqual((done.returncode, re.findall(r"W\d{3}", done.stderr)), (0, []))
        self.assertIn("no issues (0 silenced)", done.stdout)
