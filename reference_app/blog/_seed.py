"""Makes rows in bulk, the same ones every time."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction

from accounts import public as accounts
from author import public as authors
from blog._cached import invalidate_blogs
from blog.models import Blog, BlogTag, State, Tag

AUTHORS = 10
BATCH = 500
NAMESPACE = uuid.UUID("0b1e4cfd-6d2e-5f0c-9f0d-3f6f7d1c2a55")
FIRST_PUBLICATION = datetime(2025, 1, 1, tzinfo=UTC)
PARAGRAPH = "What changed, why it matters, and how to try it on a small project of your own. "


def seed_blogs(count: int) -> Iterator[tuple[int, int]]:
    """Make the first `count` blogs of an endless row of them.

    Yields:
        after each batch, how many were added by it, and how far the row has come.
    """
    if not count:
        return
    author_ids = _author_ids()
    tag_ids = list(Tag.objects.order_by("slug").values_list("pk", flat=True))
    for start in range(0, count, BATCH):
        stop = min(start + BATCH, count)
        yield _seed_batch(range(start, stop), author_ids, tag_ids), stop


def _author_ids() -> list[int]:
    people = [
        (f"author-{number}@seed.example.com", f"Author {number}") for number in range(AUTHORS)
    ]
    users = accounts.ensure_users(people)
    profiles = authors.ensure_authors([(user.pk, user.name) for user in users])
    return [author.pk for author in profiles]


@transaction.atomic
def _seed_batch(numbers: range, author_ids: list[int], tag_ids: list[int]) -> int:
    blogs = {uuid.uuid5(NAMESPACE, str(number)): number for number in numbers}
    before = set(Blog.objects.filter(uuid__in=blogs).values_list("uuid", flat=True))
    made = Blog.objects.bulk_create(
        [
            Blog(
                uuid=identifier,
                author_id=author_ids[number % len(author_ids)],
                title=f"Blog {number}",
                content=PARAGRAPH * (1 + number % 20),
                state=State.PUBLISHED,
                published_at=FIRST_PUBLICATION + timedelta(minutes=number),
            )
            for identifier, number in blogs.items()
            if identifier not in before
        ]
    )
    BlogTag.objects.bulk_create(
        BlogTag(blog=blog, tag_id=tag_ids[(blogs[blog.uuid] + step) % len(tag_ids)])
        for blog in made
        for step in range(2)
    )
    invalidate_blogs()
    return len(made)
