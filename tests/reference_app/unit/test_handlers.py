"""How exceptions become answers."""

from types import SimpleNamespace

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import SimpleTestCase
from rest_framework import exceptions

from blog.errors import BlogError
from common.errors import api_error
from common.handlers import exception_handler

# Of a request whose limits were asked already.
CONTEXT = {"request": SimpleNamespace(is_counted=True), "view": None}


def answer(exc: Exception) -> tuple[int, dict]:
    response = exception_handler(exc, CONTEXT)
    return response.status_code, response.data["error"]


class ExceptionHandlerTests(SimpleTestCase):
    def test_a_fault_of_ours_is_not_answered_here(self) -> None:
        self.assertIsNone(exception_handler(ZeroDivisionError(), CONTEXT))

    def test_the_code_of_an_app_is_kept(self) -> None:
        status, error = answer(api_error(BlogError.NOT_EDITABLE))
        self.assertEqual((status, error["code"]), (409, "BLG0005"))

    def test_djangos_404_does_not_say_what_was_looked_for(self) -> None:
        status, error = answer(Http404("No Blog matches the given query."))
        self.assertEqual((status, error["code"], error["message"]), (404, "CMN0006", "Not found."))

    def test_djangos_refusal_does_not_say_why(self) -> None:
        status, error = answer(PermissionDenied("secret"))
        self.assertEqual((status, error["code"]), (403, "CMN0005"))
        self.assertNotIn("secret", error["message"])

    def test_an_exception_that_no_table_knows_keeps_its_status(self) -> None:
        status, error = answer(exceptions.APIException("Teapot.", code="teapot"))
        self.assertEqual((status, error["code"], error["message"]), (500, "CMN0012", "Teapot."))

    def test_errors_of_nested_fields_stand_under_their_paths(self) -> None:
        detail = {"tags": [{}, {"slug": ["Bad."]}], "title": ["Bad.", "Worse."]}
        _, error = answer(exceptions.ValidationError(detail))
        self.assertEqual(
            {path: [part["message"] for part in parts] for path, parts in error["fields"].items()},
            {"tags.1.slug": ["Bad."], "title": ["Bad.", "Worse."]},
        )

    def test_an_error_of_no_field_has_a_path_too(self) -> None:
        _, error = answer(exceptions.ValidationError("Bad."))
        self.assertEqual(list(error["fields"]), ["non_field_errors"])

    def test_a_reason_that_no_table_knows_is_the_general_one(self) -> None:
        _, error = answer(exceptions.ValidationError({"a": ["Bad."]}, code="odd"))
        self.assertEqual(error["fields"]["a"], [{"code": "CMN0100", "message": "Bad."}])
