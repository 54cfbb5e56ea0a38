"""What the admin pages of every app share."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Field, Model
from django.forms import ChoiceField, ModelForm
from django.forms import Field as FormField
from django.http import HttpRequest
from django_otp import devices_for_user
from django_otp.admin import OTPAdminAuthenticationForm, OTPAdminSite
from django_otp.models import Device

from common.flags import Flag
from common.models import FeatureFlag


class SecondFactorForm(OTPAdminAuthenticationForm):
    """Asks for a password and for a code of one of the user's confirmed devices."""

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


class ChangedFieldsAdmin(admin.ModelAdmin):
    """Saves only what was changed in the form: the rest of the row may have moved on meanwhile."""

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        if not change:
            return super().save_model(request, obj, form, change)
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[*columns.intersection(form.changed_data), "updated_at"])


@admin.register(FeatureFlag)
class FeatureFlagAdmin(ChangedFieldsAdmin):
    """Feature flags: those that are declared and no others."""

    list_display = ["name", "enabled", "note", "updated_at"]
    search_fields = ["name", "note"]

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        if db_field.name == "name":
            return ChoiceField(choices=[(flag.key, flag.key) for flag in Flag])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Let nobody turn one flag into another; a flag no longer declared is deleted instead."""
        return ["name"] if obj else []
