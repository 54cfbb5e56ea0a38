"""What the health page asks for beside database and cache.

Names and messages are read by everyone: neither says where a service is.
"""

import shutil
from datetime import timedelta
from pathlib import Path

import celery
from django import db
from django.conf import settings
from django.db.migrations.executor import MigrationExecutor
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

MEGABYTE = 1024 * 1024
CONNECT_SECONDS = 5


class Broker(HealthCheck):
    """Whether a request can start a task."""

    def run(self) -> None:
        try:
            with celery.current_app.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, interval_start=0)
        except OperationalError as error:
            raise ServiceUnavailable("no connection") from error


class Migrations(HealthCheck):
    """Whether the tables are as far as the code; a database that is ahead is no fault."""

    def run(self) -> None:
        try:
            with db.connection.temporary_connection():
                executor = MigrationExecutor(db.connection)
                plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except db.Error as error:
            raise ServiceUnavailable("unknown without the database") from error
        if plan:
            raise ServiceUnavailable(f"{len(plan)} not applied, the first one is {plan[0][0]}")


class Disk(HealthCheck):
    """Whether there is room for uploaded files."""

    def run(self) -> None:
        folder = Path(settings.MEDIA_ROOT)
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(existing).free // MEGABYTE
        if free < settings.HEALTH_FREE_DISK_MB:
            raise ServiceUnavailable(f"{free} MB free, {settings.HEALTH_FREE_DISK_MB} are needed")


class Worker(HealthCheck):
    """Whether each queue has a worker that answers in time; they may share the queues out."""

    def __init__(self, app: celery.Celery, seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        # The workers have all of that time, the page some more.
        self.timeout = timedelta(seconds=seconds + CONNECT_SECONDS)

    def run(self) -> None:
        try:
            answers = self.app.control.inspect(timeout=self.seconds).active_queues() or {}
        except (OperationalError, RedisError) as error:
            raise ServiceUnavailable("no connection") from error
        if not answers:
            raise ServiceUnavailable("no worker answers")
        served = {queue["name"] for queues in answers.values() for queue in queues}
        if idle := sorted(set(self.app.amqp.queues) - served):
            raise ServiceUnavailable(f"no worker for {', '.join(idle)}")

    def __repr__(self) -> str:
        return "Worker()"
