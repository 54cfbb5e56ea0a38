"""Endpoints that belong to no app: documentation, health, and answers outside any view."""

from collections.abc import Iterator
from typing import Any

import celery
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from health_check.base import HealthCheck
from health_check.views import HealthCheckView

from common.errors import CommonError
from common.health import Worker
from common.middleware import error_response
from common.schema import KeptSchemaGenerator
from common.throttling import Scope, limited


class JsonErrors:
    """For views that answer in another format than JSON: their errors are JSON all the same."""

    http_method_names = ["get", "head"]

    def handle_exception(self, exc: Exception) -> HttpResponse:
        """Answer an error in the error format, whatever format was asked for."""
        answer = super().handle_exception(exc)
        return JsonResponse(answer.data, status=answer.status_code)


class SchemaView(JsonErrors, SpectacularAPIView):
    """The OpenAPI document."""

    generator_class = KeptSchemaGenerator
    allowed_versions = ("v1", "v2")
    throttle_classes = limited(Scope.GENERAL)


class DocumentationView(JsonErrors, SpectacularSwaggerSplitView):
    """The OpenAPI document as a page to read and try; without scripts inside of it."""

    allowed_versions = ("v1", "v2")
    throttle_classes = limited(Scope.GENERAL)
    url_name = "common:schema"


# It changes nothing; a POST is told that there is none, not that its token is missing.
@method_decorator(csrf_exempt, name="dispatch")
class HealthView(HealthCheckView):
    """Whether all that requests need is there; a 500 names what is not.

    Workers are asked only where the settings say so: readers need none, and a web server that a
    load balancer takes out of service because of them answers nobody.
    """

    checks = (
        "health_check.checks.Cache",
        "health_check.checks.Database",
        "common.health.Broker",
        "common.health.Migrations",
        "common.health.Disk",
    )

    http_method_names = ["get", "head"]

    def get_checks(self) -> Iterator[HealthCheck]:
        """Return the checks, with that of the workers where they are asked."""
        yield from super().get_checks()
        if settings.HEALTH_WORKER_SECONDS:
            yield Worker(celery.current_app, settings.HEALTH_WORKER_SECONDS)

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with a status that tells well from ill in every format."""
        try:
            response = await super().get(request, *args, **kwargs)
        except ValueError:  # An Accept header that cannot be read is the caller's fault.
            return error_response(CommonError.NOT_ACCEPTABLE)
        if response.status_code == CommonError.NOT_ACCEPTABLE.status:
            return error_response(CommonError.NOT_ACCEPTABLE)
        if any(result.error for result in self.results):
            response.status_code = 500  # Feeds and metrics say 200 by themselves.
        return response

    async def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Answer another method, as the API does."""
        response = error_response(CommonError.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = ", ".join(self._allowed_methods())
        return response


@cache_control(max_age=24 * 3600, public=True)
def no_icon(request: HttpRequest) -> HttpResponse:
    """Answer browsers, which ask for the icon of every page: there is none."""
    return HttpResponse(status=204)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer what Django itself refuses: a bad host, too many fields."""
    too_large = isinstance(exception, RequestDataTooBig)
    return error_response(CommonError.TOO_LARGE if too_large else CommonError.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer what Django itself forbids."""
    return error_response(CommonError.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    """Answer a form that did not come from our own page."""
    return error_response(CommonError.CSRF_REFUSED)


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer an address that leads nowhere."""
    return error_response(CommonError.NOT_FOUND)


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer where our own code failed; the log has the reason."""
    return error_response(CommonError.SERVER_ERROR)
