"""The limits of a view of the API."""

from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common.errors import api_error
from common.throttling.checking import check
from common.throttling.rates import Scope

SEARCH_PARAMETER = "search"


class ScopeThrottle(BaseThrottle):
    """Asks all limits of a view at once; `limited` makes one for each view."""

    always: tuple[Scope, ...] = ()
    writing: Scope | None = None
    searching: Scope | None = None

    def scopes(self, request: Request) -> list[Scope]:
        """Return what limits a request."""
        found = list(self.always)
        if self.writing and request.method not in SAFE_METHODS:
            found.append(self.writing)
        if self.searching and request.query_params.get(SEARCH_PARAMETER):
            found.append(self.searching)
        return found

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Return whether a request passes; the view's answer gets the headers.

        Raises:
            APIException: it does not.
        """
        http_request: HttpRequest = request._request
        http_request.is_counted = True
        verdict = check(http_request, self.scopes(request), request.user)
        view.headers.update(verdict.headers)
        if verdict.error:
            raise api_error(verdict.error)
        return True


def limited(
    *always: Scope, writing: Scope | None = None, searching: Scope | None = None
) -> list[type[ScopeThrottle]]:
    """Return the `throttle_classes` of a view.

    Args:
        always: what limits every request.
        writing: what limits those that change something as well.
        searching: what limits those that search as well.
    """
    names = {"always": always, "writing": writing, "searching": searching}
    return [type("LimitedView", (ScopeThrottle,), names)]
