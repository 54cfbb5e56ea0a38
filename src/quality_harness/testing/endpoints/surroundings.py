"""What would only make requests slow, or refuse them for another reason than who sends them."""

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

from django.conf import settings
from django.test import override_settings

# It takes no time; a hash that is good takes a quarter of a second.
HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"


@contextmanager
def cheap() -> Iterator[None]:
    """Hash passwords in no time, log nothing, and let the REST framework throttle nobody."""
    # Those of the project stay: the seed may have made passwords with them.
    hashers = [HASHER, *(each for each in settings.PASSWORD_HASHERS if each != HASHER)]
    with ExitStack() as stack:
        stack.enter_context(override_settings(PASSWORD_HASHERS=hashers))
        stack.enter_context(_logging_off())
        views = sys.modules.get("rest_framework.views")
        if views:
            stack.enter_context(mock.patch.object(views.APIView, "check_throttles", _let_pass))
        yield


@contextmanager
def _logging_off() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _let_pass(view: object, request: object) -> None:
    """Throttle nobody: a 429 says nothing about who may."""
