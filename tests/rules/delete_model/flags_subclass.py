from django.db.migrations import Migration as Base
from django.db.migrations import operations


class DropQuietly(operations.DeleteModel):
    """Says nothing about itself."""

    def describe(self):
        return ""


class Migration(Base):
    operations = [DropQuietly("Comment")]
