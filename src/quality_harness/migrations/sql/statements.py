"""Reads SQL text for statements that lose data or take a name away from the running code.

Comments, string literals and the bodies of functions are not run, so they are not read. A `DO`
block is run, and so is the text that it gives to EXECUTE.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.sql.names import (
    at,
    commas,
    creation,
    executed,
    name_of,
    plain,
    prepared,
    show,
)
from quality_harness.migrations.sql.tokens import Word, statements


class Act(StrEnum):
    """What a statement does."""

    DROP = "drops"
    TRUNCATE = "empties"
    DELETE = "deletes rows of"
    RENAME = "renames"
    UNKNOWN = "runs what is known only at run time in"
    CREATE = "makes"
    MAY_CREATE = "makes, unless it is there,"
    ADD_COLUMN = "adds"
    ADD_NOT_NULL = "adds without a default, and not to be NULL,"
    SET_NOT_NULL = "forbids NULL in"
    CHANGE_TYPE = "changes the type of"
    DROP_DEFAULT = "takes the default from"
    SET_DEFAULT = "gives a default to"
    TAKE_NULL = "allows NULL in"
    ADD_UNIQUE = "makes values unique in"
    ADD_CHECK = "adds a check to"
    ADD_FOREIGN_KEY = "adds a foreign key to"
    VALIDATE = "validates a constraint of"
    NOT_VALID = "adds a constraint that is NOT VALID to"
    ADD_INDEX = "builds an index without CONCURRENTLY on"
    CONCURRENTLY = "cannot run in a transaction:"
    REWRITE = "rewrites"
    ALTER = "alters"
    UPDATE = "overwrites rows of"
    WRITE = "writes rows of"
    LOCK_TIMEOUT = "sets"
    LOCK = "locks"
    NO_IDENTITY = "leaves nothing to tell published rows apart in"
    PUBLISH_NEW = "publishes nothing but new rows of"
    HOLD = "holds up writes to"
    REFUSE = "refuses or swallows writes to"
    RESTART = "counts again the numbers of"
    DROP_IDENTITY = "takes the numbering from"
    DROP_EXPRESSION = "computes no longer"
    NOT_VALID_CHECK = "adds a check that is NOT VALID to"
    NOT_VALID_KEY = "adds a foreign key that is NOT VALID to"
    FUNCTION = "makes the"
    TRIGGER = "puts a trigger on"
    DROP_TRIGGER = "takes a trigger from"
    DROP_FUNCTION = "drops with all that uses it"
    CHECK_CALLS = "calls functions in a check of"
    DROP_CONSTRAINT = "drops a constraint of"
    PARTITION = "adds a partition to"
    DEFAULT_PARTITION = "adds a default partition to"
    COPY = "copies what is written to"
    CALL = "calls"
    EMPTY = "leaves nothing to be read in"
    DOMAIN = "asks more of every value of"
    ROOM = "makes room in"


WRITES = frozenset({Act.UPDATE, Act.WRITE, Act.DELETE})
# What breaks old code or fails on old rows, whatever the table.
DEMANDS = frozenset(
    {Act.ADD_NOT_NULL, Act.SET_NOT_NULL, Act.ADD_UNIQUE, Act.ADD_CHECK, Act.ADD_FOREIGN_KEY}
)


_OF_TABLE = ("column", "partition")


@dataclass(frozen=True)
class Statement:
    """One statement that loses data, renames, or cannot be told.

    Attributes:
        act: what it does.
        target: to what, such as "column blog_post.subtitle".
        detail: for DROP "cascade" where what needs it goes, too; for CREATE of a view the table
            that it shows whole; for CHANGE_TYPE the new type; for RENAME the new name; for UPDATE
            how many rows: "all", "some", "one";
            for REWRITE the function that gives each row a value of its own;
            for ADD_UNIQUE "default" where one value is given to all rows, "where column value"
            where it is of those rows only; for ADD_COLUMN
            "not null" where it has to hold a value; for FUNCTION "refuses" where it raises or
            gives no row; for TRIGGER the function, for DROP_TRIGGER the trigger's name; for
            CHECK_CALLS and DROP_CONSTRAINT the constraint's name; for DEFAULT_PARTITION its own;
            for EMPTY "again" where the view stays as it is;
            for COPY the table that a trigger copies to; for ROOM the type of a new column.
        columns: those that an index, a constraint or an UPDATE is about, in lower case; that a
            FUNCTION fills; for CREATE those of a view, where they are told; for CALL the functions
            that the text has not made; for TRIGGER its name and what else it says; for CHECK_CALLS
            the functions; for COPY those that are filled; for ROOM "not null" where it is, and the
            table that it refers to.
        copied: those of them that an UPDATE fills from other columns; for COPY the column of each
            value, such as "new.title", or "".
        computed: for CHANGE_TYPE whether USING makes of each value more than its cast; for
            FUNCTION whether it may give another value for each row.
        body: for FUNCTION its arguments and what it runs, without comments; for COPY what sets
            it off.
    """

    act: Act
    target: str
    detail: str = ""
    columns: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    computed: bool = False
    body: tuple[str, ...] = ()

    @cached_property
    def table(self) -> str:
        """The table, in lower case, without quotes and without its schema; empty for others."""
        kind, _, name = self.target.partition(" ")
        name = name.partition(" ")[0]
        if kind in _OF_TABLE:
            name = name.rpartition(".")[0]
        return plain(name).rpartition(".")[2] if kind in (*_OF_TABLE, "table") else ""

    @property
    def schema(self) -> str:
        """The schema that a table is named with, in lower case; empty for public."""
        kind, _, name = self.target.partition(" ")
        found = plain(name.partition(" ")[0]).rpartition(".")[0] if kind == "table" else ""
        return "" if found == "public" else found

    @property
    def thing(self) -> str:
        """The table; for what is about something else that, such as "view shop_sales"."""
        return self.table or plain(self.target)

    @cached_property
    def column(self) -> str:
        """The column, likewise; empty where it is about a table."""
        kind, _, name = self.target.partition(" ")
        return plain(name).rpartition(".")[2] if kind == "column" else ""

    def __str__(self) -> str:
        """Return it as the end of a sentence: "drops table blog_post"."""
        return f"{self.act} {self.target}"


# Text without any of these is harmless, and telling so takes no tokenizer.
_SUSPICIOUS = re.compile(
    rf"drop|detach|truncate|delete|rename|execute|prepare|change|set\s+schema|{HOLE}", re.IGNORECASE
)
_DROPPED_WITH_DATA = {"SCHEMA", "DATABASE", "SEQUENCE"}
_DROPPED_WITH_COLUMNS = {"TYPE", "DOMAIN", "EXTENSION", "COLLATION"}
_DROPPED_FROM_TABLE_ONLY = {
    "CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK", "UNIQUE", "DEFAULT", "NOT",
}  # fmt: skip
_RENAMED_IN_TABLE_ONLY = {"CONSTRAINT", "INDEX", "KEY"}
_RENAMED_LIKE_TABLES = {"VIEW", "SCHEMA", "DATABASE"}


class _Reader:
    """Reads one text; knows what the text itself has created so far."""

    def __init__(self, statements: list[list[Word]]) -> None:
        self._statements = statements
        self._created: set[str] = set()
        self._prepared: set[str] = set()
        self._views = {name for kind, name in map(creation, statements) if kind == "VIEW"}

    def read(self) -> Iterator[Statement]:
        for statement in self._statements:
            yield from self._statement(statement)
            kind, name = creation(statement)
            if kind == "TABLE" and "…" not in name:
                self._created.add(name)

    def _statement(self, statement: list[Word]) -> Iterator[Statement]:
        match statement[0].upper:
            case "DROP":
                yield from self._drop(statement[1:])
            case "TRUNCATE":
                rest = statement[2:] if at(statement, 1) == "TABLE" else statement[1:]
                yield from self._each(Act.TRUNCATE, "table", rest)
            case "ALTER":
                yield from self._alter(statement[1:])
            case "RENAME" if at(statement, 1) == "TABLE":
                yield from self._each(Act.RENAME, "table", statement[2:])
            case "DO":
                for word in statement:
                    yield from find(word.literal or "")
            case "CREATE" | "GRANT" | "REVOKE":
                return
            case "PREPARE" if prepared(statement):
                self._prepared.add(plain(at(statement, 1)))
                yield from self._statement(prepared(statement))
            case "PREPARE":
                yield from _dynamic(statement)
            case first if HOLE.upper() in first:
                yield Statement(Act.UNKNOWN, show(statement))
            case _:
                yield from self._rows(statement)

    def _rows(self, statement: list[Word]) -> Iterator[Statement]:
        for index, word in enumerate(statement):
            following = at(statement, index + 1)
            is_name = index > 0 and statement[index - 1].text == "."
            if word.upper == "DELETE" and (index == 0 or (following == "FROM" and not is_name)):
                rest = statement[index + 2 if following == "FROM" else index + 1 :]
                yield from self._one(Act.DELETE, "table", rest)
            elif word.upper == "EXECUTE":
                if plain(following.lower()) not in self._prepared:
                    yield from _dynamic(statement[index:])
                return

    def _drop(self, rest: list[Word]) -> Iterator[Statement]:
        if at(rest, 0) in ("MATERIALIZED", "FOREIGN"):
            rest = rest[1:]
        kind = at(rest, 0)
        if kind == "TABLE":
            yield from self._each(Act.DROP, "table", rest[1:])
        elif kind == "VIEW":
            for found in self._each(Act.DROP, "view", rest[1:]):
                if plain(found.target.removeprefix("view ")) not in self._views:
                    yield found
        elif kind in _DROPPED_WITH_DATA:
            yield from self._each(Act.DROP, kind.lower(), rest[1:])
        elif kind == "OWNED":
            yield Statement(Act.DROP, f"all that is {show(rest).lower()}")
        elif kind in _DROPPED_WITH_COLUMNS and any(word.upper == "CASCADE" for word in rest):
            yield from self._one(
                Act.DROP, f"with every column that uses it {kind.lower()}", rest[1:]
            )
        elif HOLE.upper() in kind:
            yield Statement(Act.UNKNOWN, f"DROP {show(rest)}")

    def _alter(self, rest: list[Word]) -> Iterator[Statement]:
        if at(rest, 0) in ("MATERIALIZED", "FOREIGN"):
            rest = rest[1:]
        kind = at(rest, 0)
        name, actions = name_of(rest[1:])
        if kind in _RENAMED_LIKE_TABLES and any(word.upper == "RENAME" for word in actions):
            yield Statement(Act.RENAME, f"{kind.lower()} {name}")
        elif kind == "TYPE" and [at(actions, 0), at(actions, 1)] == ["RENAME", "VALUE"]:
            yield Statement(Act.RENAME, f"a value of type {name}")
        elif kind == "TABLE" and plain(name) not in self._created:
            for action in commas(actions):
                yield from _table_action(name, action)
        elif HOLE.upper() in kind:
            yield Statement(Act.UNKNOWN, f"ALTER {show(rest)}")

    def _each(self, act: Act, kind: str, rest: list[Word]) -> Iterator[Statement]:
        for part in commas(rest):
            yield from self._one(act, kind, part)

    def _one(self, act: Act, kind: str, rest: list[Word]) -> Iterator[Statement]:
        name, _ = name_of(rest)
        if plain(name) not in self._created:
            yield Statement(act, f"{kind} {name}", _reach(rest))


def _reach(rest: list[Word]) -> str:
    return "cascade" if any(word.upper == "CASCADE" for word in rest) else ""


def find(sql: str) -> tuple[Statement, ...]:
    """Return the statements of `sql` that lose data, rename, or cannot be told.

    Args:
        sql: one or more statements; `HOLE` stands for a part that is known only at run time.
    """
    if _SUSPICIOUS.search(sql) is None:
        return ()
    return tuple(_Reader(list(statements(sql))).read())


def _table_action(table: str, action: list[Word]) -> Iterator[Statement]:
    verb, following = at(action, 0), at(action, 1)
    if verb == "DROP" and following not in _DROPPED_FROM_TABLE_ONLY:
        kind = "partition" if following == "PARTITION" else "column"
        rest = action[2:] if following in ("COLUMN", "PARTITION") else action[1:]
        yield Statement(Act.DROP, f"{kind} {table}.{name_of(rest)[0]}", _reach(rest))
    elif verb == "RENAME" and plain(table).endswith("_id_seq"):
        # Postgres renames sequences so too; a column's default keeps to its sequence.
        return
    elif verb == "RENAME" and following not in _RENAMED_IN_TABLE_ONLY:
        rest = action[2:] if following == "COLUMN" else action[1:]
        old, to = name_of(rest)
        of_column = at(rest, 0) not in ("TO", "AS", "=") and at(to, 0) == "TO"
        target = f"column {table}.{old}" if of_column else f"table {table}"
        yield Statement(Act.RENAME, target, name_of(to[1:] if of_column else rest[1:])[0])
    elif verb == "DETACH":
        yield Statement(Act.DROP, f"partition {table}.{name_of(action[2:])[0]}")
    elif verb == "CHANGE":
        old, rest = name_of(action[2:] if following == "COLUMN" else action[1:])
        if plain(old) != plain(name_of(rest)[0]):
            yield Statement(Act.RENAME, f"column {table}.{old}")
    elif verb == "SET" and following == "SCHEMA":
        yield Statement(Act.RENAME, f"table {table} (to another schema)")
    elif HOLE.upper() in verb:
        yield Statement(Act.UNKNOWN, f"ALTER TABLE {table} {show(action)}")


def _dynamic(statement: list[Word]) -> Iterator[Statement]:
    """Read the text that a procedure builds and runs."""
    text = executed(statement)
    if text:
        yield from find(text)
    else:
        yield Statement(Act.UNKNOWN, show(statement))
