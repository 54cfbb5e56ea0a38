"""Endpoints of blogs."""

import hashlib
import json
import re
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.permissions import AllowAny, IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from author import public as authors
from blog import _cached, _private, conditions
from blog.errors import BlogError
from blog.filters import BlogFilter, OrderedBlogFilter
from blog.models import Blog, Comment, State, Tag
from blog.serializers import (
    BlogSerializer,
    DraftsSerializer,
    LeanBlogSerializer,
    ListedBlogSerializer,
    ScheduleSerializer,
    StatisticsSerializer,
    TagCloudSerializer,
    TagSerializer,
)
from common.asynchronous import AsyncAPIView
from common.caching import SharedReads
from common.errors import CommonError, api_error
from common.pagination import CursorPages
from common.schema import CHOSEN_FIELDS, raises
from common.serializers import EmptySerializer
from common.throttling import Scope, limited

IDEMPOTENCY_KEY_FORM = re.compile("[A-Za-z0-9_-]{1,100}")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    pattern=f"^{IDEMPOTENCY_KEY_FORM.pattern}$",
    description="A name for this creation: sent again with the same body, it makes nothing new.",
)


class TagListView(SharedReads, generics.ListAPIView):
    """Every tag that a blog can have."""

    shared_parameters = ("page", "page_size")
    shared_tags = staticmethod(_cached.tags_of_tags)
    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = TagSerializer
    queryset = Tag.objects.all()


class TagCloudView(SharedReads, generics.ListAPIView):
    """The tags of what everyone may read, each with how many blogs have it."""

    shared_parameters = ("page", "page_size")
    shared_tags = staticmethod(_cached.tags_of_cloud)
    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = TagCloudSerializer
    queryset = Tag.objects.in_use()


@extend_schema_view(get=extend_schema(parameters=[CHOSEN_FIELDS]))
class BlogListView(SharedReads, generics.ListAPIView):
    """The blogs that the user may read: what is published, and one's own."""

    shared_parameters = ("page", "page_size", "ordering", "tag")
    shared_tags = staticmethod(_cached.tags_of_lists)
    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = limited(Scope.GENERAL, searching=Scope.SEARCH)
    serializer_class = ListedBlogSerializer
    filterset_class = OrderedBlogFilter
    queryset = Blog.objects.none()

    def get_queryset(self) -> QuerySet[Blog]:
        return visible_blogs(self.request)

    @extend_schema(
        request=BlogSerializer,
        responses={201: BlogSerializer},
        parameters=[IDEMPOTENCY_KEY],
        extensions=raises(
            CommonError.NOT_AUTHENTICATED,
            authors.AuthorError.NO_PROFILE,
            BlogError.KEY_TAKEN,
            BlogError.KEY_INVALID,
        ),
    )
    def post(self, request: Request, version: str) -> Response:
        """Begin a draft; with an Idempotency-Key, one draft however often it is asked for."""
        author = authors.author_of(request.user.pk)
        body = BlogSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        fields = {"author_id": author.pk, **body.validated_data}
        key = request.headers.get("Idempotency-Key")
        if key is None:
            blog = _private.create_blog(**fields)
        else:
            blog = _private.create_blog_once(
                user_id=request.user.pk,
                key=valid_key(key),
                fingerprint=fingerprint(request.data),
                **fields,
            )
        return blog_response(request, blog.uuid, status.HTTP_201_CREATED)


class DraftsView(APIView):
    """Drafts, several at once."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(
        request=DraftsSerializer,
        responses={201: DraftsSerializer},
        extensions=raises(CommonError.NOT_AUTHENTICATED, authors.AuthorError.NO_PROFILE),
    )
    def post(self, request: Request, version: str) -> Response:
        """Begin several drafts, all of them or none."""
        author = authors.author_of(request.user.pk)
        body = DraftsSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = _private.create_blogs(author_id=author.pk, drafts=body.validated_data["blogs"])
        blogs = Blog.objects.with_relations().filter(pk__in=[blog.pk for blog in made])
        answer = DraftsSerializer({"blogs": blogs.order_by("pk")})
        return Response(answer.data, status=status.HTTP_201_CREATED)


class StatisticsView(AsyncAPIView):
    """How much there is to read."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(responses=StatisticsSerializer)
    async def get(self, request: Request, version: str) -> Response:
        """Count what everyone may read."""
        numbers = await Blog.objects.published().aaggregate(
            blogs=Count("pk"), authors=Count("author", distinct=True)
        )
        comments = await Comment.objects.filter(blog__state=State.PUBLISHED).acount()
        return Response(StatisticsSerializer({**numbers, "comments": comments}).data)


@extend_schema_view(get=extend_schema(parameters=[CHOSEN_FIELDS]))
class LeanBlogListView(SharedReads, generics.ListAPIView):
    """The blogs that the user may read, the newest first: made for scrolling on and on."""

    shared_parameters = ("cursor", "page_size", "tag")
    shared_tags = staticmethod(_cached.tags_of_lists)
    allowed_versions = ("v2",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, searching=Scope.SEARCH)
    serializer_class = LeanBlogSerializer
    pagination_class = CursorPages
    filterset_class = BlogFilter
    queryset = Blog.objects.none()

    def get_queryset(self) -> QuerySet[Blog]:
        visible = Blog.objects.visible_to(self.request.user)
        return visible.select_related("author").prefetch_related("tags")


