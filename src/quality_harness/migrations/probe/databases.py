"""Databases that the probe makes, recognises and drops; it touches no others."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db.backends.postgresql.base import Database

POSTGRES = "django.db.backends.postgresql"
# The key is that of an advisory lock, which its owner holds for as long as it lives.
_NAME = re.compile(r"quality_harness_probe_([0-9a-f]{8})_[0-9]{10}_[0-9]+")
_PATTERN = r"quality\_harness\_probe\_%"
_LOCK_CLASS = 0x51_48
_PATIENCE = 5.0
# How often it is asked whether a closed connection has ended.
_LOOKS = 50


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
    """A PostgreSQL server on which databases are made and dropped; it connects on first use."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._key = random.SystemRandom().getrandbits(31)
        self._made: list[str] = []
        self._control: Any = None

    def name(self) -> str:
        """Return the name of the database that is made next."""
        return f"quality_harness_probe_{self._key:08x}_{time.time():.0f}_{len(self._made)}"

    def make(self, name: str = "", template: str = "template1") -> str:
        """Make a database and return its name.

        Args:
            name: what `name` has returned.
            template: a database that nobody is connected to.
        """
        name = name or self.name()
        self._made.append(name)
        # Copying the files is quicker than logging each page; before 15 there was no choice.
        strategy = " STRATEGY FILE_COPY" if self._version() >= 150000 else ""
        self._wait_for_backends(template)
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}')
        return name

    def drop(self, name: str) -> None:
        """Drop a database that this server object has made."""
        if name in self._made:
            self._wait_for_backends(name)
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._made.remove(name)

    def number(self, name: str) -> int | None:
        """Return what tells a database from another one of its name; None where there is none."""
        self._run("SELECT oid FROM pg_database WHERE datname = %s", (name,))
        found = self._cursor.fetchone()
        return found and int(found[0])

    def drop_leftovers(self) -> None:
        """Drop the databases of probes that were killed."""
        self._run("SELECT datname FROM pg_database WHERE datname LIKE %s", (_PATTERN,))
        for (name,) in self._cursor.fetchall():
            match = _NAME.fullmatch(name)
            if match and not self._lives(int(match[1], 16)):
                with suppress(Database.Error):
                    self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Drop what was made, also where the connection has been lost meanwhile."""
        for name in list(self._made):
            with suppress(Database.Error):
                try:
                    self.drop(name)
                except Database.Error:
                    self._connect(_PATIENCE)
                    self.drop(name)
        if self._control is not None:
            self._control.close()

    def _wait_for_backends(self, name: str) -> None:
        """Wait for what served connections that were closed a moment ago.

        PostgreSQL does so as well, and looks once in a tenth of a second.
        """
        for _ in range(_LOOKS):
            self._run("SELECT 1 FROM pg_stat_activity WHERE datname = %s LIMIT 1", (name,))
            if self._cursor.fetchone() is None:
                return
            time.sleep(0.001)

    def _version(self) -> int:
        self._run("SHOW server_version_num")
        return int(self._cursor.fetchone()[0])

    def _lives(self, key: int) -> bool:
        """Whether a probe holds the lock; pg_locks shows those of all databases."""
        self._run(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objid = %s AND objsubid = 2",
            (_LOCK_CLASS, key),
        )
        return bool(self._cursor.fetchone()[0])

    def _connect(self, patience: float = 0.0) -> None:
        names = dict.fromkeys(["postgres", unquote(urlsplit(self.url).path.lstrip("/"))])
        deadline = time.monotonic() + patience
        while True:
            for name in filter(None, names):
                try:
                    self._control = Database.connect(**_parameters(self.url, name))
                except Database.OperationalError as error:
                    problem = error
                else:
                    self._control.autocommit = True
                    self._run("SELECT pg_advisory_lock(%s, %s)", (_LOCK_CLASS, self._key))
                    return
            if time.monotonic() >= deadline:
                raise problem
            time.sleep(0.1)

    def _run(self, sql: str, parameters: tuple[object, ...] | None = None) -> None:
        if self._control is None:
            self._connect()
        self._cursor = self._control.cursor()
        self._cursor.execute(sql, parameters)


def _parameters(url: str, name: str) -> dict[str, Any]:
    found = settings_of(url, name)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = {key: found[setting] for key, setting in names.items() if found[setting]}
    return {"dbname": name, **given, **found["OPTIONS"]}


@contextmanager
def serving(url: str) -> Iterator[Server]:
    """Give a server; drop in every case what is made on it."""
    server = Server(url)
    try:
        server.drop_leftovers()
        yield server
    finally:
        server.close()


def empty(cursor: Any) -> None:
    """Drop everything in one of the probe's own databases.

    Raises:
        ValueError: the database is another one.
    """
    cursor.execute("SELECT current_database()")
    if not _NAME.fullmatch(cursor.fetchone()[0]):
        raise ValueError("Only a database of the probe may be emptied.")
    cursor.execute(
        "SELECT string_agg(format('DROP SCHEMA %I CASCADE', nspname), '; ') FROM pg_namespace"
        " WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'"
    )
    cursor.execute(f"{cursor.fetchone()[0] or 'SELECT 1'}; CREATE SCHEMA public")
