"""Endpoints that belong to no app: documentation, health, and answers outside any view."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from health_check.views import HealthCheckView

from common.errors import CommonError
from common.middleware import error_response


class JsonErrors:
    """For views that answer in another format than JSON: their errors are JSON all the same."""

    http_method_names = ["get", "head"]

    def handle_exception(self, exc: Exception) -> HttpResponse:
        """Answer an error in the error format, whatever format was asked for."""
        answer = super().handle_exception(exc)
        return JsonResponse(answer.data, status=answer.status_code)


class SchemaView(JsonErrors, SpectacularAPIView):
    """The OpenAPI document."""

    allowed_versions = ("v1",)


class DocumentationView(JsonErrors, SpectacularSwaggerView):
    """The OpenAPI document as a page to read and try."""

    allowed_versions = ("v1",)
    url_name = "common:schema"


class HealthView(HealthCheckView):
    """Whether the services that every request needs are there; a 500 names the one that is not."""

    checks = ("health_check.checks.Cache", "health_check.checks.Database")

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; an Accept header that cannot be read is the caller's fault, not ours."""
        try:
            return await super().get(request, *args, **kwargs)
        except ValueError:
            return error_response(CommonError.NOT_ACCEPTABLE)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer what Django itself refuses: a bad host, too many fields."""
    return error_response(CommonError.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer what Django itself forbids."""
    return error_response(CommonError.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer an address that leads nowhere."""
    return error_response(CommonError.NOT_FOUND)


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer where our own code failed; the log has the reason."""
    return error_response(CommonError.SERVER_ERROR)
