"""What is kept of authors, and how to say that it has changed."""

from collections.abc import Mapping
from typing import Any

from common.caching import invalidate

# A page shows whom an author follows and who follows the author: one tag for all of them.
PAGES = "authors"


def tags_of_pages(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the page of an author, or the list of them, is made of."""
    return (PAGES,)


def invalidate_authors() -> None:
    """Say that authors are shown otherwise, in the transaction that changes them."""
    invalidate(PAGES)
