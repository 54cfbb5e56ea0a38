"""A PostgreSQL server on which test databases and their templates are made, copied and dropped.

A template is known by its name, and to be whole by its comment. A test database carries in its
name the key of an advisory lock, which its owner holds for as long as it lives: a database whose
lock nobody holds belonged to a run that was killed, and the next run drops it.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import NO_DB_ALIAS

from quality_harness.gate import CouldNotRun
from quality_harness.testing.clock import true_time
from quality_harness.testing.settings import TABLE

TEMPLATE = "quality_harness_template_"
MARK = "_quality_harness_"
KEPT_DAYS = 7
KEPT_TEMPLATES = 4

_NAME_BYTES = 63
_COPY = re.compile(MARK + r"([0-9a-f]{8})_[0-9]+(?:_[0-9]+)?$")
_PATTERN = r"%quality\_harness\_%"
_WHOLE = re.compile(r"whole; last used on (\d{4}-\d\d-\d\d)")
_OWNERS, _TEMPLATES = 0x51_49, 0x51_4A
_NO_TEMPLATE, _NO_RIGHT = "3D000", "42501"
# A project's own limits must not end the wait for another run that builds the template.
_BEGIN = """
    SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0;
    SELECT pg_advisory_lock({}, {})
"""


class TemplateIsGone(Exception):
    """The template was dropped between a look at it and its copy."""


class Server:
    """One connection to a server, kept open while databases made over it are in use."""

    def __init__(self, connection: Any) -> None:
        """Take the server and the role of a Django connection; connect on first use."""
        self._likeness = connection
        self._connection: Any = None
        self.key = random.SystemRandom().getrandbits(31)
        self._made: list[str] = []

    @property
    def place(self) -> str:
        """Who connects where, for messages."""
        settings = self._likeness.settings_dict
        where = settings["HOST"] or "the local socket"
        return f"the role {settings['USER'] or 'of this user'!r} on {where}"

    @property
    def version(self) -> int:
        """The server's version, such as 180004."""
        self._connect()
        return int(self._connection.pg_version)

    def is_whole(self, template: str) -> bool:
        """Whether a template is there and was finished."""
        return _WHOLE.fullmatch(self._comment(template)) is not None

    @contextmanager
    def locked(self, key: int, *, shared: bool) -> Iterator[None]:
        """Keep others from building the templates of `key`; shared, from dropping them only."""
        kind = "_shared" if shared else ""
        self._run(f"SELECT pg_advisory_lock{kind}(%s, %s)", [_TEMPLATES, key])
        try:
            yield
        finally:
            # Where the connection is lost, the server has freed the lock.
            with suppress(DatabaseError):
                self._run(f"SELECT pg_advisory_unlock{kind}(%s, %s)", [_TEMPLATES, key])

    def make(self, name: str, suffix: str = "") -> None:
        """Make an empty database.

        Args:
            name: its name.
            suffix: what Django adds to the statement.

        Raises:
            CouldNotRun: the role may not make databases.
        """
        self._create(f'CREATE DATABASE "{name}" {suffix}')

    def copy(self, template: str, name: str) -> None:
        """Make a test database from a template.

        Raises:
            CouldNotRun: the role may not make databases.
            TemplateIsGone: there is no such template any more.
        """
        self._made.append(name)
        self._create(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{self._strategy()}')

    def finish(self, template: str) -> None:
        """Mark a template as whole, and keep everybody from connecting to it."""
        self._run(f'ALTER DATABASE "{template}" ALLOW_CONNECTIONS false')
        self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template]
        )
        self.use(template)

    def use(self, template: str) -> None:
        """Note that a template is used today."""
        used = f"whole; last used on {today().isoformat()}"
        if self._comment(template) != used:
            self._run(f"COMMENT ON DATABASE \"{template}\" IS '{used}'")

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it; connect anew where need be."""
        try:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except DatabaseError:
            self._connection.close()
            self._connection = None
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if name in self._made:
            self._made.remove(name)
            if not self._made:
                self.close()

    def drop_leftovers(self) -> None:
        """Drop the test databases of runs that were killed."""
        for name, _ in self._databases():
            match = _COPY.search(name)
            if match and not self._lives(int(match[1], 16)):
                with suppress(DatabaseError):
                    self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def drop_old_templates(self, project: str) -> None:
        """Drop templates that nobody needs: unfinished ones, old ones, more than enough.

        Args:
            project: how the names of the project's templates begin.
        """
        oldest = today() - timedelta(days=KEPT_DAYS)
        last_used: dict[str, date] = {}
        for name, comment in self._databases():
            if name.startswith(TEMPLATE):
                whole = _WHOLE.fullmatch(comment or "")
                last_used[name] = date.fromisoformat(whole[1]) if whole else date.min
        # A stable sort: of those used on one day, the newest one comes last.
        own = sorted(
            (name for name in last_used if name.startswith(project)), key=last_used.__getitem__
        )
        keys = list(dict.fromkeys(map(lock_key, own)))[:-KEPT_TEMPLATES]
        for name, day in last_used.items():
            if day < oldest or (name.startswith(project) and lock_key(name) in keys):
                self._drop_unused(name)

    def close(self) -> None:
        """Drop what is left of what was copied, and disconnect, which frees every lock."""
        for name in list(self._made):
            self._made.remove(name)
            with suppress(DatabaseError):
                self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _comment(self, name: str) -> str:
        self._run(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        row = self._cursor.fetchone()
        return (row and row[0]) or ""

    def _databases(self) -> list[tuple[str, str | None]]:
        self._run(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname LIKE %s ORDER BY oid",
            [_PATTERN],
        )
        return list(self._cursor.fetchall())

    def _drop_unused(self, template: str) -> None:
        self._run("SELECT pg_try_advisory_lock(%s, %s)", [_TEMPLATES, lock_key(template)])
        if self._cursor.fetchone()[0]:
            with suppress(DatabaseError):
                self._run(f'DROP DATABASE IF EXISTS "{template}"')
            self._run("SELECT pg_advisory_unlock(%s, %s)", [_TEMPLATES, lock_key(template)])

    def _lives(self, key: int) -> bool:
        """Whether a run holds the lock; pg_locks shows those of all databases."""
        self._run(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objid = %s AND objsubid = 2",
            [_OWNERS, key],
        )
        return bool(self._cursor.fetchone()[0])

    def _strategy(self) -> str:
        """Copying files beats logging pages, but for its two checkpoints on a real disk."""
        if self.version < 150000:
            return ""
        self._run("SHOW fsync")
        return " STRATEGY FILE_COPY" if self._cursor.fetchone() == ("off",) else ""

    def _create(self, statement: str) -> None:
        try:
            self._run(statement)
        except DatabaseError as error:
            state = sqlstate(error)
            if state == _NO_TEMPLATE:
                raise TemplateIsGone from error
            if state == _NO_RIGHT:
                user = self._likeness.settings_dict["USER"]
                raise CouldNotRun(
                    f"PostgreSQL lets {self.place} make no database: {_line(error)}. Give it the "
                    f'right as an administrator, ALTER ROLE "{user}" CREATEDB, or set '
                    f"{TABLE}.template = false and use a database that exists"
                ) from error
            raise CouldNotRun(f"PostgreSQL makes no test database: {_line(error)}") from error

    def _connect(self) -> None:
        if self._connection is not None:
            return
        settings = self._likeness.settings_dict
        # Django's own way to a server: the database `postgres`, else the project's.
        for name in (None, settings["NAME"]):
            connection = type(self._likeness)({**settings, "NAME": name}, alias=NO_DB_ALIAS)
            try:
                cursor = connection.cursor()
            except DatabaseError as error:
                problem = error
                continue
            cursor.execute(_BEGIN.format(_OWNERS, self.key))
            self._connection, self._cursor = connection, cursor
            return
        raise CouldNotRun(f"PostgreSQL cannot be reached as {self.place}: {_line(problem)}")

    def _run(self, sql: str, parameters: list[object] | None = None) -> None:
        self._connect()
        self._cursor = self._connection.cursor()
        self._cursor.execute(sql, parameters)


def copy_name(name: str, key: int, number: int) -> str:
    """Return the name of a test database: Django's, which may be cut, its owner's key, a number.

    Django adds a number for each process of `--parallel`, for which room is left.
    """
    ending = f"{MARK}{key:08x}_{number}"
    room = _NAME_BYTES - len(ending) - len("_999")
    return name.encode()[:room].decode(errors="ignore") + ending


def is_copy(name: object) -> bool:
    """Whether a database's name says that it was copied from a template."""
    return _COPY.search(str(name)) is not None


def today() -> date:
    """Return the true day: a run at another instant must not make templates older or newer."""
    return true_time().date()


def lock_key(template: str) -> int:
    """Return the key of the advisory lock that guards a template."""
    return int(template.removeprefix(TEMPLATE).split("_")[1][:8], 16) & 0x7FFF_FFFF


def sqlstate(error: BaseException) -> str:
    """Return PostgreSQL's code for an error, from psycopg 3 or 2."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or ""


def _line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
