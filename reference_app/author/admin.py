"""Authors in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from author import public
from author.models import Author, DigestDelivery, Follow, PublicationDelivery, PublicationNotice
from common.admin import ChangedFieldsAdmin


@admin.register(Author)
class AuthorAdmin(ChangedFieldsAdmin):
    """Profiles."""

    list_display = ["pen_name", "user", "created_at"]
    list_select_related = ["user"]
    search_fields = ["pen_name", "user__email"]
    autocomplete_fields = ["user"]
    readonly_fields = ["uuid"]


@admin.register(Follow)
class FollowAdmin(ChangedFieldsAdmin):
    """Who hears of whom."""

    list_display = ["follower", "author", "created_at"]
    list_select_related = ["follower", "author"]
    search_fields = ["follower__email", "author__pen_name"]
    autocomplete_fields = ["follower", "author"]

    def delete_model(self, request: HttpRequest, obj: Follow) -> None:
        super().delete_model(request, obj)
        public.invalidate_authors()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Follow]) -> None:
        super().delete_queryset(request, queryset)
        public.invalidate_authors()


@admin.register(PublicationNotice)
class PublicationNoticeAdmin(ChangedFieldsAdmin):
    """Who was told of what, to look at; deleting one lets the author be told again."""

    list_display = ["blog_uuid", "author", "created_at"]
    list_select_related = ["author"]
    search_fields = ["blog_uuid", "author__pen_name"]
    fields = ["blog_uuid", "author", "created_at"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Notices are made by the mail that they prove."""
        return False


@admin.register(PublicationDelivery)
class PublicationDeliveryAdmin(ChangedFieldsAdmin):
    """Mails to followers, to look at; deleting one lets the follower be told again."""

    list_display = ["blog_uuid", "recipient", "sent_at"]
    list_select_related = ["recipient"]
    search_fields = ["blog_uuid", "recipient__email"]
    fields = ["blog_uuid", "recipient", "sent_at", "created_at"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Deliveries are made by the task that mails."""
        return False


@admin.register(DigestDelivery)
class DigestDeliveryAdmin(ChangedFieldsAdmin):
    """Weekly mails, to look at; deleting one lets the week be mailed again."""

    list_display = ["week", "recipient", "sent_at"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__email"]
    fields = ["week", "recipient", "sent_at", "created_at"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Deliveries are made by the task that mails."""
        return False
