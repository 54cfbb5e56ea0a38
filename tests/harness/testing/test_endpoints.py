"""Which routes are let through, and which are found."""

import json
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test import override_settings
from django.urls import include, path
from django.views import View

from quality_harness.gate import CouldNotRun
from quality_harness.testing.endpoints import Allowed, Ignored, Public, Role
from tests.harness.testing.endpoint_projects import (
    ANYONE,
    GET_OWNER,
    GET_PUBLIC,
    POST_OWNER,
    ROLES,
    MatrixCase,
    for_all,
    for_owner,
    posted,
    read_json,
    refusal,
)


class OwnersView(View):
    """Reads and deletes, for the owner."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return refusal(request, "owner") or HttpResponse("secret")

    def delete(self, request: HttpRequest) -> HttpResponse:
        return refusal(request, "owner") or HttpResponse(status=204)


class DeclaredRoutesTests(MatrixCase):
    def test_a_route_that_does_as_declared_is_left_alone(self) -> None:
        self.assert_found(self.found([path("a/", for_owner, name="it")], GET_OWNER))

    def test_all_that_is_sent_is_counted(self) -> None:
        outcome = self.outcome([path("a/", for_owner, name="it")], GET_OWNER)
        self.assertEqual((outcome.routes, outcome.methods, outcome.roles), (1, 1, 4))
        # GET by all; HEAD by who may not and the owner; four other methods by all; OPTIONS.
        self.assertEqual(outcome.requests, 4 + 4 + 16 + 1)

    def test_a_new_route_that_nobody_declared_is_found(self) -> None:
        patterns = [path("a/", for_owner, name="it"), path("new/<int:pk>/", for_owner)]
        found = self.found(patterns, GET_OWNER)
        self.assert_found(found, "END001 GET /new/<pk>/ is declared nowhere")

    def test_each_method_of_a_class_has_to_be_declared(self) -> None:
        patterns = [path("a/", OwnersView.as_view(), name="it")]
        self.assert_found(self.found(patterns, GET_OWNER), "END001 DELETE /a/ is declared nowhere")
        self.assert_found(self.found(patterns, GET_OWNER, Allowed("it", "DELETE", ("owner",))))

    def test_a_function_that_answers_to_another_method_is_found(self) -> None:
        def careless(request: HttpRequest) -> HttpResponse:
            return HttpResponse("open")

        found = self.found([path("a/", careless, name="it")], GET_PUBLIC)
        everybody = "answers 200 to anonymous, expired, user and owner"
        self.assert_found(
            found,
            *(f"{each} /a/ is declared nowhere, and {everybody}" for each in OTHERS),
        )

    def test_a_class_that_lets_a_method_through_without_a_function_is_found(self) -> None:
        class Careless(View):
            def dispatch(self, request: HttpRequest) -> HttpResponse:
                return HttpResponse("open", status=200 if request.method == "PUT" else 405)

            def get(self, request: HttpRequest) -> HttpResponse:
                raise NotImplementedError

        found = self.found([path("a/", Careless.as_view(), name="it")], Allowed("it", "GET", ()))
        self.assert_found(
            found,
            "END002 GET /a/ answers 405",
            "END001 PUT /a/ is declared nowhere, and answers 200 to",
        )

    def test_a_route_is_declared_by_its_path_as_well(self) -> None:
        declared = Allowed("/a/<int:pk>/", "GET", ("owner",), path={"pk": 1})
        self.assert_found(self.found([path("a/<int:pk>/", for_owner)], declared))

    def test_a_declaration_without_a_route_is_found(self) -> None:
        found = self.found(
            [path("a/", for_owner, name="it")], GET_OWNER, Public("nowhere", "GET", ANYONE)
        )
        self.assert_found(found, "END006 Public('nowhere', 'GET') fits no route")

    def test_ignored_routes_are_left_alone(self) -> None:
        patterns = [path("a/", for_owner, name="it"), path("docs/x/", for_all)]
        self.assert_found(
            self.found(patterns, GET_OWNER, ignored=(Ignored("/docs/", "static pages"),))
        )

    def test_ignoring_what_is_not_there_is_found(self) -> None:
        found = self.found(
            [path("a/", for_owner, name="it")], GET_OWNER, ignored=(Ignored("/docs/", "static"),)
        )
        self.assert_found(found, "END006 Ignored('/docs/') fits no route")

    def test_a_project_whose_every_route_is_ignored_has_no_verdict(self) -> None:
        ignored = (Ignored("/", "all of it"),)
        with self.assertRaisesRegex(CouldNotRun, "no route but ignored ones"):
            self.found([path("a/", for_owner)], ignored=ignored)

    def test_a_path_that_lacks_a_value_is_found(self) -> None:
        found = self.found([path("a/<int:pk>/", for_owner, name="it")], GET_OWNER)
        self.assert_found(found, "END006 Allowed('it', 'GET'): /a/<int:pk>/ needs a value for pk")

    def test_a_path_that_does_not_fit_is_found(self) -> None:
        declared = Allowed("it", "GET", ("owner",), path={"pk": "x"})
        found = self.found([path("a/<int:pk>/", for_owner, name="it")], declared)
        self.assert_found(found, "/a/x/ does not fit /a/<int:pk>/")

    def test_a_route_that_another_one_hides_is_found(self) -> None:
        patterns = [path("<str:any>/", for_all, name="first"), path("a/", for_owner, name="it")]
        first = Public("first", "GET", ANYONE, path={"any": "x"})
        found = self.found(patterns, first, GET_OWNER)
        self.assert_found(found, "/a/ is answered by /<str:any>/, which stands before it")

    def test_values_are_given_by_functions_of_the_world(self) -> None:
        seen = []

        def view(request: HttpRequest, pk: int) -> HttpResponse:
            seen.append((pk, request.GET.dict(), request.headers.get("X-More")))
            return for_owner(request)

        declared = Allowed(
            "it",
            "GET",
            ("owner",),
            path=lambda world: {"pk": world.pk},
            query=lambda world: {"q": world.pk},
            headers={"X-More": "yes"},
        )

        @contextmanager
        def world():
            yield SimpleNamespace(pk=7)

        self.found(
            [path("<str:v>/", include([path("<int:pk>/", drop(view), name="it")]))],
            declared,
            world=world,
            path={"v": "v1"},
        )
        self.assertEqual(set(map(str, seen)), {str((7, {"q": "7"}, "yes"))})


OTHERS = ("POST", "PUT", "PATCH", "DELETE")


def drop(view: Any) -> Any:
    return lambda request, v, **path: view(request, **path)


class RolesTests(MatrixCase):
    def test_who_may_not_and_is_let_in_is_found(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return for_owner(request) if "X-Who" not in request.headers else for_all(request)

        self.assert_found(
            self.found([path("a/", view, name="it")], GET_OWNER),
            "END002 GET /a/ answers 200 to expired and user, but it is declared for owner",
        )

    def test_an_answer_that_is_no_refusal_lets_in(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            answer = for_owner(request)
            return HttpResponse(status=400) if answer.status_code == 403 else answer

        self.assert_found(
            self.found([path("a/", view, name="it")], GET_OWNER),
            "END002 GET /a/ answers 400 to user",
        )

    def test_a_404_refuses(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            answer = for_owner(request)
            return HttpResponse(status=404) if answer.status_code == 403 else answer

        self.assert_found(self.found([path("a/", view, name="it")], GET_OWNER))

    def test_a_redirect_to_the_login_refuses_and_another_one_does_not(self) -> None:
        for target, count in (("/log-in/?next=/a/", 0), ("/log-in/", 1), ("/b/?next=/a/", 1)):

            def view(request: HttpRequest, target: str = target) -> HttpResponse:
                answer = for_owner(request)
                return HttpResponseRedirect(target) if answer.status_code == 401 else answer

            with self.subTest(target), override_settings(LOGIN_URL="/log-in/"):
                found = self.found([path("a/", view, name="it")], GET_OWNER)
                self.assertEqual(len(found), count, found)

    def test_a_head_that_lets_in_is_found(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return for_all(request) if request.method == "HEAD" else for_owner(request)

        self.assert_found(
            self.found([path("a/", view, name="it")], GET_OWNER),
            "END002 HEAD /a/ answers 200 to anonymous, expired and user",
        )

    def test_who_may_and_is_refused_is_found(self) -> None:
        declared = Allowed("it", "GET", ("user", "owner"))
        self.assert_found(
            self.found([path("a/", for_owner, name="it")], declared),
            "END007 GET /a/ answers 403 to user, but Allowed('it', 'GET') lets them",
        )

    def test_a_public_route_that_refuses_is_found(self) -> None:
        self.assert_found(
            self.found([path("a/", for_owner, name="it")], GET_PUBLIC),
            "END007 GET /a/ answers 401 to anonymous, 403 to user, but Public('it', 'GET')",
        )

    def test_a_public_route_may_refuse_a_bad_login(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            expired = request.headers.get("X-Who") == "expired"
            return HttpResponse(status=401) if expired else for_all(request)

        self.assert_found(self.found([path("a/", view, name="it")], GET_PUBLIC))

    def test_what_nobody_may_is_found_where_somebody_does(self) -> None:
        self.assert_found(
            self.found([path("a/", for_owner, name="it")], Allowed("it", "GET", ())),
            "END002 GET /a/ answers 200 to owner, but it is declared for nobody",
        )

    def test_a_route_may_be_declared_for_several_objects(self) -> None:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return for_all(request) if pk == 1 else for_owner(request)

        declared = (
            Public("it", "GET", ANYONE, path={"pk": 1}),
            Allowed("it", "GET", ("owner",), path={"pk": 2}),
        )
        self.assert_found(self.found([path("<int:pk>/", view, name="it")], *declared))

    def test_a_group_without_a_role_is_found(self) -> None:
        Group.objects.create(name="Editor")
        patterns = [path("a/", for_owner, name="it")]
        self.assert_found(self.found(patterns, GET_OWNER), "END009 nobody sends requests as a")
        role = Role("Editor", ROLES[0].client)
        self.assert_found(self.found(patterns, GET_OWNER, roles=(*ROLES, role)))

    def test_without_groups_none_is_missed(self) -> None:
        Group.objects.create(name="Editor")
        with self.modify_settings(INSTALLED_APPS={"remove": ["django.contrib.auth"]}):
            self.assert_found(self.found([path("a/", for_owner, name="it")], GET_OWNER))


class TracesTests(MatrixCase):
    def test_what_a_request_writes_is_gone_for_the_next(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            Group.objects.create(name="once")
            return HttpResponse(status=201)

        self.assert_found(self.found([path("a/", posted(view), name="it")], POST_OWNER))
        self.assertFalse(Group.objects.exists())

    def test_a_broken_transaction_does_not_reach_the_next_request(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            Group.objects.create(name="twice")
            try:
                Group.objects.create(name="twice")
            except IntegrityError:
                return HttpResponse(status=409)
            raise AssertionError("there is no constraint")

        self.assert_found(self.found([path("a/", posted(view), name="it")], POST_OWNER))

    def test_a_view_that_wants_the_outermost_transaction_has_it(self) -> None:
        @transaction.atomic(durable=True)
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=201)

        self.assert_found(self.found([path("a/", posted(view), name="it")], POST_OWNER))

    def test_a_cookie_is_not_sent_along_with_the_next_request(self) -> None:
        seen = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(request.COOKIES)
            answer = HttpResponse(status=201)
            answer.set_cookie("a", "b")
            return answer

        self.found([path("a/", posted(view), name="it")], POST_OWNER)
        self.assertGreater(len(seen), 1)
        self.assertFalse(any(seen))


class ServerErrorTests(MatrixCase):
    def test_a_view_that_raises_is_found_with_what_it_raised(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return refusal(request, "owner") or HttpResponse(str(1 / 0))

        found = self.found([path("a/", view, name="it")], GET_OWNER)
        self.assertIn("END003 GET /a/ answers 500 to owner (ZeroDivisionError: division", found[0])

    def test_a_status_is_enough(self) -> None:
        view = posted(lambda request: HttpResponse(status=503))
        found = self.found([path("a/", view, name="it")], POST_OWNER)
        self.assert_found(
            found,
            "END003 POST /a/ answers 503 to owner",
            "END003 POST /a/ answers 503 to 8 of 8 garbage bodies",
        )

    def test_a_view_that_trips_over_garbage_is_found(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(str(json.loads(request.body)["title"]), status=201)

        declared = Allowed("it", "POST", ("owner",), body={"title": "x"})
        found = self.found([path("a/", posted(view), name="it")], declared)
        self.assert_found(found, "END003 POST /a/ answers 500 to ")
        self.assertIn("garbage bodies as owner, the first: ", found[0])
        self.assertIn("JSONDecodeError", found[0])

    def test_each_field_is_spoilt(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            body = read_json(request)
            if not isinstance(body, dict) or "title" not in body or "size" not in body:
                return HttpResponse(status=400)
            return HttpResponse(repr((body["title"].upper(), body["size"])), status=201)

        declared = Allowed("it", "POST", ("owner",), body=lambda world: {"title": "x", "size": 1})
        found = self.found([path("a/", posted(view), name="it")], declared)
        self.assert_found(found, "4 of 22 garbage bodies as owner, the first: title: 'null' (Attr")

    def test_a_view_that_looks_at_the_body_first_is_left_alone(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            body = read_json(request)
            is_good = isinstance(body, dict) and isinstance(body.get("title"), str)
            return HttpResponse(status=201 if is_good else 400)

        declared = Allowed("it", "POST", ("owner",), body={"title": "x"})
        self.assert_found(self.found([path("a/", posted(view), name="it")], declared))

    def test_a_form_is_sent_as_one_and_its_fields_are_not_spoilt(self) -> None:
        names = []

        def view(request: HttpRequest) -> HttpResponse:
            names.extend(file.name for file in request.FILES.values())
            return HttpResponse(status=201 if request.FILES else 400)

        declared = Allowed(
            "it",
            "POST",
            ("owner",),
            body=lambda world: {"file": SimpleUploadedFile("a.txt", b"a")},
            form=True,
        )
        self.assert_found(self.found([path("a/", posted(view), name="it")], declared))
        self.assertEqual(names, ["a.txt"])

    def test_where_nobody_may_no_garbage_is_sent(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=403 if request.method == "POST" else 405)

        outcome = self.outcome([path("a/", view, name="it")], Allowed("it", "POST", ()))
        self.assertEqual((outcome.found, outcome.requests), ((), 4 + 16 + 1))

    def test_options_that_raises_is_found(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(str(1 / 0)) if request.method == "OPTIONS" else for_owner(request)

        found = self.found([path("a/", view, name="it")], GET_OWNER)
        self.assert_found(found, "END003 OPTIONS /a/ answers 500 to owner")

    def test_an_undeclared_method_that_raises_is_found(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(str(1 / 0)) if request.method == "PUT" else for_owner(request)

        found = self.found([path("a/", view, name="it")], GET_OWNER)
        self.assert_found(found, "END003 PUT /a/ answers 500 to anonymous, expired, user and owner")

    def test_a_stream_is_an_answer(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return HttpResponse(status=405)
            return StreamingHttpResponse(iter([b"[]"]), content_type="application/json")

        self.assert_found(self.found([path("a/", view, name="it")], GET_PUBLIC))
