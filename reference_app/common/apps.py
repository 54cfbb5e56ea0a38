"""The common app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """What every other app builds upon."""

    name = "common"

    def ready(self) -> None:
        from common import receivers  # noqa: F401  (connects them)
        from common.throttling.rates import check_settings

        check_settings()
