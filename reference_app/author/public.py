"""What other apps may ask of authors."""

from collections.abc import Sequence

from django.db import transaction

from author._cached import invalidate_authors
from author.errors import AuthorError
from author.models import Author
from common.errors import api_error

__all__ = ["AuthorError", "author_of", "create_author", "ensure_authors", "invalidate_authors"]


def create_author(*, user_id: int, pen_name: str) -> Author:
    """Make the profile of a user."""
    return Author.objects.create(user_id=user_id, pen_name=pen_name)


def author_of(user_id: int) -> Author:
    """Return the profile of a user.

    Raises:
        APIException: the user has none.
    """
    author = Author.objects.filter(user_id=user_id).first()
    if author is None:
        raise api_error(AuthorError.NO_PROFILE)
    return author


@transaction.atomic
def ensure_authors(users: Sequence[tuple[int, str]]) -> list[Author]:
    """Return the profiles of these users (id and name), making those that are missing."""
    wanted = [Author(user_id=user_id, pen_name=name) for user_id, name in users]
    Author.objects.bulk_create(wanted, ignore_conflicts=True)
    invalidate_authors()
    return list(Author.objects.filter(user_id__in=[user_id for user_id, _ in users]).order_by("pk"))
