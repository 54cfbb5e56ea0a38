"""Reads SQL text for statements that lose data or take a name away from the running code.

Comments, string literals and the bodies of functions are not run, so they are not read. A `DO`
block is run, and so is the text that it gives to EXECUTE.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from quality_harness.migrations.evaluator.values import HOLE
from quality_harness.migrations.tokens import Word, split, words


class Act(StrEnum):
    """What a statement does."""

    DROP = "drops"
    TRUNCATE = "empties"
    DELETE = "deletes rows of"
    RENAME = "renames"
    UNKNOWN = "runs what is known only at run time in"


@dataclass(frozen=True)
class Statement:
    """One statement that loses data, renames, or cannot be told.

    Attributes:
        act: what it does.
        target: to what, such as "column blog_post.subtitle".
    """

    act: Act
    target: str

    def __str__(self) -> str:
        """Return it as the end of a sentence: "drops table blog_post"."""
        return f"{self.act} {self.target}"


# Text without any of these is harmless, and telling so takes no tokenizer.
_SUSPICIOUS = re.compile(
    rf"drop|truncate|delete|rename|execute|prepare|change|set\s+schema|{HOLE}", re.IGNORECASE
)
_DROPPED_WITH_DATA = {"SCHEMA", "DATABASE", "SEQUENCE"}
_DROPPED_WITH_COLUMNS = {"TYPE", "DOMAIN", "EXTENSION"}
_DROPPED_FROM_TABLE_ONLY = {
    "CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK", "UNIQUE", "DEFAULT", "NOT",
}  # fmt: skip
_RENAMED_IN_TABLE_ONLY = {"CONSTRAINT", "INDEX", "KEY"}
_RENAMED_LIKE_TABLES = {"VIEW", "SCHEMA", "DATABASE"}
_BEFORE_NAME = {"IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"}
_TABLE_KINDS = {"OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "FOREIGN",
                "MATERIALIZED", "RECURSIVE"}  # fmt: skip


class _Reader:
    """Reads one text; knows what the text itself has created so far."""

    def __init__(self, statements: list[list[Word]]) -> None:
        self._statements = statements
        self._created: set[str] = set()
        self._views = {name for kind, name in map(_creation, statements) if kind == "VIEW"}

    def read(self) -> Iterator[Statement]:
        for statement in self._statements:
            yield from self._statement(statement)
            kind, name = _creation(statement)
            if kind == "TABLE" and "…" not in name:
                self._created.add(name)

    def _statement(self, statement: list[Word]) -> Iterator[Statement]:
        match statement[0].upper:
            case "DROP":
                yield from self._drop(statement[1:])
            case "TRUNCATE":
                rest = statement[2:] if _at(statement, 1) == "TABLE" else statement[1:]
                yield from self._each(Act.TRUNCATE, "table", rest)
            case "ALTER":
                yield from self._alter(statement[1:])
            case "RENAME" if _at(statement, 1) == "TABLE":
                yield from self._each(Act.RENAME, "table", statement[2:])
            case "DO":
                for word in statement:
                    yield from find(word.literal or "")
            case "CREATE" | "GRANT" | "REVOKE":
                return
            case first if HOLE.upper() in first:
                yield Statement(Act.UNKNOWN, _show(statement))
            case _:
                yield from self._rows(statement)

    def _rows(self, statement: list[Word]) -> Iterator[Statement]:
        for index, word in enumerate(statement):
            following = _at(statement, index + 1)
            is_name = index > 0 and statement[index - 1].text == "."
            if word.upper == "DELETE" and (index == 0 or (following == "FROM" and not is_name)):
                rest = statement[index + 2 if following == "FROM" else index + 1 :]
                yield from self._one(Act.DELETE, "table", rest)
            elif word.upper == "EXECUTE" or (word.upper == "PREPARE" and index == 0):
                yield from _dynamic(statement[index:])
                return

    def _drop(self, rest: list[Word]) -> Iterator[Statement]:
        if _at(rest, 0) in ("MATERIALIZED", "FOREIGN"):
            rest = rest[1:]
        kind = _at(rest, 0)
        if kind == "TABLE":
            yield from self._each(Act.DROP, "table", rest[1:])
        elif kind == "VIEW":
            for found in self._each(Act.DROP, "view", rest[1:]):
                if _plain(found.target.removeprefix("view ")) not in self._views:
                    yield found
        elif kind in _DROPPED_WITH_DATA:
            yield from self._each(Act.DROP, kind.lower(), rest[1:])
        elif kind == "OWNED":
            yield Statement(Act.DROP, f"all that is {_show(rest).lower()}")
        elif kind in _DROPPED_WITH_COLUMNS and any(word.upper == "CASCADE" for word in rest):
            yield from self._one(
                Act.DROP, f"with every column that uses it {kind.lower()}", rest[1:]
            )
        elif HOLE.upper() in kind:
            yield Statement(Act.UNKNOWN, f"DROP {_show(rest)}")

    def _alter(self, rest: list[Word]) -> Iterator[Statement]:
        if _at(rest, 0) in ("MATERIALIZED", "FOREIGN"):
            rest = rest[1:]
        kind = _at(rest, 0)
        name, actions = _name(rest[1:])
        if kind in _RENAMED_LIKE_TABLES and any(word.upper == "RENAME" for word in actions):
            yield Statement(Act.RENAME, f"{kind.lower()} {name}")
        elif kind == "TABLE" and _plain(name) not in self._created:
            for action in _commas(actions):
                yield from _table_action(name, action)
        elif HOLE.upper() in kind:
            yield Statement(Act.UNKNOWN, f"ALTER {_show(rest)}")

    def _each(self, act: Act, kind: str, rest: list[Word]) -> Iterator[Statement]:
        for part in _commas(rest):
            yield from self._one(act, kind, part)

    def _one(self, act: Act, kind: str, rest: list[Word]) -> Iterator[Statement]:
        name, _ = _name(rest)
        if _plain(name) not in self._created:
            yield Statement(act, f"{kind} {name}")


def find(sql: str) -> tuple[Statement, ...]:
    """Return the statements of `sql` that lose data, rename, or cannot be told.

    Args:
        sql: one or more statements; `HOLE` stands for a part that is known only at run time.
    """
    if _SUSPICIOUS.search(sql) is None:
        return ()
    return tuple(_Reader(list(split(words(sql)))).read())


def _table_action(table: str, action: list[Word]) -> Iterator[Statement]:
    verb, following = _at(action, 0), _at(action, 1)
    if verb == "DROP" and following not in _DROPPED_FROM_TABLE_ONLY:
        kind = "partition" if following == "PARTITION" else "column"
        rest = action[2:] if following in ("COLUMN", "PARTITION") else action[1:]
        yield Statement(Act.DROP, f"{kind} {table}.{_name(rest)[0]}")
    elif verb == "RENAME" and _plain(table).endswith("_id_seq"):
        # Postgres renames sequences so too; a column's default keeps to its sequence.
        return
    elif verb == "RENAME" and following not in _RENAMED_IN_TABLE_ONLY:
        rest = action[2:] if following == "COLUMN" else action[1:]
        old, to = _name(rest)
        of_column = _at(rest, 0) not in ("TO", "AS", "=") and _at(to, 0) == "TO"
        yield Statement(Act.RENAME, f"column {table}.{old}" if of_column else f"table {table}")
    elif verb == "CHANGE":
        old, rest = _name(action[2:] if following == "COLUMN" else action[1:])
        if _plain(old) != _plain(_name(rest)[0]):
            yield Statement(Act.RENAME, f"column {table}.{old}")
    elif verb == "SET" and following == "SCHEMA":
        yield Statement(Act.RENAME, f"table {table} (to another schema)")
    elif HOLE.upper() in verb:
        yield Statement(Act.UNKNOWN, f"ALTER TABLE {table} {_show(action)}")


def _dynamic(statement: list[Word]) -> Iterator[Statement]:
    """Read the text that a procedure builds and runs."""
    texts = [word.literal for word in statement if word.literal is not None]
    if texts:
        yield from find(re.sub(r"%(\d+\$)?[ILs]", HOLE, HOLE.join(texts)))
    else:
        yield Statement(Act.UNKNOWN, _show(statement))


def _creation(statement: list[Word]) -> tuple[str, str]:
    """Return what a statement creates for certain: the kind of thing and its plain name."""
    if statement[0].upper != "CREATE":
        return "", ""
    index = 1
    while _at(statement, index) in _TABLE_KINDS:
        index += 1
    kind, rest = _at(statement, index), statement[index + 1 :]
    temporary = any(word.upper in ("TEMP", "TEMPORARY") for word in statement[:index])
    if kind == "TABLE" and _at(rest, 0) == "IF" and not temporary:
        return "", ""
    return kind, _plain(_name(rest)[0])


def _name(rest: list[Word]) -> tuple[str, list[Word]]:
    """Return the name that `rest` begins with and what follows it."""
    index = 0
    while _at(rest, index) in _BEFORE_NAME:
        index += 1
    parts = [word.text for word in rest[index : index + 1]]
    index += 1
    while _at(rest, index) == "." and index + 1 < len(rest):
        parts += [".", rest[index + 1].text]
        index += 2
    return "".join(parts).replace(HOLE, "…") or "…", rest[index:]


def _commas(rest: list[Word]) -> Iterator[list[Word]]:
    """Split at the commas outside parentheses."""
    depth, part = 0, list[Word]()
    for word in rest:
        depth += (word.text == "(") - (word.text == ")")
        if word.text == "," and depth == 0:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _at(statement: list[Word], index: int) -> str:
    return statement[index].upper if index < len(statement) else ""


def _plain(name: str) -> str:
    return re.sub(r"[\"`\[\]]", "", name).lower()


def _show(statement: list[Word]) -> str:
    return " ".join(word.text for word in statement[:6]).replace(HOLE, "…")
