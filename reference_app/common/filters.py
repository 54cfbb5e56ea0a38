"""How lists read their filters."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from common.renderers import PageRenderer


class FormFilterBackend(DjangoFilterBackend):
    """Narrows a list by its filters.

    The form of a page sends what was left empty, too; the filters would refuse it.
    """

    def get_filterset_kwargs(
        self, request: Request, queryset: QuerySet, view: APIView
    ) -> dict[str, Any]:
        kwargs = super().get_filterset_kwargs(request, queryset, view)
        if request.accepted_renderer.format == PageRenderer.format:
            data = kwargs["data"].copy()
            for name in [name for name, value in data.items() if not value]:
                del data[name]
            kwargs["data"] = data
        return kwargs
