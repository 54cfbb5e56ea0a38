"""Asserts which mails went out, and shows what did go out where it was another."""

from collections import Counter

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils.module_loading import import_string

# Django's own, where a mailer names none.
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


def assert_mailed(to: str, *, subject: str = "", body: str = "") -> EmailMessage:
    """Check that exactly one mail went to an address.

    Args:
        to: the address, among those of To, Cc and Bcc.
        subject: what the mail's subject has to contain; of others to the same address, nothing is
            asked.
        body: what its text has to contain.

    Returns:
        The mail.

    Raises:
        AssertionError: there is no such mail, or more than one, or mails are not captured.
    """
    sent = _sent()
    found = [
        letter
        for letter in sent
        if to in letter.recipients() and subject in letter.subject and body in letter.body
    ]
    if len(found) == 1:
        return found[0]
    asked = {"subject": subject, "body": body}
    parts = "".join(f", {text!r} in its {name}" for name, text in asked.items() if text)
    raise AssertionError(
        f"{len(found) or 'No'} mail(s) to {to}{parts}; one is expected.\n{_told()}"
    )


def assert_mailed_to(*addresses: str) -> None:
    """Check that these addresses got one mail each, and nobody else one.

    Args:
        addresses: in any order; who is to get two mails is named twice.

    Raises:
        AssertionError: somebody got too few or too many, or mails are not captured.
    """
    got = Counter(address for letter in _sent() for address in letter.recipients())
    expected = Counter(addresses)
    if got == expected:
        return
    lines = [f"  without a mail: {address}" for address in (expected - got).elements()]
    lines += [f"  not expected:   {address}" for address in (got - expected).elements()]
    raise AssertionError("\n".join(["Mails went to others than expected.", *lines, _told()]))


def assert_nothing_mailed() -> None:
    """Check that no mail went out.

    Raises:
        AssertionError: one did, or mails are not captured.
    """
    assert_mailed_to()


def _sent() -> list[EmailMessage]:
    """Return what went out since the test began.

    Raises:
        AssertionError: nothing is captured, so that nothing would be found out.
    """
    for setting, backend in _backends().items():
        if not issubclass(import_string(backend), EmailBackend):
            raise AssertionError(
                f"{setting} is {backend}, which leaves no mail in mail.outbox. "
                "Take Django's locmem backend, or one that derives from it, in this test."
            )
    outbox: list[EmailMessage] = mail.outbox
    return outbox


def _backends() -> dict[str, str]:
    """Return the backends of all mailers, by the settings that name them."""
    # Django 6.1 brings MAILERS. Beside it EMAIL_BACKEND is an error, without it a warning to
    # whoever asks `settings` itself.
    mailers = getattr(settings, "MAILERS", None)
    if mailers is None:
        return {"EMAIL_BACKEND": settings._wrapped.EMAIL_BACKEND}
    return {
        f"MAILERS[{alias!r}]['BACKEND']": mailer.get("BACKEND", _SMTP)
        for alias, mailer in mailers.items()
    }


def _told() -> str:
    """Return what went out, a line each."""
    lines = [
        f"  to {', '.join(letter.recipients())}: {letter.subject!r}, {_beginning(letter.body)}"
        for letter in mail.outbox
    ]
    return "\n".join(["Sent:", *lines]) if lines else "Nothing was sent."


def _beginning(body: str) -> str:
    text = " ".join(body.split())
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
