"""Bodies of accounts."""

from typing import Any, Self

from rest_framework import serializers

from accounts import _passwords, _private
from accounts.errors import AccountError
from accounts.models import DeviceToken, User
from common.errors import field_error
from common.serializers import ChangedFieldsSerializer, StrictSerializer, TextField


class LowerCaseEmailField(TextField, serializers.EmailField):
    """An email in the one spelling that is kept."""

    def to_internal_value(self, data: Any) -> str:
        return User.objects.normalize_email(super().to_internal_value(data))


class EmailSerializer(StrictSerializer):
    """An email that may have an account or not."""

    email = LowerCaseEmailField(max_length=254)


class MailedTokenSerializer(StrictSerializer):
    """The token of a link in a mail."""

    token = TextField(max_length=500)


class PasswordResetSerializer(MailedTokenSerializer):
    """A new password, by the link of a mail."""

    password = TextField(max_length=128, trim_whitespace=False, write_only=True)


class PasswordChangeSerializer(StrictSerializer):
    """A new password, by the old one."""

    old_password = TextField(max_length=128, trim_whitespace=False, write_only=True)
    password = TextField(max_length=128, trim_whitespace=False, write_only=True)


class RegistrationSerializer(StrictSerializer):
    """A new account."""

    email = LowerCaseEmailField(max_length=254)
    password = TextField(max_length=128, trim_whitespace=False, write_only=True)
    name = TextField(max_length=100)

    def validate_email(self, email: str) -> str:
        # PostgreSQL and Python disagree on the lower case of some other letters.
        if not email.isascii():
            raise field_error(AccountError.EMAIL_NOT_ASCII)
        _private.refuse_taken_email(email)
        return email

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """Check the password against the name and email, too."""
        user = User(email=attrs["email"], name=attrs["name"])
        _passwords.refuse_weak_password(attrs["password"], user)
        return attrs


class CredentialsSerializer(StrictSerializer):
    """Email and password."""

    email = LowerCaseEmailField(max_length=254)
    password = TextField(max_length=128, trim_whitespace=False, write_only=True)


class LoginSerializer(CredentialsSerializer):
    """Email, password, and what to call the device."""

    device = TextField(max_length=100, default="unnamed")


class RefreshSerializer(StrictSerializer):
    """The refresh token of a pair."""

    refresh = TextField(max_length=2000)


class PairSerializer(serializers.Serializer):
    """A pair of JWTs."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class TokenSerializer(serializers.Serializer):
    """A login: the only time that the token is shown."""

    token = serializers.CharField()
    device = serializers.CharField()
    uuid = serializers.UUIDField()
    expiry = serializers.DateTimeField()

    @classmethod
    def of(cls, device: DeviceToken, token: str) -> Self:
        """Return the serializer of a login on a device."""
        return cls(
            {
                "token": token,
                "device": device.device,
                "uuid": device.uuid,
                "expiry": device.expiry,
            }
        )


class SocialBeginningSerializer(serializers.Serializer):
    """A login elsewhere that has begun."""

    authorization_url = serializers.URLField()
    flow = serializers.CharField()


class SocialLoginSerializer(StrictSerializer):
    """What the provider's address brought back, and what was kept meanwhile."""

    code = TextField(max_length=2000)
    state = TextField(max_length=200)
    flow = TextField(max_length=1000)
    device = TextField(max_length=100, default="unnamed")


class UserSerializer(ChangedFieldsSerializer):
    """An account, to its owner."""

    name = TextField(max_length=100)

    class Meta:
        model = User
        fields = ["uuid", "email", "email_verified_at", "name", "created_at"]
        read_only_fields = ["email"]


class DeviceSerializer(serializers.ModelSerializer):
    """A device that the user is logged in on."""

    current = serializers.SerializerMethodField()

    class Meta:
        model = DeviceToken
        fields = ["uuid", "device", "created_at", "expiry", "current"]

    def get_current(self, device: DeviceToken) -> bool:
        """Whether this very request comes from the device."""
        return device == self.context["request"].auth
