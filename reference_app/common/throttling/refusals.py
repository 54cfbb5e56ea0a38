"""Counts what is refused before anybody asks the limits of a view."""

from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

# Who sends it is known by then: nobody, where a token was wrong.
_REFUSED = (401, 403)


def count_refused(error: Exception, request: Request, view: APIView) -> Exception:
    """Return what to answer to a request that failed: the error, or that it is throttled.

    Django REST framework looks at tokens and permissions first. What fails there it never counts,
    however often it comes.
    """
    if getattr(error, "status_code", None) not in _REFUSED or hasattr(request, "is_counted"):
        return error
    try:
        view.check_throttles(request)
    except APIException as refusal:
        return refusal
    return error
