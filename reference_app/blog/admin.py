"""Blogs in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import F, Func, IntegerField, JSONField, QuerySet, Value
from django.forms import ModelForm
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from rest_framework.exceptions import APIException

from blog import _private, public
from blog.models import AnyUser, Blog, BlogTag, Comment, CoverImage, State, Tag
from blog.rights import fields_granted_to, may_change_every_field
from blog.states import is_author
from common.admin import ChangedFieldsAdmin
from common.widgets import JsonEditor


class BlogTagInline(admin.TabularInline):
    """The tags of a blog."""

    model = BlogTag
    extra = 0
    autocomplete_fields = ["tag"]


def number_of_words(field: str) -> Func:
    """Return what counts the words of a text in the database, which then need not send it."""
    parts = Func(F(field), Value(r"\s+"), function="regexp_split_to_array")
    words = Func(parts, Value(""), function="array_remove")
    return Func(words, function="cardinality", output_field=IntegerField())


@admin.register(Blog)
class BlogAdmin(ChangedFieldsAdmin):
    """Blogs; the state moves through its transitions alone, where its guards are."""

    actions = ["publish"]
    list_display = ["title", "author", "state", "words", "published_at"]
    list_filter = ["state"]
    list_select_related = ["author"]
    search_fields = ["title", "author__pen_name"]
    autocomplete_fields = ["author"]
    raw_id_fields = ["continues"]
    readonly_fields = ["uuid", "state", "publish_at", "published_at"]
    date_hierarchy = "created_at"
    inlines = [BlogTagInline]
    formfield_overrides = {JSONField: {"widget": JsonEditor}}

    def has_change_permission(self, request: HttpRequest, obj: Blog | None = None) -> bool:
        """Whether there is a field that this person may change; the API's rules hold here, too."""
        if super().has_change_permission(request, obj):
            return True
        return bool(fields_granted_to(request.user)) and not (obj and is_author(obj, request.user))

    def get_readonly_fields(self, request: HttpRequest, obj: Blog | None = None) -> list[str]:
        """Show what this person may not change without a box to change it in."""
        if obj is None or may_change_every_field(request.user):
            return self.readonly_fields
        editable = {"author", "title", "content", "continues", "metadata"}
        return [*self.readonly_fields, *sorted(editable - fields_granted_to(request.user))]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Blog]:
        blogs = super().get_queryset(request)
        return blogs.annotate(words=number_of_words("content")).defer("content")

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: bool
    ) -> None:
        """Save the tags, whose rows send no signal of the blog."""
        super().save_related(request, form, formsets, change)
        if form.instance.state == State.PUBLISHED:
            public.invalidate_blog(form.instance.uuid)

    @admin.display(description="words")
    def words(self, blog: Blog) -> int:
        """How long the blog is."""
        return blog.words

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Whether the list offers to publish."""
        return request.user.has_perm("blog.review_blog")

    @admin.action(description="Publish selected blogs", permissions=["review"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Blog]) -> TemplateResponse | None:
        """Ask whether to publish; then publish what can be, and say why the rest cannot."""
        if "confirmed" not in request.POST:
            return self._ask(request, queryset)
        published = 0
        for blog in queryset:
            reason = refusal(blog) or publish_blog(blog, request.user)
            if reason:
                text = f"“{blog}” is not published: {reason}"
                self.message_user(request, text, messages.WARNING)
            else:
                self.log_change(request, blog, "Published.")
                published += 1
        if published:
            noun = "blog is" if published == 1 else "blogs are"
            self.message_user(request, f"{published} {noun} published.", messages.SUCCESS)
        return None

    def _ask(self, request: HttpRequest, blogs: QuerySet[Blog]) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Publish blogs",
            "opts": self.opts,
            "media": self.media,
            "blogs": [(blog, refusal(blog)) for blog in blogs],
            "selected": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/blog/blog/publish_confirmation.html", context)


def refusal(blog: Blog) -> str:
    """Return why the state of a blog keeps it from being published, or nothing."""
    return "" if blog.state == State.REVIEWED else f"it is {blog.state}, not reviewed."


def publish_blog(blog: Blog, user: AnyUser) -> str:
    """Publish a blog under the API's rules, and return what kept it from that, or nothing."""
    try:
        _private.move_blog(blog_uuid=blog.uuid, action="publish", user=user)
    except (APIException, Http404) as error:
        return str(error)
    return ""


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
