"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, and the devices that they are logged in on."""

    name = "accounts"

    def ready(self) -> None:
        # What they declare counts once they are imported.
        from accounts import receivers, schema  # noqa: F401
