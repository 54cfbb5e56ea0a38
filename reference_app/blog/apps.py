"""The blog app."""

from django.apps import AppConfig


class BlogConfig(AppConfig):
    """Blogs, from draft to publication, and what people say about them."""

    name = "blog"

    def ready(self) -> None:
        from blog import receivers  # noqa: F401  (connects them)
