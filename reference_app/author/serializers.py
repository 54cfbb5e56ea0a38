"""Bodies of authors."""

from rest_framework import serializers

from author.models import Author, Follow
from common.serializers import ChangedFieldsSerializer, TextField


class AuthorSerializer(ChangedFieldsSerializer):
    """The public profile of a user."""

    pen_name = TextField(max_length=100)
    bio = TextField(max_length=2000, allow_blank=True, required=False)
    followers_count = serializers.IntegerField(read_only=True)
    following_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Author
        fields = ["uuid", "pen_name", "bio", "followers_count", "following_count", "created_at"]


class FollowerSerializer(serializers.ModelSerializer):
    """Who follows an author, and since when."""

    name = serializers.CharField(source="follower.name", read_only=True)
    since = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Follow
        fields = ["name", "since"]
