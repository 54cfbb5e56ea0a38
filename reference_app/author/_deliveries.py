"""Mails to many: whom they go to, and how each goes out once.

What a mail server took cannot be undone with the transaction: a worker that dies between the
two sends that one mail again, under the same Message-ID, by which it is known as a duplicate.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from author.models import Delivery, DigestDelivery, Follow, PublicationDelivery, PublicationNotice
from blog import public as blogs

# How many mails one task sends: few enough to be done within its time limit.
CHUNK = 50

Sent = TypeVar("Sent", bound=Delivery)


def in_chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Split ids into what one task takes each."""
    rest = iter(ids)
    return iter(lambda: list(islice(rest, CHUNK)), [])


def followers_to_tell(blog: blogs.Blog) -> QuerySet[Follow]:
    """Return who followed the author when the blog was published and has no mail about it yet."""
    told = PublicationDelivery.objects.filter(blog_uuid=blog.uuid)
    follows = Follow.objects.filter(
        author__pk=blog.author_id, created_at__lte=blog.published_at, follower__is_active=True
    )
    return follows.filter(_missing(told)).order_by("follower_id")


def not_told_to_all(published: QuerySet[blogs.Blog]) -> QuerySet[blogs.Blog]:
    """Return those of some blogs that have followers to tell."""
    told = PublicationDelivery.objects.filter(blog_uuid=OuterRef(OuterRef("uuid")))
    follows = Follow.objects.filter(
        author__pk=OuterRef("author_id"),
        created_at__lte=OuterRef("published_at"),
        follower__is_active=True,
    )
    return published.filter(Exists(follows.filter(_missing(told))))


def not_told_to_author(published: QuerySet[blogs.Blog]) -> QuerySet[blogs.Blog]:
    """Return those of some blogs whose author has no mail about it yet."""
    told = PublicationNotice.objects.filter(blog_uuid=OuterRef("uuid"))
    return published.filter(~Exists(told))


def mail_followers(blog: blogs.Blog, follower_ids: Sequence[int]) -> None:
    """Tell these followers of a publication, but those who were told or follow no more.

    Raises:
        OSError: the mail server took not all of the mails; the others are out.
        UnicodeError: only those are not out whose address no mail can have.
    """
    follows = followers_to_tell(blog).filter(follower__in=follower_ids)
    still = list(follows.values_list("follower", flat=True))
    PublicationDelivery.objects.bulk_create(
        [PublicationDelivery(blog_uuid=blog.uuid, recipient_id=pk) for pk in still],
        ignore_conflicts=True,
    )
    _deliver_all(
        PublicationDelivery.objects.filter(blog_uuid=blog.uuid, recipient__in=still),
        lambda delivery: _publication_letter(delivery, blog),
    )


def readers_of(week: date) -> QuerySet[Follow]:
    """Return who follows an author that published in a week and has no digest of it yet."""
    sent = DigestDelivery.objects.filter(week=week)
    follows = Follow.objects.filter(
        author__blogs__in=_published_in(week).order_by(), follower__is_active=True
    )
    return follows.filter(_missing(sent)).order_by("follower_id").distinct("follower_id")


def mail_digests(week: date, reader_ids: Sequence[int]) -> None:
    """Send these readers what the authors that they follow published in a week, once.

    Raises:
        OSError: the mail server took not all of the mails; the others are out.
        UnicodeError: only those are not out whose address no mail can have.
    """
    titles: defaultdict[int, list[str]] = defaultdict(list)
    read = _published_in(week).filter(
        author__followers__follower__in=reader_ids, author__followers__follower__is_active=True
    )
    for pk, title in read.values_list("author__followers__follower", "title"):
        titles[pk].append(title)
    DigestDelivery.objects.bulk_create(
        [DigestDelivery(week=week, recipient_id=pk) for pk in titles], ignore_conflicts=True
    )
    _deliver_all(
        DigestDelivery.objects.filter(week=week, recipient__in=titles),
        lambda delivery: _digest_letter(delivery, titles[delivery.recipient_id]),
    )


def _missing(deliveries: QuerySet[Sent]) -> Exists:
    sent = deliveries.filter(recipient=OuterRef("follower"), sent_at__isnull=False)
    return ~Exists(sent)


def _published_in(week: date) -> QuerySet[blogs.Blog]:
    begin = datetime.combine(week, time(), tzinfo=UTC)
    return blogs.published_between(begin, begin + timedelta(days=7))


def _publication_letter(delivery: PublicationDelivery, blog: blogs.Blog) -> EmailMessage:
    return _letter(
        delivery,
        name=f"publication.{blog.uuid}",
        subject=f"{blog.author.pen_name} published a blog",
        body=f"{blog.author.pen_name} published “{blog.title}”.",
    )


def _digest_letter(delivery: DigestDelivery, titles: Sequence[str]) -> EmailMessage:
    return _letter(
        delivery,
        name=f"digest.{delivery.week}",
        subject=f"New blogs in the week of {delivery.week}",
        body="\n".join(f"- “{title}”" for title in titles),
    )


def _letter(delivery: Delivery, *, name: str, subject: str, body: str) -> EmailMessage:
    recipient = delivery.recipient
    host = settings.DEFAULT_FROM_EMAIL.rstrip(">").rpartition("@")[2]
    return EmailMessage(
        # A title or a name can have line breaks, a header cannot.
        subject=" ".join(subject.split()),
        body=f"Hello {recipient.name},\n\n{body}\n",
        to=[recipient.email],
        headers={"Message-ID": f"<{name}.{recipient.uuid}@{host}>"},
    )


def _deliver_all(deliveries: QuerySet[Sent], write: Callable[[Sent], EmailMessage]) -> None:
    refused: list[Exception] = []
    unsent = deliveries.filter(sent_at=None).order_by("pk")
    for pk in list(unsent.values_list("pk", flat=True)):
        try:
            _deliver(deliveries.filter(pk=pk), write)
        # One address that is refused, or that no mail can have, keeps no mail from the others.
        except (OSError, UnicodeError) as error:
            refused.append(error)
    # Before one that another try would not mend.
    for error in sorted(refused, key=lambda error: isinstance(error, UnicodeError)):
        raise error


@transaction.atomic
def _deliver(row: QuerySet[Sent], write: Callable[[Sent], EmailMessage]) -> None:
    # Who holds the lock is sending this mail now.
    unsent = row.filter(sent_at=None).select_related("recipient")
    delivery = unsent.select_for_update(of=("self",), skip_locked=True).first()
    if delivery is not None:
        write(delivery).send()
        delivery.sent_at = timezone.now()
        delivery.save(update_fields=["sent_at", "updated_at"])
