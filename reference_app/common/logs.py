"""What every line of the log carries."""

import logging

from common.request_ids import current_request_id


class RequestIdFilter(logging.Filter):
    """Adds the id of the request at work; a dash where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True
