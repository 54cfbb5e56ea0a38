"""Lists with few rows and with more."""

from typing import Any

from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer

from quality_harness.testing.endpoints import Allowed, Public
from tests.harness.testing.endpoint_projects import (
    ANYONE,
    MatrixCase,
    listing,
    more_groups,
    refusal,
)

LISTED = Public("it", "GET", ANYONE, rows=more_groups)


def names(request: HttpRequest, size: int) -> list[Any]:
    return [group.name for group in Group.objects.order_by("name")[:size]]


class QueriesTests(MatrixCase):
    def test_a_query_for_each_row_is_found(self) -> None:
        view = listing(
            lambda request: [group.user_set.count() for group in Group.objects.all()[:9]]
        )
        self.assert_found(
            self.found([path("a/", view, name="it")], LISTED),
            "END004 GET /a/ takes 3 queries for 2 rows and 6 for 5, as anonymous, user and owner",
        )

    def test_rows_that_are_loaded_together_are_left_alone(self) -> None:
        def rows(request: HttpRequest) -> list[Any]:
            groups = Group.objects.prefetch_related("user_set")[:9]
            return [len(group.user_set.all()) for group in groups]

        self.assert_found(self.found([path("a/", listing(rows), name="it")], LISTED))

    def test_a_query_for_each_row_that_only_one_role_has_is_found(self) -> None:
        def rows(request: HttpRequest) -> list[Any]:
            groups = Group.objects.all()[:9]
            asks = request.headers.get("X-Who") == "owner"
            return [group.user_set.count() if asks else group.name for group in groups]

        found = self.found([path("a/", listing(rows), name="it")], LISTED)
        self.assert_found(found, "END004 GET /a/ takes 3 queries for 2 rows and 6 for 5, as owner")

    def test_a_list_that_not_all_may_read_is_asked_by_those_who_may(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return HttpResponse(status=405)
            groups = Group.objects.all()[:9]
            answer = refusal(request, "owner")
            return answer or JsonResponse([each.user_set.count() for each in groups], safe=False)

        declared = Allowed("it", "GET", ("owner",), rows=more_groups)
        self.assert_found(self.found([path("a/", view, name="it")], declared), "as owner")


class RowsTests(MatrixCase):
    view = staticmethod(listing(lambda request: names(request, 9)))

    def test_a_list_that_makes_no_rows_is_found(self) -> None:
        found = self.found([path("a/", self.view, name="it")], Public("it", "GET", ANYONE))
        self.assert_found(found, "END008 GET /a/ answers with a list, and Public('it', 'GET') has")

    def test_a_list_that_never_gets_longer_is_left_alone(self) -> None:
        declared = Public("it", "GET", ANYONE, fixed="there are seven days")
        self.assert_found(self.found([path("a/", self.view, name="it")], declared))

    def test_rows_that_the_list_does_not_show_are_found(self) -> None:
        declared = Public("it", "GET", ANYONE, rows=lambda world, count: None)
        found = self.found([path("a/", self.view, name="it")], declared)
        self.assert_found(found, "END008 Public('it', 'GET'): what its rows make does not make")

    def test_what_is_no_list_needs_no_rows(self) -> None:
        for content in ('{"a": []}', '{"results": 1}', "1", "no json"):

            def view(request: HttpRequest, content: str = content) -> HttpResponse:
                status = 200 if request.method in ("GET", "HEAD") else 405
                return HttpResponse(content, content_type="application/json", status=status)

            with self.subTest(content):
                self.assert_found(
                    self.found([path("a/", view, name="it")], Public("it", "GET", ANYONE))
                )

    def test_a_list_whose_path_lacks_a_value_is_told_once(self) -> None:
        found = self.found([path("<int:pk>/", self.view, name="it")], LISTED)
        self.assert_found(found, "END006 Public('it', 'GET'): /<int:pk>/ needs a value for pk")


class Pages(PageNumberPagination):
    page_size = 10
    page_size_query_param = "rows_a_page"
    max_page_size = None


class CappedPages(Pages):
    max_page_size = 20


class GroupSerializer(ModelSerializer):
    class Meta:
        model = Group
        fields = ["name"]


class GroupsView(ListAPIView):
    authentication_classes = []
    permission_classes = []
    filter_backends = []
    versioning_class = None
    renderer_classes = [JSONRenderer]
    queryset = Group.objects.order_by("pk")
    serializer_class = GroupSerializer
    pagination_class = Pages


class PageSizeTests(MatrixCase):
    def test_a_list_without_pages_is_found(self) -> None:
        view = listing(lambda request: names(request, 999))
        self.assert_found(
            self.found([path("a/", view, name="it")], LISTED, page_limit=20),
            "END005 GET /a/ answers with 26 rows; a page may have 20",
        )

    def test_a_size_that_the_client_chooses_freely_is_found(self) -> None:
        view = listing(lambda request: names(request, int(request.GET.get("limit", "10"))))
        self.assert_found(
            self.found([path("a/", view, name="it")], LISTED, page_limit=20),
            "END005 GET /a/ with ?page_size=1000000&limit=1000000",
        )

    def test_where_other_names_are_refused_each_is_asked_for_alone(self) -> None:
        def rows(request: HttpRequest) -> list[Any]:
            if set(request.GET) - {"limit"}:
                raise Http404
            return names(request, int(request.GET.get("limit", "10")))

        self.assert_found(
            self.found([path("a/", listing(rows), name="it")], LISTED, page_limit=20),
            "END005 GET /a/ with ?limit=1000000 answers with 26 rows; a page may have 20",
        )

    def test_a_size_that_is_refused_is_left_alone(self) -> None:
        def rows(request: HttpRequest) -> list[Any]:
            if request.GET:
                raise Http404
            return names(request, 10)

        self.assert_found(self.found([path("a/", listing(rows), name="it")], LISTED, page_limit=20))

    def test_a_size_that_is_capped_is_left_alone(self) -> None:
        view = listing(lambda request: names(request, min(int(request.GET.get("limit", "10")), 20)))
        self.assert_found(self.found([path("a/", view, name="it")], LISTED, page_limit=20))

    def test_the_name_of_the_size_is_read_from_the_view(self) -> None:
        found = self.found([path("a/", GroupsView.as_view(), name="it")], LISTED, page_limit=20)
        self.assert_found(found, "END005 GET /a/ with ?rows_a_page=1000000&")

    def test_a_view_with_a_largest_size_is_left_alone(self) -> None:
        view = GroupsView.as_view(pagination_class=CappedPages)
        self.assert_found(self.found([path("a/", view, name="it")], LISTED, page_limit=20))
