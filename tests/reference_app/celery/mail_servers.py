"""Mail servers that do not do what they should."""

from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPRecipientsRefused
from unittest import mock

from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings

from quality_harness.testing.eager_tasks import eager_tasks

CHOOSY = f"{__name__}.ChoosyBackend"


class ChoosyBackend(EmailBackend):
    """A mail server that refuses an address a number of times."""

    refusals: dict[str, int] = {}
    error: Exception | None = None

    def send_messages(self, messages) -> int:
        for message in messages:
            for address in message.to:
                if self.refusals.get(address, 0):
                    self.refusals[address] -= 1
                    raise self.error or SMTPRecipientsRefused({address: (550, b"no")})
        return super().send_messages(messages)


@contextmanager
def refusing(refusals: dict[str, int], error: Exception | None = None) -> Iterator[None]:
    """Let a mail server refuse addresses, and tasks try again as a worker lets them."""
    with (
        eager_tasks(propagate=False),
        override_settings(EMAIL_BACKEND=CHOOSY),
        mock.patch.multiple(ChoosyBackend, refusals=dict(refusals), error=error),
    ):
        yield
