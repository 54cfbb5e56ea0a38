"""Databases that the probe makes, recognises and drops; it touches no others."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import Error, OperationalError
from django.db.utils import load_backend

POSTGRES = "django.db.backends.postgresql"
# The key is that of an advisory lock, which its owner holds for as long as it lives.
_NAME = re.compile(r"quality_harness_probe_([0-9a-f]{8})_[0-9]{10}_[0-9]+")
_PATTERN = r"quality\_harness\_probe\_%"
_LOCK_CLASS = 0x51_48
_PATIENCE = 5.0


def settings_of(url: str, name: str, engine: str = POSTGRES) -> dict[str, Any]:
    """Return Django's settings for the database `name` on the server of `url`."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": engine,
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "TIME_ZONE": None,
        "TEST": {},
    }


class Server:
    """A PostgreSQL server on which databases are made and dropped."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._key = random.SystemRandom().getrandbits(31)
        self._made: list[str] = []
        self._control = self._connect()
        self._run("SELECT pg_advisory_lock(%s, %s)", (_LOCK_CLASS, self._key))

    def make(self, template: str = "template1") -> str:
        """Make a database and return its name.

        Args:
            template: a database that nobody is connected to.
        """
        name = f"quality_harness_probe_{self._key:08x}_{time.time():.0f}_{len(self._made)}"
        self._made.append(name)
        # Copying the files is quicker than logging each page; before 15 there was no choice.
        strategy = " STRATEGY FILE_COPY" if self._control.pg_version >= 150000 else ""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}')
        return name

    def drop(self, name: str) -> None:
        """Drop a database that this server object has made."""
        if name in self._made:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._made.remove(name)

    def drop_leftovers(self) -> None:
        """Drop the databases of probes that were killed."""
        self._run("SELECT datname FROM pg_database WHERE datname LIKE %s", (_PATTERN,))
        for (name,) in self._cursor.fetchall():
            match = _NAME.fullmatch(name)
            if match and not self._lives(int(match[1], 16)):
                with suppress(Error):
                    self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Drop what was made, also where the connection has been lost meanwhile."""
        for name in list(self._made):
            with suppress(Error):
                try:
                    self.drop(name)
                except Error:
                    self._control.close()
                    self._control = self._connect(_PATIENCE)
                    self.drop(name)
        self._control.close()

    def _lives(self, key: int) -> bool:
        """Whether a probe holds the lock; pg_locks shows those of all databases."""
        self._run(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objid = %s AND objsubid = 2",
            (_LOCK_CLASS, key),
        )
        return bool(self._cursor.fetchone()[0])

    def _connect(self, patience: float = 0.0) -> Any:
        backend = load_backend(POSTGRES)
        names = dict.fromkeys(["postgres", unquote(urlsplit(self.url).path.lstrip("/"))])
        deadline = time.monotonic() + patience
        while True:
            for name in filter(None, names):
                control = backend.DatabaseWrapper(settings_of(self.url, name), "probe_control")
                try:
                    control.connect()
                    return control
                except OperationalError as error:
                    problem = error
            if time.monotonic() >= deadline:
                raise problem
            time.sleep(0.1)

    def _run(self, sql: str, parameters: tuple[object, ...] | None = None) -> None:
        self._cursor = self._control.cursor()
        self._cursor.execute(sql, parameters)


@contextmanager
def serving(url: str) -> Iterator[Server]:
    """Give a server; drop in every case what is made on it."""
    server = Server(url)
    try:
        server.drop_leftovers()
        yield server
    finally:
        server.close()
