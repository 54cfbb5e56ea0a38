"""How gunicorn serves: `gunicorn --config config/gunicorn.py config.wsgi`."""

import os
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from common.logs import JsonLineFormatter


class JsonLogger(Logger):
    """Writes the lines of gunicorn as the app writes its own; one for each request."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(JsonLineFormatter())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        headers = {name.lower(): value for name, value in resp.headers}
        self.access_log.info(
            "Request answered.",
            extra={
                "request_id": headers.get("x-request-id"),
                "method": environ["REQUEST_METHOD"],
                "path": environ["PATH_INFO"],
                "query": environ["QUERY_STRING"],
                "status": int(str(resp.status).split()[0]),
                "bytes": resp.sent,
                "milliseconds": request_time // timedelta(milliseconds=1),
                "client": environ["REMOTE_ADDR"],
            },
        )


bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
# Each worker and thread holds a connection to the database.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))

# A worker is replaced now and then, so that a leak stays small; not all of them at once.
max_requests = 2000
max_requests_jitter = 400

# A worker that is silent for so long is killed; statements of the database give up earlier.
timeout = 60
graceful_timeout = 30
# Longer than a load balancer keeps an idle connection (60 seconds, mostly): else it may send a
# request just as the connection is closed.
keepalive = 75
# Heartbeats on a disk block a worker while the disk is busy.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# Nobody steers it while it runs, and the socket for that wants a folder that may be written.
control_socket_disable = True

logger_class = JsonLogger
accesslog = "-"
errorlog = "-"
