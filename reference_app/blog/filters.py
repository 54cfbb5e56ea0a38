"""How lists of blogs are narrowed."""

import django_filters

from blog.models import Blog, State


class BlogFilter(django_filters.FilterSet):
    """`?tag=python&author=...&state=draft`."""

    tag = django_filters.CharFilter(field_name="tags__slug", max_length=50)
    author = django_filters.UUIDFilter(field_name="author__uuid")
    state = django_filters.ChoiceFilter(choices=State.choices)

    class Meta:
        model = Blog
        fields = ["tag", "author", "state"]
