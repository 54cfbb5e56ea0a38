"""Blogs in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from blog.models import Blog, BlogTag, Comment, CoverImage, Tag
from common.admin import ChangedFieldsAdmin


class BlogTagInline(admin.TabularInline):
    """The tags of a blog."""

    model = BlogTag
    extra = 0
    autocomplete_fields = ["tag"]


@admin.register(Blog)
class BlogAdmin(ChangedFieldsAdmin):
    """Blogs; the state moves through the API, where its guards are."""

    list_display = ["title", "author", "state", "published_at"]
    list_filter = ["state"]
    list_select_related = ["author"]
    search_fields = ["title", "author__pen_name"]
    autocomplete_fields = ["author"]
    readonly_fields = ["uuid", "state", "publish_at", "published_at"]
    date_hierarchy = "created_at"
    inlines = [BlogTagInline]


@admin.register(Tag)
class TagAdmin(ChangedFieldsAdmin):
    """Tags."""

    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Comment)
class CommentAdmin(ChangedFieldsAdmin):
    """Comments."""

    list_display = ["__str__", "user", "blog", "created_at"]
    list_select_related = ["user", "blog"]
    search_fields = ["text", "user__email", "blog__title"]
    autocomplete_fields = ["user"]
    raw_id_fields = ["blog"]


@admin.register(CoverImage)
class CoverImageAdmin(ChangedFieldsAdmin):
    """Covers, to look at and to take down."""

    list_display = ["image", "blog", "created_at"]
    list_select_related = ["blog"]
    search_fields = ["blog__title"]
    fields = ["blog", "image", "created_at"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Covers come through the API, which checks them."""
        return False
