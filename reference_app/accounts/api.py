"""Endpoints of accounts."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.decorators import api_view, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import _jwt, _passwords, _private, _verification, tasks
from accounts.authentication import DeviceTokenAuthentication
from accounts.errors import AccountError
from accounts.models import DeviceToken, User
from accounts.serializers import (
    CredentialsSerializer,
    DeviceSerializer,
    EmailSerializer,
    LoginSerializer,
    MailedTokenSerializer,
    PairSerializer,
    PasswordChangeSerializer,
    PasswordResetSerializer,
    RefreshSerializer,
    RegistrationSerializer,
    TokenSerializer,
    UserSerializer,
)
from common.errors import CommonError
from common.schema import raises
from common.serializers import EmptySerializer
from common.throttling import Scope, limited
from common.versioning import allowed_versions

NEEDS_TOKEN = raises(
    CommonError.NOT_AUTHENTICATED,
    AccountError.TOKEN_INVALID,
    AccountError.TOKEN_EXPIRED,
    AccountError.USER_INACTIVE,
)
BAD_LINK = (AccountError.LINK_INVALID, AccountError.LINK_EXPIRED)
WITH_REFRESH_TOKEN = raises(
    AccountError.TOKEN_INVALID, AccountError.TOKEN_EXPIRED, AccountError.USER_INACTIVE
)


class RegistrationView(APIView):
    """Open an account; an author profile comes with it."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.MAIL)
    # An old token in the header must not stand in the way of a new account or login.
    authentication_classes = []

    @extend_schema(
        request=RegistrationSerializer,
        responses={201: UserSerializer},
        extensions=raises(CommonError.SWITCHED_OFF),
    )
    def post(self, request: Request, version: str) -> Response:
        """Open an account."""
        body = RegistrationSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user = _private.register(**body.validated_data)
        return Response(UserSerializer(user).data, status=status.HTTP_201_CREATED)


