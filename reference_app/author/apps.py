"""The author app."""

from django.apps import AppConfig


class AuthorConfig(AppConfig):
    """The public side of people who write."""

    name = "author"

    def ready(self) -> None:
        from author import receivers  # noqa: F401  (connects them)
