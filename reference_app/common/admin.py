"""What the admin pages of every app share."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Field, Model
from django.forms import ChoiceField, ModelForm
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.functional import cached_property

from common.flags import Flag
from common.models import FeatureFlag


class EstimatedCountPaginator(Paginator):
    """Takes PostgreSQL's word for how many rows a large table has, where nothing is filtered.

    Counting them would read the whole table for every page. The estimate is as old as the last
    (automatic) ANALYZE, so that the last pages may be missing or empty.
    """

    threshold = 100_000

    @cached_property
    def count(self) -> int:
        if not self.object_list.query.where:
            estimate = self._estimate()
            if estimate >= self.threshold:
                return estimate
        return self.object_list.count()

    def _estimate(self) -> int:
        connection = connections[self.object_list.db]
        table = connection.ops.quote_name(self.object_list.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
            return int(cursor.fetchone()[0])


class LargeTableAdmin(admin.ModelAdmin):
    """Opens the list of a large table without counting it."""

    paginator = EstimatedCountPaginator
    show_full_result_count = False


class ChangedFieldsAdmin(LargeTableAdmin):
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
