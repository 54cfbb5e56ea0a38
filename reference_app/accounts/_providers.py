"""Talks to the services that log people in: Google and GitHub, by OAuth 2 with PKCE."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from requests import RequestException
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from accounts.errors import AccountError
from common.errors import api_error
from common.logs import log


@dataclass(frozen=True)
class Identity:
    """Whom a provider says to have logged in.

    Attributes:
        subject: the provider's own name of the user, which never changes.
        email: empty where the provider shows none.
        email_verified: whether the provider has proof that the email is the user's.
    """

    provider: str
    subject: str
    email: str
    email_verified: bool
    name: str


class IdentitySerializer(serializers.Serializer):
    """What a provider may tell us: it ends up in the database."""

    subject = serializers.CharField(max_length=255)
    email = serializers.EmailField(max_length=254, allow_blank=True)
    email_verified = serializers.BooleanField()
    name = serializers.CharField(max_length=100, allow_blank=True)

    def validate_email(self, email: str) -> str:
        """Refuse letters whose lower case PostgreSQL and Python disagree on."""
        if not email.isascii():
            raise serializers.ValidationError(AccountError.EMAIL_NOT_ASCII.message)
        return email


def authorization_url(provider: str, *, state: str, verifier: str) -> str:
    """Return the page of a provider where the user agrees to log in.

    Raises:
        NotFound: there is no such provider, or it is not configured.
    """
    with _session(provider) as session:
        url, _ = session.create_authorization_url(
            settings.SOCIAL_PROVIDERS[provider]["authorization_url"],
            state=state,
            code_verifier=verifier,
        )
    return url


def fetch_identity(provider: str, *, code: str, verifier: str) -> Identity:
    """Exchange the code of a login for who it was that logged in.

    Raises:
        NotFound: there is no such provider, or it is not configured.
        APIException: the provider refuses the code, or does not answer as it should.
    """
    with _session(provider) as session:
        try:
            session.fetch_token(
                settings.SOCIAL_PROVIDERS[provider]["token_url"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            )
        except OAuthError as error:
            _warn("A provider refuses the code of a login.", provider, error.error)
            raise api_error(AccountError.SOCIAL_REFUSED) from error
        except (RequestException, ValueError) as error:
            raise _unavailable(provider, error) from error
        try:
            return Identity(provider, **_checked(READERS[provider](session)))
        except (
            OAuthError,
            RequestException,
            serializers.ValidationError,
            AttributeError,
            KeyError,
            TypeError,
        ) as error:
            raise _unavailable(provider, error) from error


def _session(provider: str) -> OAuth2Session:
    options = settings.SOCIAL_PROVIDERS.get(provider)
    if options is None or not (options["client_id"] and options["client_secret"]):
        raise NotFound()
    return OAuth2Session(
        options["client_id"],
        options["client_secret"],
        scope=options["scope"],
        redirect_uri=f"{settings.FRONTEND_URL}/social/{provider}",
        code_challenge_method="S256",
        default_timeout=settings.SOCIAL_TIMEOUT,
    )


def _google(session: OAuth2Session) -> dict[str, Any]:
    profile = _get(session, settings.SOCIAL_PROVIDERS["google"]["profile_url"])
    return {
        "subject": profile["sub"],
        "email": profile.get("email") or "",
        "email_verified": profile.get("email_verified", False),
        "name": profile.get("name"),
    }


def _github(session: OAuth2Session) -> dict[str, Any]:
    options = settings.SOCIAL_PROVIDERS["github"]
    profile = _get(session, options["profile_url"])
    # The email of the profile is the one shown to everyone, verified or not.
    emails = _get(session, options["emails_url"])
    primary: dict[str, Any] = next((row for row in emails if row["primary"]), {})
    return {
        "subject": profile["id"],
        "email": primary.get("email", ""),
        "email_verified": primary.get("verified", False),
        "name": profile.get("name") or profile["login"],
    }


READERS: dict[str, Callable[[OAuth2Session], dict[str, Any]]] = {
    "google": _google,
    "github": _github,
}


def _get(session: OAuth2Session, url: str) -> Any:
    response = session.get(url, headers={"Accept": "application/json"})
    response.raise_for_status()
    return response.json()


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    answer["name"] = (answer["name"] or "")[:100]
    serializer = IdentitySerializer(data=answer)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _unavailable(provider: str, error: Exception) -> Exception:
    _warn("A provider does not answer as it should.", provider, repr(error))
    return api_error(AccountError.SOCIAL_UNAVAILABLE)


def _warn(message: str, provider: str, error: str) -> None:
    log(__name__, logging.WARNING, message, provider=provider, error=error)
