"""Reports errors to Sentry, where SENTRY_DSN names one."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration

from common.redaction import redact
from common.request_ids import current_request_id


def start(dsn: str, **options: Any) -> None:
    """Report every error that nobody handles, and every line of the log that is an error.

    The SDK reads SENTRY_ENVIRONMENT and SENTRY_RELEASE from the environment by itself.

    Args:
        dsn: the address that Sentry gives a project.
        options: more for `sentry_sdk.init`.
    """
    sentry_sdk.init(
        dsn=dsn,
        integrations=[DjangoIntegration(), CeleryIntegration()],
        auto_enabling_integrations=False,
        # Bodies and local variables are none of Sentry's business; nor are users, which stay out
        # as long as send_default_pii is not set.
        max_request_body_size="never",
        include_local_variables=False,
        before_send=prepare,
        **options,
    )


def prepare(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return an event without secrets, and with the id that finds its lines in the log."""
    event["tags"] = {**event.get("tags", {}), "request_id": current_request_id()}
    return redact(event)
