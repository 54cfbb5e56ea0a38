"""Users and the tokens of their devices."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from knox.models import AbstractAuthToken

from common.models import PublicModel, TimestampedModel


class UserManager(BaseUserManager["User"]):
    """Makes users; the email is kept in lower case, so that one address is one account."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password, one that cannot log in.

        Raises:
            ValueError: the email is empty.
        """
        if not email:
            raise ValueError("A user needs an email.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user who may do everything; `manage.py createsuperuser` calls this."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(PublicModel, AbstractBaseUser, PermissionsMixin):
    """A person, known by an email."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Goes up when the user logs out everywhere: no JWT made before is good any more.
    login_generation = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Until when the user has paid for wider limits.
    subscribed_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_subscriber(self) -> bool:
        """Whether the user has paid for wider limits."""
        return self.subscribed_until is not None and self.subscribed_until > timezone.now()

    def get_session_auth_hash(self) -> str:
        """Return what changes when the sessions of the user are to end: tokens end so, too."""
        return f"{super().get_session_auth_hash()}.{self.login_generation}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the same under each earlier SECRET_KEY."""
        for earlier in super().get_session_auth_fallback_hash():
            yield f"{earlier}.{self.login_generation}"

    def clean(self) -> None:
        """Bring a form's email into the one spelling that is kept."""
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)


class DeviceToken(PublicModel, AbstractAuthToken):
    """A login on one device. Only the token's hash is kept; it is the key."""

    device = models.CharField(max_length=100)

    class Meta:
        ordering = ["-created_at", "digest"]

    def __str__(self) -> str:
        return self.device


class SpentToken(TimestampedModel):
    """A refresh token that was used or revoked; kept until it would have expired anyway."""

    jti = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="spent_tokens")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.jti)


class SocialAccount(TimestampedModel):
    """An account elsewhere that logs its owner in here."""

    provider = models.CharField(max_length=20)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="social_accounts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "subject"], name="accounts_socialaccount_is_one_users"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.subject}"
