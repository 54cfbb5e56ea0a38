"""What forms show."""

import json
from typing import Any

from django.forms import Script, Textarea


class JsonEditor(Textarea):
    """A box for JSON, pretty-printed, whose mistakes are shown with their line before it is sent.

    Its script is a static file: the content security policy runs none that stands in a page.
    """

    class Media:
        js = [Script("common/json_editor.js", defer=True)]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        looks = {"class": "vLargeTextField", "rows": 12, "spellcheck": "false"}
        super().__init__({**looks, "data-json": True, **(attrs or {})})

    def format_value(self, value: str | None) -> str | None:
        """Spread what is kept over lines; what was typed wrong stays as it was typed."""
        text = super().format_value(value)
        try:
            return json.dumps(json.loads(text or ""), indent=2, ensure_ascii=False)
        except ValueError:
            return text
