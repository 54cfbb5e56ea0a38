"""What the URL resolver says of each route."""

import functools
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.test import SimpleTestCase, override_settings
from django.urls import include, path, re_path
from django.views import View
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from quality_harness.testing.endpoints.routes import (
    CannotFill,
    Route,
    all_routes,
    pattern_of,
    place_of,
)
from tests.harness.testing.endpoint_projects import Urls

UID = UUID(int=1)


def plain(request: HttpRequest, **path: Any) -> HttpResponse:
    raise NotImplementedError


@api_view(["POST"])
def of_rest(request: HttpRequest) -> Response:
    raise NotImplementedError


class Two(View):
    http_method_names = ["get", "put", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def put(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def delete(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError


class Set(ViewSet):
    def list(self, request: HttpRequest) -> Response:
        raise NotImplementedError


class Called:
    """A view that is an object."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError


class RoutesCase(SimpleTestCase):
    def routes(self, *patterns: Any) -> list[Route]:
        with override_settings(ROOT_URLCONF=Urls(patterns)):
            return all_routes()

    def filled(self, *patterns: Any, **values: Any) -> str:
        """Return the filled path of the last route."""
        with override_settings(ROOT_URLCONF=Urls(patterns)):
            return all_routes()[-1].filled(values)


class NamesTests(RoutesCase):
    def test_a_name_has_its_namespaces(self) -> None:
        inner = ([path("b/", plain, name="list")], "shop")
        [route] = self.routes(path("a/", include(inner)))
        self.assertEqual((route.name, route.path), ("shop:list", "/a/b/"))

    def test_a_route_may_have_no_name(self) -> None:
        [route] = self.routes(path("a/", include([path("b/", plain)])))
        self.assertEqual((route.name, route.path), ("", "/a/b/"))

    def test_people_read_paths_without_converters(self) -> None:
        [route] = self.routes(path("a/<uuid:uid>/<name>/", plain))
        self.assertEqual(pattern_of(route), "/a/<uid>/<name>/")


class MethodsTests(RoutesCase):
    def methods(self, view: Any) -> tuple[str, ...]:
        return self.routes(path("a/", view))[0].methods()

    def test_a_class_has_those_that_it_names_and_has_functions_for(self) -> None:
        self.assertEqual(self.methods(Two.as_view()), ("GET", "PUT"))

    def test_a_view_set_has_those_of_its_actions(self) -> None:
        self.assertEqual(self.methods(Set.as_view({"get": "list"})), ("GET",))

    def test_a_function_of_the_rest_framework_says_which_it_has(self) -> None:
        self.assertEqual(self.methods(of_rest), ("POST",))

    def test_a_plain_function_does_not_say(self) -> None:
        self.assertEqual(self.methods(plain), ())


class FilledTests(RoutesCase):
    def test_values_are_written_as_the_converter_does(self) -> None:
        filled = self.filled(
            path("<version>/", include([path("<uuid:uid>/", plain)])),
            version="v1",
            uid=UID,
            more="unused",
        )
        self.assertEqual(filled, f"/v1/{UID}/")

    def test_regular_expressions_are_filled_too(self) -> None:
        patterns = re_path("^a/", include([re_path(r"^(?P<year>[0-9]{4})/$", plain)]))
        self.assertEqual(self.filled(patterns, year=2026), "/a/2026/")

    def test_an_optional_part_is_left_out_without_its_value(self) -> None:
        pattern = re_path(r"^a/(?:page-(?P<page>\d+)/)?$", plain)
        self.assertEqual(self.filled(pattern), "/a/")
        self.assertEqual(self.filled(re_path(r"^a/(\d+)/$", plain), _0=3), "/a/3/")

    def test_what_is_missing_is_named(self) -> None:
        with self.assertRaisesRegex(CannotFill, "needs a value for a, b$"):
            self.filled(path("<a>/<b>/", plain))

    def test_another_route_on_the_same_path_is_noticed(self) -> None:
        with self.assertRaisesRegex(CannotFill, "/a/ is answered by /a/"):
            self.filled(path("a/", plain), path("a/", Two.as_view()))


class PlaceTests(RoutesCase):
    def line(self, view: Any) -> int:
        file, line = place_of(self.routes(path("a/", view))[0])
        self.assertTrue(file.endswith("test_endpoint_routes.py"), file)
        return line

    def test_it_is_where_the_class_or_function_stands(self) -> None:
        lines = [self.line(view) for view in (plain, of_rest, Two.as_view(), Called())]
        self.assertEqual(lines, sorted(lines))
        self.assertGreater(lines[0], 0)
        self.assertEqual(self.line(functools.partial(plain, x=1)), lines[0])

    def test_a_view_inside_of_a_function_has_no_line(self) -> None:
        self.assertEqual(self.line(lambda request: plain(request)), 0)

    def test_a_view_without_a_source_has_no_file(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            raise NotImplementedError

        view.__module__ = "nowhere"
        self.assertEqual(place_of(self.routes(path("a/", view))[0]), ("", 0))
