"""Bodies of authors."""

from author.models import Author
from common.serializers import ChangedFieldsSerializer, TextField


class AuthorSerializer(ChangedFieldsSerializer):
    """The public profile of a user."""

    pen_name = TextField(max_length=100)
    bio = TextField(max_length=2000, allow_blank=True, required=False)

    class Meta:
        model = Author
        fields = ["uuid", "pen_name", "bio", "created_at"]
