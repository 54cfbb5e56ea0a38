"""Endpoints of authors."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from author import _private
from author.errors import AuthorError
from author.models import Author
from author.serializers import AuthorSerializer
from common.errors import CommonError, api_error
from common.schema import raises


class AuthorListView(generics.ListAPIView):
    """Everyone who writes."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = AuthorSerializer
    queryset = Author.objects.none()

    def get_queryset(self) -> QuerySet[Author]:
        return _private.listed_authors()


class AuthorView(generics.RetrieveUpdateAPIView):
    """One author; the profile is changed by its owner."""

    allowed_versions = ("v1",)
    http_method_names = ["get", "patch", "head", "options"]
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = AuthorSerializer
    queryset = Author.objects.none()
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Author]:
        return _private.listed_authors()

    def check_object_permissions(self, request: Request, obj: Author) -> None:
        super().check_object_permissions(request, obj)
        if request.method == "PATCH" and obj.user_id != request.user.pk:
            raise api_error(AuthorError.NOT_YOURS)

    @extend_schema(extensions=raises(CommonError.NOT_AUTHENTICATED, AuthorError.NOT_YOURS))
    def patch(self, request: Request, *args: object, **kwargs: object) -> object:
        """Change one's own profile."""
        return super().patch(request, *args, **kwargs)
