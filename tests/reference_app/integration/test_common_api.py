"""What holds for the whole API: formats, versions, documentation, health."""

from unittest import mock

from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient, APIRequestFactory, APITestCase
from rest_framework.views import APIView

from common.errors import CommonError
from common.schema import document
from common.versioning import PathVersioning

from ..factories import UserFactory
from ..helpers import ApiTestCase, address


def api_views(patterns=None) -> list[type[APIView]]:
    """Return the view class of every route that is a view of the API."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            found += api_views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None)
            found += [view] if view and issubclass(view, APIView) else []
    return found


class VersionTests(ApiTestCase):
    def test_the_first_version_answers(self) -> None:
        self.assertEqual(self.client.get("/v1/blogs/").status_code, 200)

    def test_another_version_is_a_404(self) -> None:
        self.assert_error(self.client.get("/v2/tags/"), CommonError.NOT_FOUND)

    def test_another_version_of_the_documentation_is_a_404(self) -> None:
        self.assert_error(self.client.get("/v3/schema/"), CommonError.NOT_FOUND)

    def test_every_view_says_which_versions_it_answers_to(self) -> None:
        views = api_views()
        self.assertGreater(len(views), 15)
        for view in views:
            self.assertIn(view.allowed_versions, (("v1",), ("v2",), ("v1", "v2")), view)

    def test_a_view_that_says_nothing_answers_to_no_version(self) -> None:
        class Silent(APIView):
            versioning_class = PathVersioning
            permission_classes = []

            def get(self, request, version):
                raise AssertionError("It should not come to this.")

        request = self.client.get("/v1/tags/").wsgi_request
        self.assertEqual(Silent.as_view()(request, version="v1").status_code, 404)


class OutsideAnyViewTests(ApiTestCase):
    def test_an_unknown_address_is_a_404_in_the_error_format(self) -> None:
        self.assert_error(self.client.get("/nowhere/"), CommonError.NOT_FOUND)

    def test_an_address_without_its_slash_is_a_404(self) -> None:
        self.assert_error(self.client.get("/v1/blogs"), CommonError.NOT_FOUND)

    def test_a_host_that_is_not_ours_is_refused(self) -> None:
        response = self.client.get("/v1/blogs/", headers={"host": "evil.example.com"})
        self.assert_error(response, CommonError.BAD_REQUEST)

    def test_a_fault_of_ours_is_a_500_in_the_error_format(self) -> None:
        client = APIClient(raise_request_exception=False)
        with mock.patch("blog.models.BlogQuerySet.visible_to", side_effect=ZeroDivisionError):
            response = client.get("/v1/blogs/")
        self.assert_error(response, CommonError.SERVER_ERROR)

    def test_a_form_without_its_csrf_token_is_refused(self) -> None:
        client = APIClient(enforce_csrf_checks=True)
        response = client.post("/admin/login/", {"username": "a"}, format="multipart")
        self.assert_error(response, CommonError.CSRF_REFUSED)

    def test_a_null_byte_in_an_address_is_refused(self) -> None:
        self.client.force_login(UserFactory(is_staff=True, is_superuser=True))
        for address_of_admin in (
            "/admin/accounts/devicetoken/%00/change/",
            "/admin/blog/blog/?state__exact=%00",
            "/admin/autocomplete/?term=%00&app_label=blog&model_name=blogtag&field_name=tag",
        ):
            with self.subTest(address_of_admin):
                self.assert_error(self.client.get(address_of_admin), CommonError.BAD_REQUEST)

    def test_a_view_that_names_no_permission_needs_a_token(self) -> None:
        class Forgetful(APIView):
            allowed_versions = ("v1",)

            def get(self, request, version):
                raise AssertionError("It should not come to this.")

        request = APIRequestFactory().get("/")
        self.assertEqual(Forgetful.as_view()(request, version="v1").status_code, 401)

    def test_djangos_own_refusal_has_the_error_format(self) -> None:
        from django.core.exceptions import PermissionDenied

        view = "health_check.views.HealthCheckView.get_checks"
        with mock.patch(view, side_effect=PermissionDenied):
            response = self.client.get("/ht/")
        self.assert_error(response, CommonError.FORBIDDEN)


class BodyTests(ApiTestCase):
    def test_text_that_is_not_utf_8_is_refused(self) -> None:
        response = self.client.post(
            address("accounts:login"), "{}", content_type="application/json; charset=hex"
        )
        self.assert_error(response, CommonError.UNSUPPORTED_MEDIA_TYPE)

    def test_utf_8_may_be_named(self) -> None:
        response = self.client.post(
            address("accounts:login"), "{", content_type="application/json; charset=UTF8"
        )
        self.assert_error(response, CommonError.MALFORMED)

    def test_a_length_that_is_no_number_is_no_body(self) -> None:
        response = self.client.post(address("accounts:login"), headers={"content-length": "many"})
        self.assertEqual(response.status_code, 400)

    @override_settings(MAX_BODY_BYTES=10)
    def test_a_body_of_just_the_allowed_size_is_read(self) -> None:
        for size, error in ((10, CommonError.MALFORMED), (11, CommonError.TOO_LARGE)):
            response = self.client.post(
                address("accounts:login"), "x" * size, content_type="application/json"
            )
            self.assert_error(response, error)

    def test_an_answer_in_another_format_is_refused(self) -> None:
        response = self.client.get("/v1/blogs/", headers={"accept": "application/xml"})
        self.assert_error(response, CommonError.NOT_ACCEPTABLE)


class RequestIdTests(ApiTestCase):
    def test_the_callers_id_comes_back(self) -> None:
        response = self.client.get("/nowhere/", headers={"x-request-id": "caller-0001"})
        self.assertEqual(response["X-Request-ID"], "caller-0001")
        self.assertEqual(response.json()["error"]["request_id"], "caller-0001")

    @override_settings(TRUSTED_REQUEST_ID_HEADER="")
    def test_where_no_header_is_trusted_the_callers_id_is_not_taken(self) -> None:
        response = self.client.get("/nowhere/", headers={"x-request-id": "caller-0001"})
        self.assertNotEqual(response["X-Request-ID"], "caller-0001")

    def test_every_request_has_its_own(self) -> None:
        first, second = self.client.get("/nowhere/"), self.client.get("/nowhere/")
        self.assertNotEqual(first["X-Request-ID"], second["X-Request-ID"])


class DocumentationTests(ApiTestCase):
    def test_the_page_loads_nothing_from_elsewhere(self) -> None:
        page = self.client.get(address("common:docs")).content.decode()
        self.assertIn("<html", page)
        self.assertNotIn("http://", page.replace("http://testserver", ""))
        self.assertNotIn("https://", page)

    def test_a_stale_token_is_no_hindrance(self) -> None:
        response = self.with_token("0" * 64).get(address("common:docs"))
        self.assertEqual(response.status_code, 200)

    def test_another_method_is_refused_in_the_error_format(self) -> None:
        for name in ("common:docs", "common:schema"):
            response = self.client.options(address(name))
            self.assert_error(response, CommonError.METHOD_NOT_ALLOWED)

    def test_another_format_is_refused_in_the_error_format(self) -> None:
        response = self.client.get(address("common:schema"), headers={"accept": "text/html"})
        self.assert_error(response, CommonError.NOT_ACCEPTABLE)


class SchemaTests(APITestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # What has to be guessed is told while the document is made.
        document.cache_clear()
        GENERATOR_STATS.reset()
        cls.answer = APIClient().get(address("common:schema"), {"format": "json"})
        cls.warnings = bool(GENERATOR_STATS)
        cls.schema = cls.answer.json()

    def test_everyone_may_read_it(self) -> None:
        self.assertEqual(self.answer.status_code, 200)

    def test_it_is_valid_and_nothing_had_to_be_guessed(self) -> None:
        validate_schema(self.schema)
        self.assertFalse(self.warnings)

    def test_each_version_is_made_once(self) -> None:
        document.cache_clear()
        for address_of_document in ("/v1/schema/", "/v2/schema/", "/v1/schema/"):
            answer = APIClient().get(address_of_document, {"format": "json"})
        self.assertEqual(answer.json(), self.schema)
        self.assertEqual(document.cache_info().misses, 2)

    def operation(self, path: str, method: str) -> dict:
        return self.schema["paths"][path][method]

    def test_the_addresses_have_their_version(self) -> None:
        self.assertIn("/v1/blogs/{uuid}/publish/", self.schema["paths"])

    def test_a_version_documents_what_answers_to_it(self) -> None:
        answer = APIClient().get("/v2/schema/", {"format": "json"}).json()
        validate_schema(answer)
        self.assertEqual(set(answer["paths"]), {"/v2/blogs/"})
        names = [part["name"] for part in answer["paths"]["/v2/blogs/"]["get"]["parameters"]]
        self.assertLessEqual({"cursor", "fields", "search"}, set(names))

    def test_every_operation_documents_its_errors_in_the_one_format(self) -> None:
        for path, operations in self.schema["paths"].items():
            for method, operation in operations.items():
                for status in ("401", "404", "500"):
                    answer = operation["responses"][status]["content"]["application/json"]
                    self.assertEqual(
                        answer["schema"], {"$ref": "#/components/schemas/Error"}, (path, method)
                    )

    def test_an_operation_with_a_body_documents_what_is_wrong_with_bodies(self) -> None:
        responses = self.operation("/v1/blogs/", "post")["responses"]
        self.assertLessEqual({"400", "413", "415"}, set(responses))
        self.assertIn("CMN0002", responses["400"]["description"])

    def test_an_operation_without_a_body_does_not(self) -> None:
        responses = self.operation("/v1/blogs/{uuid}/", "get")["responses"]
        self.assertNotIn("413", responses)
        self.assertNotIn("400", responses)

    def test_a_list_documents_wrong_parameters(self) -> None:
        self.assertIn("400", self.operation("/v1/blogs/", "get")["responses"])

    def test_a_transition_documents_its_conflicts(self) -> None:
        conflict = self.operation("/v1/blogs/{uuid}/publish/", "post")["responses"]["409"]
        self.assertIn("BLG0003", conflict["description"])

    def test_tokens_and_sessions_are_documented(self) -> None:
        self.assertEqual(
            self.operation("/v1/accounts/me/", "get")["security"],
            [{"deviceToken": []}, {"jwt": []}, {"session": []}],
        )
        self.assertEqual(
            self.schema["components"]["securitySchemes"]["session"],
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        )

    def test_what_takes_a_session_documents_the_csrf_token(self) -> None:
        def refused(path: str, method: str) -> str:
            return str(self.operation(path, method)["responses"].get("403"))

        self.assertIn("CMN0015", refused("/v1/accounts/me/", "patch"))
        self.assertIn("CMN0015", refused("/v1/blogs/{uuid}/", "delete"))
        self.assertNotIn("CMN0015", refused("/v1/accounts/me/", "get"))
        self.assertNotIn("CMN0015", refused("/v1/accounts/login/", "post"))
        self.assertNotIn("CMN0015", refused("/v1/accounts/logout/", "post"))
