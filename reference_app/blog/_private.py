"""What blogs do to the database. Every change of a blog locks its row first.

Whoever locks several blogs locks the later ones first, so that no two wait for each other.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_fsm import TransitionNotAllowed
from rest_framework.exceptions import ValidationError

from blog._publication import announce_on_commit, count_publication
from blog.errors import BlogError
from blog.models import (
    AnyUser,
    Blog,
    BlogTag,
    Comment,
    CoverImage,
    IdempotencyKey,
    State,
    Tag,
    has_content,
    is_author,
)
from blog.rights import fields_granted_to, may_change_every_field
from common.errors import CommonError, ErrorCode, api_error, field_error

Check = Callable[[Blog], None]


def anything(blog: Blog) -> None:
    """The check that every blog passes."""


def create_blog(*, author_id: int, **fields: Any) -> Blog:
    """Make a draft.

    Raises:
        ValidationError: the blog that it continues is gone.
    """
    return create_blogs(author_id=author_id, drafts=[fields])[0]


@transaction.atomic
def create_blogs(*, author_id: int, drafts: Sequence[dict[str, Any]]) -> list[Blog]:
    """Make these drafts, all of them or none.

    Raises:
        ValidationError: a blog that one of them continues is gone.
    """
    _hold([draft["continues"] for draft in drafts if draft.get("continues")])
    blogs = Blog.objects.bulk_create(
        Blog(author_id=author_id, **{name: draft[name] for name in draft if name != "tags"})
        for draft in drafts
    )
    BlogTag.objects.bulk_create(
        BlogTag(blog=blog, tag=tag)
        for blog, draft in zip(blogs, drafts, strict=True)
        for tag in draft.get("tags", ())
    )
    return blogs


@transaction.atomic
def create_blog_once(*, user_id: int, key: str, fingerprint: str, **fields: Any) -> Blog:
    """Make a draft, or return the one that this user made with the same key.

    Of two at once, the second waits for the first at the unique key; what it had begun is undone.

    Args:
        user_id: whose key it is.
        key: what the client calls this creation.
        fingerprint: what differs between two different bodies.
        fields: what `create_blog` takes.

    Raises:
        APIException: the key came with another fingerprint before.
    """
    made, _ = IdempotencyKey.objects.select_related("blog").get_or_create(
        user_id=user_id,
        key=key,
        defaults={"fingerprint": fingerprint, "blog": lambda: create_blog(**fields)},
    )
    if made.fingerprint != fingerprint:
        raise api_error(BlogError.KEY_TAKEN)
    return made.blog


@transaction.atomic
def edit_blog(
    *,
    blog_uuid: uuid.UUID,
    user: AnyUser,
    check: Check = anything,
    tags: Sequence[Tag] | None = None,
    **fields: Any,
) -> None:
    """Change a blog.

    Args:
        blog_uuid: which blog.
        user: who asks.
        check: called with the locked blog; what it raises is the answer.
        tags: the new ones; None leaves the old ones.
        fields: the new values of other fields.

    Raises:
        Http404: the user does not see it.
        APIException: the user may not change it or one of these fields, or it is no draft.
    """
    changed = [*fields, "tags"] if tags is not None else fields
    blog = _locked_for_change(blog_uuid, user, changed)
    check(blog)
    if earlier := fields.get("continues"):
        if earlier.pk >= blog.pk or earlier.author_id != blog.author_id:
            raise _wrong_continues(BlogError.CONTINUES_LATER)
        _hold([earlier])
    for name, value in fields.items():
        setattr(blog, name, value)
    blog.save(update_fields=[*fields, "updated_at"])
    if tags is not None:
        blog.tags.set(tags)


@transaction.atomic
def delete_blog(*, blog_uuid: uuid.UUID, user: AnyUser, check: Check = anything) -> None:
    """Delete a blog in whatever state it is.

    Args:
        blog_uuid: which blog.
        user: who asks.
        check: called with the locked blog; what it raises is the answer.

    Raises:
        Http404: the user does not see it.
        APIException: the user may not delete it.
    """
    blog = _locked(blog_uuid, user, with_sequels=True)
    if not (is_author(blog, user) or user.has_perm("blog.delete_blog")):
        raise api_error(BlogError.NOT_YOURS)
    check(blog)
    blog.delete()


@transaction.atomic
def move_blog(*, blog_uuid: uuid.UUID, action: str, user: AnyUser, **arguments: Any) -> Blog:
    """Run a transition of the state machine; of two at once, one wins.

    Args:
        blog_uuid: which blog.
        action: the name of the transition's method, such as "submit".
        user: who asks.
        arguments: what the method takes, such as the time to schedule a blog for.

    Raises:
        Http404: the user does not see the blog.
        APIException: the user may not do this, or the blog's state or content, or the
            author's day, forbids it.
    """
    blog = _locked(blog_uuid, user)
    transitions = [found for found in blog.get_all_state_transitions() if found.name == action]
    if not any(found.has_perm(blog, user) for found in transitions):
        raise api_error(BlogError.NOT_ALLOWED)
    try:
        getattr(blog, action)(**arguments)
    except TransitionNotAllowed as error:
        incomplete = action == "submit" and blog.state == State.DRAFT and not has_content(blog)
        reason = BlogError.INCOMPLETE if incomplete else BlogError.ILLEGAL_TRANSITION
        raise api_error(reason) from error
    if blog.state == State.PUBLISHED and not count_publication(blog):
        raise api_error(BlogError.DAY_IS_FULL)
    blog.save(update_fields=["state", "published_at", "publish_at", "updated_at"])
    if blog.state == State.PUBLISHED:
        announce_on_commit(blog)
    return blog


@transaction.atomic
def add_comment(*, blog_uuid: uuid.UUID, user: AnyUser, text: str) -> Comment:
    """Comment on a published blog.

    Raises:
        Http404: the user does not see the blog.
        APIException: the blog is not published.
    """
    blog = _locked(blog_uuid, user)
    if blog.state != State.PUBLISHED:
        raise api_error(BlogError.NOT_PUBLISHED)
    return Comment.objects.create(blog=blog, user=user, text=text)


def delete_comment(*, blog_uuid: uuid.UUID, comment_uuid: uuid.UUID, user: AnyUser) -> None:
    """Delete a comment; one's own even where the blog is no longer to be seen.

    Raises:
        Http404: there is no such comment on this blog, or the user does not see the blog.
        APIException: the user wrote neither the comment nor the blog.
    """
    comment = get_object_or_404(Comment, blog__uuid=blog_uuid, uuid=comment_uuid)
    if comment.user_id != user.pk:
        visible = Blog.objects.visible_to(user).select_related("author")
        blog = get_object_or_404(visible, pk=comment.blog_id)
        if not (is_author(blog, user) or user.has_perm("blog.delete_comment")):
            raise api_error(BlogError.COMMENT_NOT_YOURS)
    comment.delete()


@transaction.atomic
def set_cover(*, blog_uuid: uuid.UUID, user: AnyUser, image: UploadedFile) -> CoverImage:
    """Give a blog its picture, in place of the one it had.

    Raises:
        Http404: the user does not see the blog.
        APIException: the user may not change it, or it is no draft.
    """
    blog = _locked_for_change(blog_uuid, user, ["cover"])
    CoverImage.objects.filter(blog=blog).delete()
    return CoverImage.objects.create(blog=blog, image=image)


@transaction.atomic
def remove_cover(*, blog_uuid: uuid.UUID, user: AnyUser) -> None:
    """Take the picture of a blog away, if it has one.

    Raises:
        Http404: the user does not see the blog.
        APIException: the user may not change it, or it is no draft.
    """
    blog = _locked_for_change(blog_uuid, user, ["cover"])
    CoverImage.objects.filter(blog=blog).delete()


def _hold(blogs: Sequence[Blog]) -> None:
    # They may have been deleted since they were chosen; from here on they cannot be.
    wanted = {blog.pk for blog in blogs}
    if wanted and _lock(Blog.objects.filter(pk__in=wanted)) != len(wanted):
        raise _wrong_continues(CommonError.FIELD_CHOICE)


def _lock(blogs: QuerySet[Blog]) -> int:
    return len(blogs.select_for_update(no_key=True).order_by("-pk"))


def _wrong_continues(error: ErrorCode) -> ValidationError:
    return ValidationError({"continues": field_error(error).detail})


def _locked(blog_uuid: uuid.UUID, user: AnyUser, *, with_sequels: bool = False) -> Blog:
    # First whether the user sees it, then the lock: the state may change while we wait.
    visible = get_object_or_404(Blog.objects.visible_to(user), uuid=blog_uuid)
    if with_sequels:
        _lock(visible.continued_by.all())
    locked = Blog.objects.select_related("author").select_for_update(of=("self",))
    return get_object_or_404(locked, pk=visible.pk)


def _locked_for_change(blog_uuid: uuid.UUID, user: AnyUser, fields: Iterable[str]) -> Blog:
    blog = _locked(blog_uuid, user)
    if may_change_every_field(user):
        return blog
    if not is_author(blog, user):
        _check_granted(fields, user)
    elif blog.state != State.DRAFT:
        raise api_error(BlogError.NOT_EDITABLE)
    return blog


def _check_granted(fields: Iterable[str], user: AnyUser) -> None:
    granted = fields_granted_to(user)
    if not granted:
        raise api_error(BlogError.NOT_YOURS)
    refused = sorted(set(fields) - granted)
    if refused:
        message = f"You may not change these fields of the blog: {', '.join(refused)}."
        raise api_error(BlogError.FIELD_NOT_YOURS, message)
