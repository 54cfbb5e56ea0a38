"""The OpenAPI document says of every route and method what it takes and how it refuses."""

import re
from collections.abc import Iterator
from typing import Any

from django.test import SimpleTestCase
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.views import APIView

from accounts.errors import AccountError
from blog.errors import BlogError
from common.errors import CommonError

from ..unit.test_errors import every_error

METHODS = ("get", "post", "put", "patch", "delete")
VERSIONS = ("v1", "v2")
# The document does not describe itself.
UNDOCUMENTED = ("schema/", "docs/")
# Answered before a view is found, by the method alone, or by what no view of ours raises.
OUTSIDE = {
    CommonError.BAD_REQUEST,
    CommonError.FORBIDDEN,
    CommonError.METHOD_NOT_ALLOWED,
    CommonError.REFUSED,
}
# They stand in `fields` of CMN0001, not on their own.
FIELD_CODES = re.compile("[A-Z]{3}01")


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path, as the document writes it, and method of all that answers below /v1/."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and issubclass(_view(pattern), APIView):
            yield from _methods(_view(pattern), path)


def _view(pattern: URLPattern) -> type:
    return getattr(pattern.callback, "cls", object)


def _methods(view: type[APIView], path: str) -> Iterator[tuple[str, str]]:
    for version in VERSIONS:
        if version not in view.allowed_versions or path.startswith("v2/") and version != "v2":
            continue
        whole = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", path.replace("<version:version>", version))
        for method in METHODS:
            if method in view.http_method_names and hasattr(view, method):
                yield whole, method


class DocumentedErrorTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.operations = {}
        for version in VERSIONS:
            document = SchemaGenerator(api_version=version).get_schema(public=True)
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    cls.operations[path, method] = operation

    def codes(self, operation: dict[str, Any], status: int) -> set[str]:
        """Return the codes that an operation documents for a status."""
        return set(operation["responses"].get(str(status), {}).get("x-error-codes", ()))

    def documented(self, *errors: Any, where: Any) -> None:
        """Check that the operations for which `where` is true document these errors."""
        found = 0
        for name, operation in self.operations.items():
            if not where(name, operation):
                continue
            found += 1
            for error in errors:
                self.assertIn(error.code, self.codes(operation, error.status), name)
        self.assertGreater(found, 0)

    def test_every_route_and_method_is_documented_and_nothing_else(self) -> None:
        found = {
            (path, method)
            for path, method in routes(get_resolver().url_patterns)
            if not path.endswith(UNDOCUMENTED)
        }
        self.assertEqual(found, set(self.operations))

    def test_every_operation_says_what_it_does(self) -> None:
        for name, operation in self.operations.items():
            self.assertRegex(operation.get("description", ""), r"\w", name)

    def test_every_status_has_its_codes_in_words_and_for_programs(self) -> None:
        statuses = {error.code: error.status for error in every_error()}
        for name, operation in self.operations.items():
            for status, answer in operation["responses"].items():
                codes = answer.get("x-error-codes", [])
                self.assertEqual(bool(codes), int(status) >= 400, (name, status))
                self.assertEqual(codes, re.findall(r"^(\w+):", answer["description"], re.M))
                self.assertEqual({statuses[code] for code in codes} - {int(status)}, set(), name)

    def test_every_code_of_an_answer_is_documented_somewhere(self) -> None:
        found = {
            code
            for operation in self.operations.values()
            for answer in operation["responses"].values()
            for code in answer.get("x-error-codes", [])
        }
        expected = {error.code for error in every_error() if error not in OUTSIDE}
        self.assertEqual(found, {code for code in expected if not FIELD_CODES.match(code)})

    def test_what_looks_at_tokens_documents_bad_ones(self) -> None:
        self.documented(
            AccountError.TOKEN_INVALID,
            AccountError.TOKEN_EXPIRED,
            AccountError.USER_INACTIVE,
            CommonError.AUTHENTICATION_FAILED,
            where=lambda name, operation: any(operation.get("security", ())),
        )

    def test_what_needs_a_token_documents_that_there_is_none(self) -> None:
        self.documented(
            CommonError.NOT_AUTHENTICATED,
            where=lambda name, operation: operation.get("security") and all(operation["security"]),
        )

    def test_what_takes_a_body_documents_bad_ones(self) -> None:
        self.documented(
            CommonError.INVALID,
            CommonError.MALFORMED,
            CommonError.TOO_LARGE,
            CommonError.UNSUPPORTED_MEDIA_TYPE,
            where=lambda name, operation: name[1] in ("post", "put", "patch"),
        )

    def test_what_takes_parameters_documents_bad_ones(self) -> None:
        self.documented(
            CommonError.INVALID,
            where=lambda name, operation: self.parameters(operation, "query"),
        )

    def test_every_operation_documents_that_there_may_be_nothing(self) -> None:
        self.documented(
            CommonError.NOT_FOUND,
            CommonError.NOT_ACCEPTABLE,
            CommonError.THROTTLED,
            CommonError.SERVER_ERROR,
            where=lambda name, operation: True,
        )

    def test_what_is_closed_while_nobody_can_count_documents_it(self) -> None:
        closed = ("/login/", "/jwt/", "/registration/", "/mail/", "/reset/", "/publish/")
        self.documented(
            CommonError.LIMITS_AWAY, where=lambda name, operation: name[0].endswith(closed)
        )

    def test_a_throttled_answer_documents_its_header(self) -> None:
        for name, operation in self.operations.items():
            self.assertIn("Retry-After", operation["responses"]["429"]["headers"], name)

    def test_what_is_conditional_documents_both_outcomes(self) -> None:
        self.documented(
            BlogError.CHANGED_MEANWHILE,
            where=lambda name, operation: "If-Match" in self.parameters(operation, "header"),
        )
        for operation in self.operations.values():
            known = "If-None-Match" in self.parameters(operation, "header")
            self.assertEqual(known, "304" in operation["responses"])

    def test_what_takes_a_key_documents_bad_ones(self) -> None:
        self.documented(
            BlogError.KEY_INVALID,
            BlogError.KEY_TAKEN,
            where=lambda name, operation: "Idempotency-Key" in self.parameters(operation, "header"),
        )

    def parameters(self, operation: dict[str, Any], place: str) -> list[str]:
        """Return the names of the parameters in the query, path or header."""
        parameters = operation.get("parameters", ())
        return [part["name"] for part in parameters if part["in"] == place]


class DocumentedBodyTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        document = SchemaGenerator(api_version="v1").get_schema(public=True)
        cls.paths, cls.schemas = document["paths"], document["components"]["schemas"]

    def test_unknown_fields_are_refused_wherever_there_is_a_body(self) -> None:
        found = set()
        for operations in self.paths.values():
            for operation in operations.values():
                for content in operation.get("requestBody", {}).get("content", {}).values():
                    name = content["schema"]["$ref"].rpartition("/")[2]
                    found.add(name)
                    self.assertIs(self.schemas[name]["additionalProperties"], False, name)
        self.assertGreater(len(found), 10)

    def test_answers_may_grow(self) -> None:
        self.assertNotIn("additionalProperties", self.schemas["Blog"])

    def test_a_list_of_drafts_has_its_limits(self) -> None:
        drafts = self.schemas["DraftsRequest"]["properties"]["blogs"]
        self.assertEqual((drafts["minItems"], drafts["maxItems"]), (1, 20))

    def test_metadata_is_an_object(self) -> None:
        self.assertEqual(self.schemas["BlogRequest"]["properties"]["metadata"]["type"], "object")

    def test_the_address_of_a_cover_is_relative(self) -> None:
        answer = self.paths["/v1/blogs/{uuid}/cover/"]["put"]["responses"]["200"]
        name = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        self.assertNotIn("format", self.schemas[name]["properties"]["image"])

    def test_numbers_start_where_they_are_taken(self) -> None:
        found = {
            part["name"]: part["schema"].get("minimum")
            for path in ("/v1/tags/", "/v1/blogs/{uuid}/comments/")
            for part in self.paths[path]["get"]["parameters"]
            if part["in"] == "query"
        }
        self.assertEqual(found, {"page": 1, "page_size": 1, "limit": 1, "offset": 0})

    def test_an_offset_ends_where_more_is_refused(self) -> None:
        parameters = self.paths["/v1/blogs/{uuid}/comments/"]["get"]["parameters"]
        [offset] = [part for part in parameters if part["name"] == "offset"]
        self.assertEqual(offset["schema"]["maximum"], 10_000)

    def test_a_key_has_its_form(self) -> None:
        [key] = [
            part
            for part in self.paths["/v1/blogs/"]["post"]["parameters"]
            if part["name"] == "Idempotency-Key"
        ]
        self.assertEqual(key["schema"]["pattern"], "^[A-Za-z0-9_-]{1,100}$")
