"""What a line of the log looks like.

Every line that the app writes goes through `log`:

    log(__name__, logging.WARNING, "A flag is off.", flag=flag.value)

The ids of the request and of the user stand on every line by themselves, and secrets are taken
out of every line, tracebacks included.
"""

import logging
import sys
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS, merge_record_extra
from pythonjsonlogger.json import JsonFormatter

from common.redaction import redact, redact_named, redact_text
from common.request_ids import current_request_id, current_user_id

# Django gives its lines the request itself, and its development server the connection.
_NOT_DATA = {*RESERVED_ATTRS, "taskName", "request", "server_time", "request_id", "user_id"}


def log(logger: str, level: int, message: str, /, **data: Any) -> None:
    """Write a line; an error that is written while an exception is handled has its traceback.

    Args:
        logger: the module that says it: `__name__`.
        level: such as `logging.WARNING`.
        message: a fixed sentence, so that lines of one kind can be counted.
        data: what differs from line to line.
    """
    traceback = level >= logging.ERROR and sys.exception()
    logging.getLogger(logger).log(level, message, exc_info=traceback, extra=data, stacklevel=2)


class ContextFilter(logging.Filter):
    """Adds the ids of the request at work and of its user; None where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or None
        record.user_id = current_user_id()
        return True


class PlainFormatter(logging.Formatter):
    """A line for a person at a terminal, what differs at its end: `flag=registrations`."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime} {levelname} {name} [{request_id} {user_id}] {message}",
            style="{",
            defaults={"request_id": None, "user_id": None},
        )

    def formatMessage(self, record: logging.LogRecord) -> str:
        data = merge_record_extra(record, {}, reserved=_NOT_DATA)
        pairs = (f" {name}={redact_named(name, value)}" for name, value in data.items())
        # Strangers wrote some of it: nothing in there begins a line of its own.
        return super().formatMessage(record) + " ".join("".join(pairs).splitlines())

    def format(self, record: logging.LogRecord) -> str:
        return redact_text(super().format(record))


class JsonLineFormatter(JsonFormatter):
    """A line for a program: one JSON object."""

    def __init__(self) -> None:
        super().__init__(
            ("levelname", "name", "message", "request_id", "user_id"),
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
            reserved_attrs=_NOT_DATA,
            timestamp="time",
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        time = log_data.pop("time").isoformat(timespec="milliseconds")
        return {"time": time, **redact(log_data)}