class VerificationView(APIView):
    """Proof that an email belongs to the account."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(
        request=MailedTokenSerializer,
        responses={204: None},
        extensions=raises(CommonError.NOT_AUTHENTICATED, AccountError.LINK_OF_ANOTHER, *BAD_LINK),
    )
    def post(self, request: Request, version: str) -> Response:
        """Confirm one's own email with the token that was mailed to it."""
        body = MailedTokenSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        _verification.verify_email(user_id=request.user.pk, **body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class VerificationMailView(APIView):
    """Another mail, where the first one was lost."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.MAIL)
    authentication_classes = []

    @extend_schema(request=EmailSerializer, responses={202: None})
    def post(self, request: Request, version: str) -> Response:
        """Ask for another mail; the answer is the same whether the email has an account or not."""
        body = EmailSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        tasks.mail_verification.delay(body.validated_data["email"])
        return Response(status=status.HTTP_202_ACCEPTED)


class PasswordView(APIView):
    """The user's own password."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL, Scope.LOGIN)

    @extend_schema(request=PasswordChangeSerializer, responses={204: None}, extensions=NEEDS_TOKEN)
    def put(self, request: Request, version: str) -> Response:
        """Change the password; every other device is logged out."""
        body = PasswordChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        keep = request.auth if isinstance(request.auth, DeviceToken) else None
        _passwords.change_password(request.user, keep=keep, **body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordResetView(APIView):
    """A new password for who forgot the old one."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.LOGIN)
    authentication_classes = []

    @extend_schema(
        request=PasswordResetSerializer, responses={204: None}, extensions=raises(*BAD_LINK)
    )
    def post(self, request: Request, version: str) -> Response:
        """Set a new password with the token that was mailed; every device is logged out."""
        body = PasswordResetSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        _passwords.reset_password(**body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordResetMailView(APIView):
    """The mail for who forgot the password."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.MAIL)
    authentication_classes = []

    @extend_schema(request=EmailSerializer, responses={202: None})
    def post(self, request: Request, version: str) -> Response:
        """Ask for the mail; the answer is the same whether the email has an account or not."""
        body = EmailSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        tasks.mail_password_reset.delay(body.validated_data["email"])
        return Response(status=status.HTTP_202_ACCEPTED)


class LoginView(APIView):
    """Exchange email and password for the token of one device."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.LOGIN)
    authentication_classes = []

    @extend_schema(
        request=LoginSerializer,
        responses={201: TokenSerializer},
        extensions=raises(AccountError.WRONG_CREDENTIALS),
    )
    def post(self, request: Request, version: str) -> Response:
        """Log in on a device."""
        body = LoginSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        device, token = _private.log_in(**body.validated_data)
        answer = TokenSerializer.of(device, token)
        return Response(answer.data, status=status.HTTP_201_CREATED)


class JwtView(APIView):
    """Exchange email and password for a pair of JWTs."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL, Scope.LOGIN)
    authentication_classes = []

    @extend_schema(
        request=CredentialsSerializer,
        responses={201: PairSerializer},
        extensions=raises(AccountError.WRONG_CREDENTIALS),
    )
    def post(self, request: Request, version: str) -> Response:
        """Get an access token, and a refresh token for the next one."""
        body = CredentialsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        pair = _jwt.log_in(**body.validated_data)
        return Response(PairSerializer(pair).data, status=status.HTTP_201_CREATED)


class JwtRefreshView(APIView):
    """Exchange a refresh token for the next pair."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL)
    authentication_classes = []

    @extend_schema(
        request=RefreshSerializer, responses={201: PairSerializer}, extensions=WITH_REFRESH_TOKEN
    )
    def post(self, request: Request, version: str) -> Response:
        """Get the next pair; a refresh token works once."""
        body = RefreshSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        pair = _jwt.refresh(**body.validated_data)
        return Response(PairSerializer(pair).data, status=status.HTTP_201_CREATED)


class JwtRevocationView(APIView):
    """Give a refresh token up."""

    allowed_versions = ("v1",)
    permission_classes = [AllowAny]
    throttle_classes = limited(Scope.GENERAL)
    authentication_classes = []

    @extend_schema(request=RefreshSerializer, responses={204: None}, extensions=WITH_REFRESH_TOKEN)
    def post(self, request: Request, version: str) -> Response:
        """Log out: the refresh token works no more; the access token soon expires."""
        body = RefreshSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        _jwt.revoke(**body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class LogoutView(APIView):
    """Log out on this device."""

    allowed_versions = ("v1",)
    # An access token is no login: its refresh token is what to revoke.
    authentication_classes = [DeviceTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(request=EmptySerializer, responses={204: None}, extensions=NEEDS_TOKEN)
    def post(self, request: Request, version: str) -> Response:
        """Log out on this device; the other ones stay logged in."""
        EmptySerializer(data=request.data).is_valid(raise_exception=True)
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(request=EmptySerializer, responses={204: None}, extensions=NEEDS_TOKEN)
@allowed_versions("v1")
@api_view(["POST"])
@permission_classes([IsAuthenticated])
@throttle_classes(limited(Scope.GENERAL))
def logout_everywhere(request: Request, version: str) -> Response:
    """Log out on every device, this one included."""
    EmptySerializer(data=request.data).is_valid(raise_exception=True)
    _private.end_every_login(request.user)
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(extensions=NEEDS_TOKEN)
class DeviceListView(generics.ListAPIView):
    """The devices that the user is logged in on."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = DeviceSerializer
    queryset = DeviceToken.objects.none()

    def get_queryset(self) -> QuerySet[DeviceToken]:
        return _private.devices_of(self.request.user, at=timezone.now())


class DeviceView(APIView):
    """One device that the user is logged in on."""

    allowed_versions = ("v1",)
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)

    @extend_schema(responses={204: None}, extensions=NEEDS_TOKEN)
    def delete(self, request: Request, version: str, uuid: UUID) -> Response:
        """Log out on that device, such as one that was lost."""
        get_object_or_404(request.user.auth_token_set, uuid=uuid).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(extensions=NEEDS_TOKEN)
class MeView(generics.RetrieveUpdateAPIView):
    """The user's own account."""

    allowed_versions = ("v1",)
    http_method_names = ["get", "patch", "head", "options"]
    permission_classes = [IsAuthenticated]
    throttle_classes = limited(Scope.GENERAL)
    serializer_class = UserSerializer

    def get_object(self) -> User:
        return self.request.user
