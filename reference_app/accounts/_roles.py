"""Who may do what: the groups that people are put into."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

EDITORS = "Content Editor"
SUPPORT = "Support Agent"

# Permissions by name, as `user.has_perm` takes them: other apps are not imported here.
ROLES = {
    EDITORS: (
        "blog.review_blog",
        "blog.view_blog",
        "blog.view_comment",
        "blog.change_blog_title",
        "blog.change_blog_content",
    ),
    SUPPORT: (
        "accounts.view_user",
        "accounts.view_devicetoken",
        "accounts.delete_devicetoken",
        "blog.view_blog",
        "blog.view_comment",
        "blog.delete_comment",
        "blog.change_blog_title",
    ),
}


@transaction.atomic
def make_roles() -> list[str]:
    """Make the groups and give them their permissions; what else they may do stays.

    A permission that is not in the database is left out: the next run after its migration
    adds it.

    Returns:
        the permissions that are not there, in alphabetical order.
    """
    known = _permissions({name for names in ROLES.values() for name in names})
    missing: set[str] = set()
    for role, names in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(*[known[name] for name in names if name in known])
        missing |= set(names) - set(known)
    return sorted(missing)


def _permissions(names: set[str]) -> dict[str, Permission]:
    wanted = Q()
    for name in sorted(names):
        app_label, _, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    found = Permission.objects.filter(wanted).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in found}
