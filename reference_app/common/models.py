"""What the models of every app share."""

import uuid

from django.db import models


class TimestampedModel(models.Model):
    """A row that knows when it was made and when it last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class PublicModel(TimestampedModel):
    """A row with an address: the key stays inside, the uuid is what the API shows."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class FeatureFlag(TimestampedModel):
    """A switch that was thrown; which there are, and how they stand without a row: `flags.Flag`."""

    name = models.CharField(max_length=50, unique=True)
    enabled = models.BooleanField()
    note = models.CharField(max_length=200, blank=True, help_text="Why, and until when.")

    def __str__(self) -> str:
        return f"{self.name}: {'on' if self.enabled else 'off'}"


class CacheEpoch(models.Model):
    """How often the cache could not be told of a change, in one row: `common.caching.epochs`."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
