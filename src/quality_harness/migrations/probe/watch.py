"""Sees what each statement does to the tables that were there before."""

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

# They keep others from writing, the last one from reading as well.
STRONG = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
# What stands around the statements themselves.
AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS")
_DO_NOTHING = ("SAVEPOINT", "RELEASE")
_STATE = """
SELECT c.oid, c.relfilenode, pg_stat_get_xact_tuples_returned(c.oid), l.modes
FROM pg_class c LEFT JOIN (
    SELECT relation, array_agg(mode::text) AS modes FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted GROUP BY relation
) l ON l.relation = c.oid
WHERE c.oid = ANY(%s)
"""
_PUTS_IN = re.compile(r'\s*insert\s+into\s+(?:"?\w+"?\.)?"?(\w+)"?', re.IGNORECASE)
_CHANGES_ROWS = re.compile(r"\b(delete|update|truncate|merge)\b", re.IGNORECASE)
_IS_ABOUT_ROWS = re.compile(r"\s*(?:select|insert|update|delete|with|merge)\b", re.IGNORECASE)
# Alone in its ALTER TABLE, it keeps no writer out.
_VALIDATES = re.compile(
    r"\s*alter\s+table\s+(?:only\s+)?\S+\s+validate\s+constraint\s+[^\s,]+\s*;?\s*$", re.IGNORECASE
)
# The names are put together while it runs.
_IS_DYNAMIC = re.compile(r"\bexecute\b", re.IGNORECASE)
# It does something or nothing, by where production keeps the table.
_NEEDS_PRODUCTION = re.compile(r"\bset\s+tablespace\b", re.IGNORECASE)
_ON_ITS_OWN = re.compile(r"\bconcurrently\b|^\s*vacuum\b", re.IGNORECASE)
# What may stand before a statement and only says how it is run.
_SETTINGS = re.compile(r"(?:\s*(?:set\b[^;]*;|--[^\n]*\n))+", re.IGNORECASE)
_ENDS_TRANSACTION = re.compile(
    r"(?:^|;)\s*(?:begin|commit|end|rollback|abort|start\s+transaction)\s*(?:;|$|work\b|trans)",
    re.IGNORECASE,
)


class NeedsOwnTransactions(Exception):
    """The migration begins or ends transactions itself."""


@dataclass(frozen=True)
class Seen:
    """One statement that did something to a table.

    Attributes:
        what: "lock" where it read the table under a strong lock, or "rewrite".
        table: the table's oid.
        mode: the strongest lock that was held on it.
        sql: the statement.
        operation: the index of the migration's operation.
        at: when it had run.
    """

    what: str
    table: int
    mode: str
    sql: str
    operation: int
    at: float


@dataclass
class _State:
    files: Mapping[int, int]
    read: Mapping[int, int]
    locks: Mapping[int, str]


class Watch:
    """Wraps the execution of statements: `with connection.execute_wrapper(watch)`.

    Attributes:
        seen: what was seen.
        operation: the index of the operation that runs now.
        last: the statement that ran last.
        matched: whether each statement that changes rows met some; None where there was none.
        needs_production: what a statement does depends on what only production knows.
    """

    def __init__(
        self,
        connection: Any,
        tables: Mapping[str, int],
        in_transaction: bool,
        others: Collection[str] = (),
    ) -> None:
        self.seen: list[Seen] = []
        self.operation = -1
        self.last = ""
        self.matched: bool | None = None
        self._connection = connection
        self._oids = list(tables.values())
        self.needs_production = False
        self._put_in: set[str] = set()
        self._names = [name.strip('"').lower() for name in tables]
        self._others = [words for name in others if (words := _words(name))]
        self._in_transaction = in_transaction
        self._before = self._state()
        # Migrations before this one took them, and have let go of them when it really runs.
        self._inherited = frozenset(self._before.locks)

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: Any,
        parameters: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        """Run the statement, and note what it did."""
        text = self._text(sql)
        if not text.startswith(AROUND):
            self.last = text
            self.needs_production |= bool(_NEEDS_PRODUCTION.search(text))
        elif text.startswith(_DO_NOTHING):
            return execute(sql, parameters, many, context)
        if self._in_transaction and _ENDS_TRANSACTION.search(text):
            raise NeedsOwnTransactions
        if self._connection.in_atomic_block:
            return self._run(execute, sql, parameters, many, context)
        if _ON_ITS_OWN.search(text) or _ENDS_TRANSACTION.search(text):
            # It cannot run in a transaction, and its lock is gone when it has run.
            result = execute(sql, parameters, many, context)
            self._compare(text)
            return result
        with transaction.atomic():
            self._before = self._state()
            return self._run(execute, sql, parameters, many, context)

    def _run(
        self,
        execute: Callable[..., Any],
        sql: Any,
        parameters: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        result = execute(sql, parameters, many, context)
        text = self._text(sql)
        put_in = _PUTS_IN.match(text)
        if put_in is not None:
            self._put_in.add(put_in[1].lower())
        if _CHANGES_ROWS.search(text):
            self._count(text, context["cursor"].rowcount)
        self._compare(text)
        return result

    def _text(self, sql: Any) -> str:
        """Return a statement as the database gets it; psycopg composes some of objects."""
        return sql.as_string(self._connection.connection) if hasattr(sql, "as_string") else str(sql)

    def _count(self, text: str, count: int) -> None:
        lower = text.lower()
        start = lower.lstrip()[:6]
        about = [name for name in self._names if name in lower]
        if not about:
            # What was not there before may be changed at will.
            words = _words(text)
            met = not _IS_DYNAMIC.search(text) and not any(o <= words for o in self._others)
        else:
            # Inside of a larger statement, nobody counts the rows, and those that the migration
            # put in itself tell nothing of others.
            met = start in ("update", "delete") and count > 0
            met = met and self._put_in.isdisjoint(about)
        self.matched = met and self.matched is not False

    def _compare(self, sql: str) -> None:
        now, before = self._state(), self._before
        settings = _SETTINGS.match(sql)
        main = sql[settings.end() :] if settings else sql
        for oid in self._oids:
            mode = now.locks.get(oid, "")
            if oid in self._inherited and (_IS_ABOUT_ROWS.match(main) or _VALIDATES.match(main)):
                continue
            if mode and now.read.get(oid, 0) > before.read.get(oid, 0):
                self._note("lock", oid, mode, sql)
            was, is_now = before.files.get(oid), now.files.get(oid)
            if is_now is not None and was != is_now and "truncate" not in sql.lower():
                self._note("rewrite", oid, mode, sql)
        self._before = now

    def _note(self, what: str, oid: int, mode: str, sql: str) -> None:
        self.seen.append(Seen(what, oid, mode, sql, self.operation, time.perf_counter()))

    def _state(self) -> _State:
        # Past Django, which would bring this statement here again.
        with self._connection.connection.cursor() as cursor:
            cursor.execute(_STATE, (self._oids,))
            rows = cursor.fetchall()
        locks = {oid: _strongest(modes or ()) for oid, _, _, modes in rows}
        return _State(
            {oid: file for oid, file, _, _ in rows},
            {oid: read for oid, _, read, _ in rows},
            {oid: mode for oid, mode in locks.items() if mode},
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(filter(None, re.split(r"\W+", text.lower())))


def _strongest(modes: Any) -> str:
    return max((mode for mode in modes if mode in STRONG), key=STRONG.index, default="")
