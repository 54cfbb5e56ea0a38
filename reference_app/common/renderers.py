"""Formats of answers, besides JSON."""

from collections.abc import Mapping
from typing import Any

from django.utils.cache import add_never_cache_headers
from rest_framework.renderers import BrowsableAPIRenderer


class PageRenderer(BrowsableAPIRenderer):
    """The browsable API: an answer as a page, with forms for what the person may send."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> str:
        page: str = super().render(data, accepted_media_type, renderer_context)
        # It shows who is logged in, and has the same address as the JSON.
        add_never_cache_headers(renderer_context["response"])
        return page
