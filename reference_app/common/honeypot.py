"""Stands where everybody looks for the admin, while the admin is somewhere else."""

import logging
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from common.logs import log

USUAL_PATH = "admin/"
LONGEST_NAME = 254


class RefusingForm(AdminAuthenticationForm):
    """Takes every password for a wrong one, without looking at it."""

    def clean(self) -> dict[str, Any]:
        raise self.get_invalid_login_error()


class HoneypotSite(AdminSite):
    """Django's own login page, with nothing behind it.

    As a site of its own it links to itself: nothing in it leads to the real admin.
    """

    login_form = RefusingForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Nobody gets in, those who are logged in to the real admin no more than others."""
        return False

    # An attempt without a CSRF token comes this far and is logged; the page then refuses it.
    @method_decorator(csrf_exempt)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST":
            log(
                __name__,
                logging.WARNING,
                "Somebody tried to log in where the admin is not.",
                client=request.META.get("REMOTE_ADDR"),
                username=request.POST.get("username", "")[:LONGEST_NAME],
            )
        return super().login(request, extra_context)


def routes(admin_path: str) -> list[URLPattern | URLResolver]:
    """Return the routes of the honeypot; none where the admin itself has the usual path."""
    if admin_path == USUAL_PATH:
        return []
    return [path(USUAL_PATH, HoneypotSite(name="honeypot").urls)]
