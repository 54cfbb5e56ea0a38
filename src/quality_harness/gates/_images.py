"""What images are called, and the variables in their names."""

import re
from collections.abc import Mapping

from quality_harness.finding import Rule

UNPINNED = Rule(
    code="CNT002",
    name="unpinned-image",
    summary="An image has no tag, or the tag `latest`.",
    reason="The same file then builds and runs another program tomorrow.",
    instead="Name a version, or a digest; in a variable's default, too.",
    bad="image: postgres",
    good="image: postgres:18",
)

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(:?[-+?])([^{}]*))?\})")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its variables filled in, as shells, Docker and Compose do.

    Args:
        text: such as `postgres:${TAG:-18}`.
        values: what is known; a variable without a value and a default stays as it is.
    """

    def value(match: re.Match[str]) -> str:
        name, sign, word = match[1] or match[2], match[3] or "", match[4] or ""
        known = values.get(name, "")
        if sign.endswith("+"):
            return word if known else match[0]
        return known or (word if sign.endswith("-") else "") or match[0]

    return _VARIABLE.sub(value, text)


def is_unpinned(image: str) -> bool:
    """Whether an image has no tag, or the tag `latest`; one with a variable is not known."""
    tag = image.rpartition("/")[2].partition(":")[2]
    return "$" not in image and "@" not in image and tag in ("", "latest")
