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
