"""What happens to every request before a view sees it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from common import request_ids
from common.errors import CommonError, ErrorCode, describe

Handler = Callable[[HttpRequest], HttpResponse]

REQUEST_ID_HEADER = "X-Request-ID"


def request_id(get_response: Handler) -> Handler:
    """Give every request an id, the one in the trusted header where that is well-formed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        offered = request.headers.get(settings.TRUSTED_REQUEST_ID_HEADER)
        identifier = request_ids.begin(offered, request)
        response = get_response(request)
        response.headers[REQUEST_ID_HEADER] = identifier
        return response

    return middleware


def security_headers(get_response: Handler) -> Handler:
    """Tell browsers what a page may do; Django's own middleware sends the other such headers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in settings.SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def refuse_null_bytes(get_response: Handler) -> Handler:
    """Refuse an address with a null byte: no name has one, and the database takes none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return error_response(CommonError.BAD_REQUEST)
        return get_response(request)

    return middleware


def refuse_bad_bodies(get_response: Handler) -> Handler:
    """Refuse a body that is too large, and text that is not UTF-8, before it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _length(request) > _limit(request):
            return error_response(CommonError.TOO_LARGE)
        # Python knows charsets that turn bytes into no text at all; reading them is a crash.
        if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return error_response(CommonError.UNSUPPORTED_MEDIA_TYPE)
        return get_response(request)

    return middleware


def error_response(error: ErrorCode) -> JsonResponse:
    """Return an answer in the error format from outside a view."""
    body = describe(error, request_ids.current_request_id())
    return JsonResponse(body, status=error.status)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # Django reads no body then.


def _limit(request: HttpRequest) -> int:
    if request.content_type == "multipart/form-data":
        return settings.MAX_UPLOAD_BYTES
    return settings.MAX_BODY_BYTES
