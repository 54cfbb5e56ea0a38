"""Accounts in the admin."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.models import DeviceToken, SocialAccount, User
from common.admin import ChangedFieldsAdmin, LargeTableAdmin


class PasswordForm(AdminPasswordChangeForm):
    """A new password ends every login: somebody else may have used the old one."""

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        user.save(update_fields=["password", "updated_at"])
        user.auth_token_set.all().delete()
        return user


@admin.register(User)
class EmailUserAdmin(ChangedFieldsAdmin, UserAdmin):
    """Django's own pages for users, for users known by an email."""

    change_password_form = PasswordForm
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_staff"]
    search_fields = ["email", "name"]
    readonly_fields = ["uuid", "email_verified_at", "created_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "email_verified_at", "password", "name", "uuid"]}),
        (
            "Permissions",
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        ("Dates", {"fields": ["subscribed_until", "last_login", "created_at"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "password1", "password2"]})
    ]

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Save; nobody has proven an email that was just changed."""
        if "email" in form.changed_data:
            obj.email_verified_at = None
            form.changed_data.append("email_verified_at")
        super().save_model(request, obj, form, change)


@admin.register(DeviceToken)
class DeviceTokenAdmin(ChangedFieldsAdmin):
    """Logins, to look at and to end."""

    list_display = ["device", "user", "created_at", "expiry"]
    list_select_related = ["user"]
    search_fields = ["device", "user__email"]
    fields = ["device", "user", "created_at", "expiry"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody logs in for someone else."""
        return False


@admin.register(SocialAccount)
class SocialAccountAdmin(ChangedFieldsAdmin):
    """Accounts elsewhere, to look at, to give to their owner and to take away."""

    list_display = ["provider", "subject", "user", "created_at"]
    list_select_related = ["user"]
    search_fields = ["provider", "subject", "user__email"]
    autocomplete_fields = ["user"]
    fields = ["provider", "subject", "user", "created_at", "updated_at"]
    readonly_fields = ["provider", "subject", "created_at", "updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accounts are linked by a login, which proves whose they are."""
        return False


@admin.register(LogEntry)
class ActionLogAdmin(LargeTableAdmin):
    """What was done in the admin, to look at only.

    A user with entries cannot be deleted here, as the entries would go, too: deactivate the user.
    """

    list_display = ["action_time", "user", "content_type", "object_repr", "what"]
    list_select_related = ["user", "content_type"]
    list_filter = ["action_flag"]
    search_fields = ["object_repr", "user__email"]
    fields = ["action_time", "user", "content_type", "object_id", "object_repr", "what"]
    readonly_fields = fields

    @admin.display(description="what")
    def what(self, entry: LogEntry) -> str:
        """The entry in words."""
        return str(entry)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The log writes itself."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        """What happened has happened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        """Nobody wipes their traces."""
        return False
