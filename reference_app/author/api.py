"""Endpoints of authors."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from author import _cached, _private
from author.errors import AuthorError
from author.models import Author, Follow
from author.serializers import AuthorSerializer, FollowerSerializer
from common.caching import SharedReads
from common.errors import CommonError, api_error
from common.schema import raises
from common.serializers import EmptySerializer
from common.throttling import Scope, limited


class AuthorListView(SharedReads, generics.ListAPIView):
    """Everyone who writes."""

    shared_parameters = ("page", "page_size")
    shared_tags = staticmethod(_cached.tags_of_pages)
    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = AuthorSerializer
    queryset = Author.objects.none()

    def get_queryset(self) -> QuerySet[Author]:
        return _private.listed_authors_with_counts()


class AuthorView(SharedReads, generics.RetrieveUpdateAPIView):
    """One author; the profile is changed by its owner."""

    shared_tags = staticmethod(_cached.tags_of_pages)
    allowed_versions = ("v1",)
    http_method_names = ["get", "patch", "head", "options"]
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = AuthorSerializer
    queryset = Author.objects.none()
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Author]:
        return _private.listed_authors_with_counts()

    def check_object_permissions(self, request: Request, obj: Author) -> None:
        super().check_object_permissions(request, obj)
        if request.method == "PATCH" and obj.user_id != request.user.pk:
            raise api_error(AuthorError.NOT_YOURS)

    @extend_schema(extensions=raises(CommonError.NOT_AUTHENTICATED, AuthorError.NOT_YOURS))
    def patch(self, request: Request, *args: object, **kwargs: object) -> object:
        """Change one's own profile."""
        return super().patch(request, *args, **kwargs)


class FollowView(APIView):
    """Whether one follows an author."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(
        request=EmptySerializer,
        responses={204: None},
        extensions=raises(CommonError.NOT_AUTHENTICATED, AuthorError.OWN_FOLLOWER),
    )
    def put(self, request: Request, version: str, uuid: UUID) -> Response:
        """Follow an author, or go on doing so."""
        EmptySerializer(data=request.data).is_valid(raise_exception=True)
        _private.follow(author_uuid=uuid, follower_id=request.user.pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None}, extensions=raises(CommonError.NOT_AUTHENTICATED))
    def delete(self, request: Request, version: str, uuid: UUID) -> Response:
        """Follow an author no more."""
        _private.unfollow(author_uuid=uuid, follower_id=request.user.pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FollowerListView(generics.ListAPIView):
    """Who follows an author, the newest first."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = FollowerSerializer
    queryset = Follow.objects.none()

    def get_queryset(self) -> QuerySet[Follow]:
        author = get_object_or_404(_private.listed_authors(), uuid=self.kwargs["uuid"])
        return _private.followers_of(author)


class FollowingListView(generics.ListAPIView):
    """The authors that an author follows."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = AuthorSerializer
    queryset = Author.objects.none()

    def get_queryset(self) -> QuerySet[Author]:
        author = get_object_or_404(_private.listed_authors(), uuid=self.kwargs["uuid"])
        return _private.followed_by(author)
