"""Runs the app with New Relic's agent, and prints what the agent would send.

In a process of its own: the agent changes Django and Celery for good. It is in its developer mode,
which never uses the network.
"""

import io
import json
import sys
from unittest import mock
from wsgiref.util import setup_testing_defaults

from celery.exceptions import Retry

from config import celery_app
from config.wsgi import application

EMAIL = "ann@example.com"
SECRET = "hunter2hunter2"


def fail(password: str = SECRET, **body: str) -> None:
    """Fail as a driver does that names its address."""
    raise ValueError(f"no answer from redis://:{password}@cache/0")


def send_request() -> None:
    """Send a request full of secrets to a view that fails."""
    body = json.dumps({"email": EMAIL, "password": SECRET, "device": "Phone"}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/accounts/login/",
        "QUERY_STRING": f"token={SECRET}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "a.example.com",
        "HTTP_AUTHORIZATION": f"Token {SECRET}",
        "HTTP_COOKIE": f"sessionid={SECRET}",
        "HTTP_REFERER": f"https://a.example.com/{SECRET}",
        "HTTP_USER_AGENT": SECRET,
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "https",
    }
    setup_testing_defaults(environ)
    # Without a store that counts requests, nobody may log in.
    admitting = mock.patch("common.throttling.views.ScopeThrottle.allow_request", return_value=True)
    with admitting, mock.patch("accounts._private.log_in", fail):
        answer = application(environ, lambda status, headers: None)
    b"".join(answer)
    answer.close()


def run_task(error: Exception) -> None:
    """Run a task that fails."""
    task = celery_app.tasks["accounts.tasks.mail_password_reset"]
    with mock.patch("accounts._passwords.mail_password_reset", side_effect=error):
        task.apply(args=[SECRET], throw=False)


def main() -> None:
    """Print the errors, and all the data as text."""
    if "newrelic" not in sys.modules:
        print(json.dumps(None))
        return
    from newrelic import agent
    from newrelic.core.agent import agent_instance

    application = agent.register_application(timeout=10)
    send_request()
    run_task(ValueError(f"no answer from redis://:{SECRET}@cache/0"))
    run_task(Retry(SECRET))
    found = agent_instance().application(application.name)._stats_engine
    events = [*found.error_events, *found.transaction_events, *found.span_events, *found.log_events]
    errors = found.error_data()
    print(
        json.dumps(
            {
                "errors": [[error.path, error.type] for error in errors],
                "text": repr([errors, events]),
            }
        )
    )


if __name__ == "__main__":
    main()