class BlogView(SharedReads, APIView):
    """One blog."""

    shared_tags = staticmethod(_cached.tags_of_page)
    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(
        parameters=[conditions.IF_NONE_MATCH], responses={200: BlogSerializer, 304: None}
    )
    def get(self, request: Request, version: str, uuid: UUID) -> Response:
        """Read a blog, where it is not what the caller knows already."""
        response = blog_response(request, uuid)
        if conditions.is_known(request, response["ETag"]):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": response["ETag"]})
        return response

    @extend_schema(
        parameters=[conditions.IF_MATCH],
        request=BlogSerializer,
        responses=BlogSerializer,
        extensions=raises(
            CommonError.NOT_AUTHENTICATED,
            BlogError.NOT_YOURS,
            BlogError.FIELD_NOT_YOURS,
            BlogError.NOT_EDITABLE,
            BlogError.CHANGED_MEANWHILE,
        ),
    )
    def patch(self, request: Request, version: str, uuid: UUID) -> Response:
        """Change a draft of one's own, or of any blog the fields that one's permissions name."""
        body = BlogSerializer(data=request.data, partial=True, context={"request": request})
        body.is_valid(raise_exception=True)
        _private.edit_blog(
            blog_uuid=uuid,
            user=request.user,
            check=lambda blog: conditions.check_match(request, blog),
            **body.validated_data,
        )
        return blog_response(request, uuid)

    @extend_schema(
        parameters=[conditions.IF_MATCH],
        responses={204: None},
        extensions=raises(
            CommonError.NOT_AUTHENTICATED, BlogError.NOT_YOURS, BlogError.CHANGED_MEANWHILE
        ),
    )
    def delete(self, request: Request, version: str, uuid: UUID) -> Response:
        """Delete a blog of one's own."""
        _private.delete_blog(
            blog_uuid=uuid,
            user=request.user,
            check=lambda blog: conditions.check_match(request, blog),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class TransitionView(APIView):
    """Move a blog on; each route names its transition."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)
    action = ""

    @extend_schema(
        request=EmptySerializer,
        responses=BlogSerializer,
        extensions=raises(
            CommonError.NOT_AUTHENTICATED,
            BlogError.NOT_ALLOWED,
            BlogError.ILLEGAL_TRANSITION,
            BlogError.INCOMPLETE,
            BlogError.DAY_IS_FULL,
        ),
    )
    def post(self, request: Request, version: str, uuid: UUID) -> Response:
        """Move a blog on, where its state and the user's role allow it."""
        EmptySerializer(data=request.data).is_valid(raise_exception=True)
        blog = _private.move_blog(blog_uuid=uuid, action=self.action, user=request.user)
        return moved_response(blog)


class PublicationView(TransitionView):
    """Publish a blog, which is told to everyone who follows its author."""

    throttle_classes = limited(Scope.GENERAL, Scope.PUBLICATION)
    action = "publish"


class ScheduleView(APIView):
    """When a blog is to be published."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL, Scope.PUBLICATION)

    @extend_schema(
        request=ScheduleSerializer,
        responses=BlogSerializer,
        extensions=raises(
            CommonError.NOT_AUTHENTICATED, BlogError.NOT_ALLOWED, BlogError.ILLEGAL_TRANSITION
        ),
    )
    def post(self, request: Request, version: str, uuid: UUID) -> Response:
        """Have a reviewed blog published at a later time, in place of the one it had."""
        body = ScheduleSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        blog = _private.move_blog(
            blog_uuid=uuid, action="schedule", user=request.user, **body.validated_data
        )
        return moved_response(blog)


def visible_blogs(request: Request) -> QuerySet[Blog]:
    """Return the blogs that the user may read, with what an answer shows."""
    return Blog.objects.visible_to(request.user).with_relations()


def moved_response(blog: Blog) -> Response:
    """Answer with a blog that was moved on."""
    # Read without asking again who may see it: a rejected draft is its author's alone.
    blog = Blog.objects.with_relations().get(pk=blog.pk)
    return Response(BlogSerializer(blog).data)


def blog_response(request: Request, uuid: UUID, code: int = status.HTTP_200_OK) -> Response:
    """Answer with a blog as it is now."""
    blog = get_object_or_404(visible_blogs(request), uuid=uuid)
    return Response(BlogSerializer(blog).data, status=code, headers={"ETag": conditions.etag(blog)})


def valid_key(key: str) -> str:
    """Return an Idempotency-Key that can be kept.

    Raises:
        APIException: it cannot.
    """
    if not IDEMPOTENCY_KEY_FORM.fullmatch(key):
        raise api_error(BlogError.KEY_INVALID)
    return key


def fingerprint(body: Any) -> str:
    """Return the same text for the same JSON, in whatever order its fields came."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
