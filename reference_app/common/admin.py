"""What the admin pages of every app share."""

from typing import Any

from django.contrib import admin
from django.db.models import Field, Model
from django.forms import ChoiceField, ModelForm
from django.forms import Field as FormField
from django.http import HttpRequest

from common.flags import Flag
from common.models import FeatureFlag


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
