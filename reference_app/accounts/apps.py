"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, and the devices that they are logged in on."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import schema  # noqa: F401  (drf-spectacular finds it once imported)
