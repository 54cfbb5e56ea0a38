"""Logs a person in to the browsable API, with a session instead of a token."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from accounts.errors import AccountError
from common.errors import CommonError
from common.middleware import error_response
from common.throttling import Scope, refusal


class MethodErrors:
    """Answers another method as the API does."""

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response = error_response(CommonError.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = ", ".join(self._allowed_methods())
        return response


class SessionLoginForm(AuthenticationForm):
    """Email and password; the answer to what is wrong is that of the API."""

    # An inactive account is not told apart: no backend authenticates it.
    error_messages = {"invalid_login": AccountError.WRONG_CREDENTIALS.message}


class SessionLoginView(MethodErrors, LoginView):
    """The page to log in on."""

    http_method_names = ["get", "post", "head"]
    authentication_form = SessionLoginForm
    template_name = "rest_framework/login.html"
    next_page = reverse_lazy("blog:list", kwargs={"version": "v1"})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at a password, but not at any number of them."""
        return refusal(request, Scope.LOGIN) or super().post(request, *args, **kwargs)


class SessionLogoutView(MethodErrors, LogoutView):
    """Ends the session; Django's own page after it would lead to the admin."""

    next_page = reverse_lazy("rest_framework:login")
