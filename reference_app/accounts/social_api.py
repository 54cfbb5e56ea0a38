"""Endpoints of logins with an account elsewhere."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import _social
from accounts.errors import AccountError
from accounts.serializers import (
    SocialBeginningSerializer,
    SocialLoginSerializer,
    TokenSerializer,
)
from common.errors import CommonError
from common.schema import raises
from common.serializers import EmptySerializer
from common.throttling import Scope, limited


class SocialBeginningView(APIView):
    """Begin a login with Google or GitHub."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.LOGIN)
    authentication_classes = []

    @extend_schema(request=EmptySerializer, responses={201: SocialBeginningSerializer})
    def post(self, request: Request, version: str, provider: str) -> Response:
        """Get the address to send the user to, and what to send back with the code.

        The client keeps `flow` for itself, such as in the session storage of the browser. The
        provider sends the user to the page `/social/{provider}` of the front end, with a code
        and a state in the address.
        """
        EmptySerializer(data=request.data).is_valid(raise_exception=True)
        beginning = _social.begin(provider)
        answer = SocialBeginningSerializer(beginning)
        return Response(answer.data, status=status.HTTP_201_CREATED)


class SocialLoginView(APIView):
    """End a login with Google or GitHub."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.LOGIN)
    authentication_classes = []

    @extend_schema(
        request=SocialLoginSerializer,
        responses={201: TokenSerializer},
        extensions=raises(
            AccountError.SOCIAL_FLOW_INVALID,
            AccountError.SOCIAL_REFUSED,
            AccountError.SOCIAL_UNAVAILABLE,
            AccountError.SOCIAL_EMAIL_UNVERIFIED,
            AccountError.USER_INACTIVE,
            CommonError.SWITCHED_OFF,
        ),
    )
    def post(self, request: Request, version: str, provider: str) -> Response:
        """Log in on a device; who has no account gets one."""
        body = SocialLoginSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        device, token = _social.finish(provider, **body.validated_data)
        answer = TokenSerializer.of(device, token)
        return Response(answer.data, status=status.HTTP_201_CREATED)
