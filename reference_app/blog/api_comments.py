"""Endpoints of what hangs on a blog: its comments and its picture."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blog import _private
from blog.errors import BlogError
from blog.models import Blog, Comment
from blog.serializers import CommentSerializer, CoverAddressSerializer, CoverSerializer
from common.errors import CommonError
from common.pagination import LimitOffsetPages
from common.schema import raises
from common.throttling import Scope, limited

MAY_NOT_CHANGE = raises(
    CommonError.NOT_AUTHENTICATED,
    BlogError.NOT_YOURS,
    BlogError.FIELD_NOT_YOURS,
    BlogError.NOT_EDITABLE,
)


class CommentListView(generics.ListAPIView):
    """What readers say about a blog."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = limited(Scope.GENERAL, writing=Scope.COMMENTS)
    serializer_class = CommentSerializer
    pagination_class = LimitOffsetPages
    queryset = Comment.objects.none()

    def get_queryset(self) -> QuerySet[Comment]:
        blog = get_object_or_404(
            Blog.objects.visible_to(self.request.user), uuid=self.kwargs["uuid"]
        )
        return blog.comments.select_related("user")

    @extend_schema(
        request=CommentSerializer,
        responses={201: CommentSerializer},
        extensions=raises(CommonError.NOT_AUTHENTICATED, BlogError.NOT_PUBLISHED),
    )
    def post(self, request: Request, version: str, uuid: UUID) -> Response:
        """Comment on a published blog."""
        body = CommentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        comment = _private.add_comment(blog_uuid=uuid, user=request.user, **body.validated_data)
        return Response(CommentSerializer(comment).data, status=status.HTTP_201_CREATED)


class CommentView(APIView):
    """One comment."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(
        responses={204: None},
        extensions=raises(CommonError.NOT_AUTHENTICATED, BlogError.COMMENT_NOT_YOURS),
    )
    def delete(self, request: Request, version: str, uuid: UUID, comment_uuid: UUID) -> Response:
        """Delete a comment of one's own, or any on one's own blog."""
        _private.delete_comment(blog_uuid=uuid, comment_uuid=comment_uuid, user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CoverView(APIView):
    """The picture of a blog."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)
    parser_classes = [MultiPartParser]

    @extend_schema(
        request=CoverSerializer, responses=CoverAddressSerializer, extensions=MAY_NOT_CHANGE
    )
    def put(self, request: Request, version: str, uuid: UUID) -> Response:
        """Give a draft of one's own its picture, in place of the one it had."""
        body = CoverSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        cover = _private.set_cover(blog_uuid=uuid, user=request.user, **body.validated_data)
        return Response(CoverAddressSerializer(cover).data)

    @extend_schema(responses={204: None}, extensions=MAY_NOT_CHANGE)
    def delete(self, request: Request, version: str, uuid: UUID) -> Response:
        """Take the picture of a draft of one's own away."""
        _private.remove_cover(blog_uuid=uuid, user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
