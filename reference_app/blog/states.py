"""The states of a blog, and who may move it from one to the next."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models

if TYPE_CHECKING:
    from blog.models import Blog

AnyUser = PermissionsMixin | AnonymousUser


class State(models.TextChoices):
    """Where a blog is on its way to readers."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    ARCHIVED = "archived"


def is_author(blog: "Blog", user: AnyUser) -> bool:
    """Whether this user wrote the blog."""
    return user.is_authenticated and blog.author.user_id == user.pk


def may_review(blog: "Blog", user: AnyUser) -> bool:
    """Whether this user is a reviewer, and of someone else's blog: nobody reviews their own."""
    return user.has_perm("blog.review_blog") and not is_author(blog, user)


def may_archive(blog: "Blog", user: AnyUser) -> bool:
    """Whether this user wrote the blog or is a reviewer."""
    return is_author(blog, user) or user.has_perm("blog.review_blog")


def has_content(blog: "Blog") -> bool:
    """Whether there is something to review."""
    return bool(blog.content.strip())
