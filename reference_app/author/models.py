"""Authors."""

from django.conf import settings
from django.db import models

from common.models import PublicModel, TimestampedModel


class Author(PublicModel):
    """The public profile of a user."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="author"
    )
    pen_name = models.CharField(max_length=100)
    bio = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["pen_name", "pk"]

    def __str__(self) -> str:
        return self.pen_name


class Follow(TimestampedModel):
    """A user who wants to hear of an author."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="following"
    )
    # By the author's user, so that one row has both users and the database can compare them.
    author = models.ForeignKey(
        Author, to_field="user", on_delete=models.CASCADE, related_name="followers"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["follower", "author"], name="author_follow_once"),
            models.CheckConstraint(
                condition=~models.Q(follower=models.F("author")), name="author_follow_not_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id}: {self.author_id}"


class PublicationNotice(TimestampedModel):
    """The proof that an author was told of a publication: one a blog, however often asked."""

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="notices")
    blog_uuid = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.author_id}: {self.blog_uuid}"


class Delivery(TimestampedModel):
    """A mail to one recipient: made before it is sent, locked while it is, stamped once it was."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class PublicationDelivery(Delivery):
    """The mail that tells a follower of a publication."""

    blog_uuid = models.UUIDField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "publication deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["blog_uuid", "recipient"], name="author_publication_delivery_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.blog_uuid}"


class DigestDelivery(Delivery):
    """The mail that tells a follower what was published in a week."""

    week = models.DateField(help_text="Its Monday.")

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "digest deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["week", "recipient"], name="author_digest_delivery_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.week}"
