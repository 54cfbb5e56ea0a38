"""What is kept of blogs, and how to say that it has changed."""

import uuid
from collections.abc import Mapping
from typing import Any

from common.caching import invalidate

# Every list of blogs, and what is counted of them.
LISTS = "blogs"
# Every page of one blog.
PAGES = "blog-pages"
TAGS = "tags"


def tags_of_lists(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a list of blogs is made of."""
    return (LISTS,)


def tags_of_page(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the page of a blog is made of."""
    return (PAGES, f"blog:{kwargs['uuid']}")


def tags_of_tags(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the list of tags is made of."""
    return (TAGS,)


def tags_of_cloud(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the tag cloud is made of."""
    return (TAGS, LISTS)


def invalidate_blog(blog_uuid: uuid.UUID) -> None:
    """Say that one blog is shown otherwise, in the transaction that changes it."""
    invalidate(LISTS, f"blog:{blog_uuid}")


def invalidate_blogs() -> None:
    """Say that any number of blogs are shown otherwise, in the transaction that changes them."""
    invalidate(LISTS, PAGES)


def invalidate_tags() -> None:
    """Say that tags are shown otherwise, in lists of tags and on blogs."""
    invalidate(TAGS, LISTS, PAGES)
