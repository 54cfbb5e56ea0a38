"""Bodies of blogs, comments, tags and covers."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from blog.errors import BlogError
from blog.models import Blog, BlogQuerySet, Comment, CoverImage, Tag
from blog.validators import validate_metadata
from common.errors import field_error
from common.serializers import ChosenFieldsSerializer, StrictSerializer, TextField

# What Pillow calls a format, and the name that its files get.
IMAGE_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
MAX_SIDE = 4096
MAX_TAGS = 10
MAX_DRAFTS = 20


class AuthorSummarySerializer(serializers.Serializer):
    """Who wrote a blog."""

    uuid = serializers.UUIDField()
    pen_name = serializers.CharField()


class TagSerializer(serializers.ModelSerializer):
    """A tag."""

    class Meta:
        model = Tag
        fields = ["slug", "name"]


class TagCloudSerializer(TagSerializer):
    """A tag, and how many blogs have it."""

    blogs_count = serializers.IntegerField(read_only=True)

    class Meta(TagSerializer.Meta):
        fields = [*TagSerializer.Meta.fields, "blogs_count"]


@extend_schema_field(serializers.ListField(child=serializers.SlugField(), max_length=MAX_TAGS))
class TagSlugsField(serializers.ListField):
    """Tags by their slugs, found in one query."""

    child = TextField(max_length=50)

    def to_internal_value(self, data: Any) -> list[Tag]:
        if isinstance(data, list):
            self.run_validators(data)  # their number, before each of them is looked at
        slugs = super().to_internal_value(data)
        tags = {tag.slug: tag for tag in Tag.objects.filter(slug__in=slugs)}
        unknown = sorted(set(slugs) - set(tags))
        if unknown:
            raise field_error(BlogError.UNKNOWN_TAG, f"There is no tag {unknown[0]!r}.")
        return list(tags.values())

    def to_representation(self, data: Any) -> list[str]:
        return [tag.slug for tag in data.all()]


@extend_schema_field(OpenApiTypes.UUID)
class OwnBlogField(serializers.SlugRelatedField):
    """A blog by its uuid: one of those that the user wrote."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="uuid", **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Blog | None:
        if data == "":
            self.fail("invalid")  # It would count as null, as in a form.
        return super().run_validation(data)

    def get_queryset(self) -> BlogQuerySet:
        return Blog.objects.written_by(self.context["request"].user)


@extend_schema_field(OpenApiTypes.OBJECT)
class MetadataField(serializers.JSONField):
    """What a blog says about itself to programs: an object of their choice."""


class BlogSerializer(StrictSerializer, serializers.ModelSerializer):
    """A blog, as it is written and read."""

    title = TextField(max_length=200)
    content = TextField(max_length=100_000, allow_blank=True, required=False)
    tags = TagSlugsField(max_length=MAX_TAGS, required=False)
    metadata = MetadataField(required=False, validators=[validate_metadata])
    continues = OwnBlogField(required=False, allow_null=True)
    author = AuthorSummarySerializer(read_only=True)
    cover = serializers.SerializerMethodField()

    class Meta:
        model = Blog
        fields = [
            "uuid",
            "title",
            "content",
            "tags",
            "metadata",
            "continues",
            "author",
            "cover",
            "state",
            "publish_at",
            "published_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["state", "publish_at", "published_at"]

    def get_cover(self, blog: Blog) -> str | None:
        """Return the address of the picture."""
        cover = getattr(blog, "cover", None)
        return cover.image.url if cover else None


class DraftsSerializer(StrictSerializer):
    """Several drafts at once."""

    blogs = BlogSerializer(many=True, allow_empty=False, max_length=MAX_DRAFTS)


class StatisticsSerializer(serializers.Serializer):
    """How much there is to read."""

    blogs = serializers.IntegerField()
    authors = serializers.IntegerField()
    comments = serializers.IntegerField()


class ListedBlogSerializer(ChosenFieldsSerializer, BlogSerializer):
    """A blog in a list, with all its fields or those that were asked for."""


class LeanBlogSerializer(ChosenFieldsSerializer, serializers.ModelSerializer):
    """A blog in a list of the second version: what a page of headlines shows."""

    author = serializers.CharField(source="author.pen_name", read_only=True)
    tags = TagSlugsField(read_only=True)

    class Meta:
        model = Blog
        fields = ["uuid", "title", "author", "tags", "state", "published_at"]


class ScheduleSerializer(StrictSerializer):
    """When a blog is to be published."""

    publish_at = serializers.DateTimeField()

    def validate_publish_at(self, publish_at: datetime) -> datetime:
        """Refuse a time that is past."""
        if publish_at <= timezone.now():
            raise field_error(BlogError.TIME_IS_PAST)
        return publish_at


class CommentSerializer(StrictSerializer, serializers.ModelSerializer):
    """What a reader says."""

    text = TextField(max_length=2000)
    by = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = Comment
        fields = ["uuid", "text", "by", "created_at"]


class CoverAddressSerializer(serializers.ModelSerializer):
    """Where the picture of a blog is."""

    image = serializers.CharField(source="image.url", read_only=True)

    class Meta:
        model = CoverImage
        fields = ["image"]


class CoverSerializer(StrictSerializer, serializers.ModelSerializer):
    """The picture of a blog."""

    image = serializers.ImageField()

    class Meta:
        model = CoverImage
        fields = ["image"]

    def validate_image(self, image: UploadedFile) -> UploadedFile:
        """Check size, type and sides, and give the file a name of ours."""
        if image.size > settings.MAX_COVER_BYTES:
            raise field_error(
                BlogError.COVER_TOO_LARGE,
                f"The image has {image.size} bytes; {settings.MAX_COVER_BYTES} are allowed.",
            )
        suffix = IMAGE_SUFFIXES.get(image.image.format)
        if suffix is None:
            raise field_error(BlogError.COVER_TYPE)
        if max(image.image.size) > MAX_SIDE:
            raise field_error(
                BlogError.COVER_DIMENSIONS, f"No side may have more than {MAX_SIDE} pixels."
            )
        image.name = f"{uuid.uuid4()}{suffix}"
        return image
