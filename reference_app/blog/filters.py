"""How lists of blogs are narrowed and put in order."""

from collections.abc import Sequence
from datetime import UTC, datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField

from blog.models import Blog, BlogQuerySet, State


class StableOrderingFilter(django_filters.OrderingFilter):
    """Puts a list in an order of its choice, the newest first among equals."""

    def filter(self, queryset: BlogQuerySet, value: Sequence[str] | None) -> BlogQuerySet:
        if not value:
            return queryset
        return queryset.order_by(*map(self.get_ordering_value, value), "-pk")


class StrictForm(forms.Form):
    """Refuses `?state=` and `?ordering=title,`; only of words there may be none."""

    def clean(self) -> None:
        for name, field in self.fields.items():
            given = self.data.get(name, "given").split(",")
            if "" in given and type(field) is not forms.CharField:
                self.add_error(name, ValidationError("This may not be empty.", code="blank"))


class UtcDateTimeField(IsoDateTimeField):
    """A time in UTC: PostgreSQL takes no offset of 16 hours or more."""

    def to_python(self, value: str | None) -> datetime | None:
        time = super().to_python(value)
        try:
            return time and time.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("There is no such time.", code="invalid") from error


class TimeFilter(django_filters.IsoDateTimeFilter):
    """Compares with a time."""

    field_class = UtcDateTimeField


class BlogFilter(django_filters.FilterSet):
    """`?search=deploy&tag=python&author=...&state=draft&published_after=2026-01-01T00:00Z`."""

    search = django_filters.CharFilter(
        method="search_words", max_length=200, label="Words of the title or the content."
    )
    tag = django_filters.CharFilter(field_name="tags__slug", max_length=50)
    author = django_filters.UUIDFilter(field_name="author__uuid")
    state = django_filters.ChoiceFilter(choices=State.choices)
    published_after = TimeFilter(
        field_name="published_at", lookup_expr="gte", label="Published then or later."
    )
    published_before = TimeFilter(
        field_name="published_at", lookup_expr="lt", label="Published before then."
    )

    class Meta:
        model = Blog
        form = StrictForm
        fields = ["search", "tag", "author", "state", "published_after", "published_before"]

    def search_words(self, queryset: BlogQuerySet, name: str, words: str) -> BlogQuerySet:
        """Keep what has these words, whatever their endings."""
        return queryset.search(words)


class OrderedBlogFilter(BlogFilter):
    """`?ordering=-published_at,title`, beside the rest."""

    ordering = StableOrderingFilter(fields=["created_at", "published_at", "title"])
