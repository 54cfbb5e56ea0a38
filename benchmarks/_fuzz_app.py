"""The app that is fuzzed: in this process, on a database of its own, the same for each case."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from quality_harness.gate import CouldNotRun

DATABASE = "test_fuzz"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@contextmanager
def fuzzed_app() -> Iterator[Application]:
    """Make the database, and give the WSGI application; afterwards the database is dropped."""
    from django.conf import settings
    from django.core.signals import request_finished, request_started
    from django.db import OperationalError, close_old_connections
    from django.test.utils import (
        override_settings,
        setup_databases,
        setup_test_environment,
        teardown_databases,
        teardown_test_environment,
    )

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = DATABASE
    # Providers that are offered; no generated login gets as far as asking one.
    providers = {
        name: {**provider, "client_id": "fuzz", "client_secret": "fuzz"}
        for name, provider in settings.SOCIAL_PROVIDERS.items()
    }
    setup_test_environment(debug=False)
    # Inside the transaction around each request they would close the connection.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        databases = setup_databases(verbosity=0, interactive=False)
    except OperationalError as error:
        raise CouldNotRun(f"No database could be made: {error}") from error
    try:
        with override_settings(SOCIAL_PROVIDERS=providers, THROTTLE_RATES=_unreached(settings)):
            from config.wsgi import application

            yield _forgetful(application)
    finally:
        teardown_databases(databases, verbosity=0)
        teardown_test_environment()


def _unreached(settings: Any) -> dict[str, dict[str, str]]:
    """Return rates that no run reaches."""
    return {scope: {"anonymous": "1000000/minute"} for scope in settings.THROTTLE_RATES}


def _forgetful(application: Application) -> Application:
    """Return the application without a memory: what a request wrote is rolled back.

    A deleted blog would be a 404 from then on. What waits for the commit happens all the same.
    """
    from django.db import transaction
    from django.test import TestCase

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with transaction.atomic():
            with TestCase.captureOnCommitCallbacks(execute=True):
                response = application(environ, start_response)
                body = b"".join(response)
                getattr(response, "close", lambda: None)()
            transaction.set_rollback(True)
        return [body]

    return answer
