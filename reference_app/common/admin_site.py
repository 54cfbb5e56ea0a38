"""The site of the admin, apart from what is registered on it: the registrations need it first."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django_otp import devices_for_user
from django_otp.admin import OTPAdminAuthenticationForm, OTPAdminSite
from django_otp.models import Device

from common.throttling import Scope, refusal


class SecondFactorForm(OTPAdminAuthenticationForm):
    """Asks for a password and for a code of one of the user's confirmed devices."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Django lets a user who logs in again keep the key; somebody may know it from a time when
        # it opened less than the admin.
        self.request.session.cycle_key()
        return cleaned

    def _chosen_device(self, user: AbstractBaseUser) -> Device | None:
        # django-otp looks the given id up among all devices, unconfirmed ones too.
        chosen = self.cleaned_data.get("otp_device")
        devices = devices_for_user(user, for_verify=True)
        return next((device for device in devices if device.persistent_id == chosen), None)


class SecondFactorSite(OTPAdminSite):
    """The admin, which a member of staff enters with a second factor only."""

    login_form = SecondFactorForm

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        refused = refusal(request, Scope.LOGIN) if request.method == "POST" else None
        return refused or super().login(request, extra_context)
