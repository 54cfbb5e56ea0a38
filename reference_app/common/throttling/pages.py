"""The limits of pages that are no views of the API."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from common.middleware import error_response
from common.throttling.checking import check
from common.throttling.rates import Scope


def refusal(request: HttpRequest, *scopes: Scope) -> HttpResponse | None:
    """Count a request by its address; return the answer where it does not pass, else None."""
    verdict = check(request, scopes, AnonymousUser())
    if verdict.error is None:
        return None
    response = error_response(verdict.error)
    for name, value in verdict.headers.items():
        response.headers[name] = value
    return response
