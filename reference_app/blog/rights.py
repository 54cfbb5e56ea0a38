"""Who may change which part of a blog that somebody else wrote."""

from blog.states import AnyUser

FIELD_PERMISSIONS = {
    "title": "blog.change_blog_title",
    "content": "blog.change_blog_content",
}


def may_change_every_field(user: AnyUser) -> bool:
    """Whether this user may change all of every blog."""
    return user.has_perm("blog.change_blog")


def fields_granted_to(user: AnyUser) -> set[str]:
    """Return the fields that this user may change one by one, in whatever state a blog is.

    Not in one's own: what an author changes goes through a review again.
    """
    return {field for field, name in FIELD_PERMISSIONS.items() if user.has_perm(name)}
