"""Which tables and columns SQL leaves in the database for good."""

import re
from collections.abc import Iterable, Iterator

from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.sql.names import at, commas, creation, name_of, plain
from quality_harness.migrations.sql.tokens import Word, statements

_NO_COLUMN = {"CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE", "INDEX", "KEY",
              "DEFAULT", "NOT", "IDENTITY", "EXPRESSION"}  # fmt: skip


def kept(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what texts make and do not take away again.

    Args:
        texts: of SQL; what they make only where it is missing does not count.

    Returns:
        "table" for tables and "table.column" for columns, in lower case and without a schema.
    """
    found: dict[str, None] = {}
    for words in _words(texts):
        for name in _made(words):
            found[name] = None
        for name in _dropped(words):
            found.pop(name, None)
        for old, new in _renamed(words):
            if old in found:
                del found[old]
                found[new] = None
    return tuple(found)


def left_behind(made: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Return what of `made` the texts of the way back do not drop or rename."""
    gone: set[str] = set()
    for words in _words(texts):
        gone.update(_dropped(words))
        gone.update(old for old, _ in _renamed(words))
    return tuple(each for each in made if not gone & {each, each.partition(".")[0], _EVERYTHING})


_EVERYTHING = "*"
# Text without any of these makes and drops nothing of it, and telling so takes no tokenizer.
_IN_QUESTION = re.compile(rf"\b(table|schema|owned|execute)\b|{HOLE}", re.IGNORECASE)


def _words(texts: Iterable[str]) -> Iterator[list[Word]]:
    for text in texts:
        for words in statements(text) if _IN_QUESTION.search(text) is not None else ():
            yield words
            if words[0].upper == "DO":
                yield from _words(word.literal for word in words if word.literal is not None)


def _made(words: list[Word]) -> Iterator[str]:
    kind, name = creation(words)
    is_temporary = any(word.upper in ("TEMP", "TEMPORARY") for word in words[:4])
    if kind == "TABLE" and name and not is_temporary and "…" not in name:
        yield name.rpartition(".")[2]
    for table, action in _actions(words):
        rest = action[2:] if at(action, 1) == "COLUMN" else action[1:]
        is_column = at(rest, 0) not in _NO_COLUMN | {"IF"}
        if at(action, 0) == "ADD" and is_column:
            yield f"{table}.{plain(name_of(rest)[0])}"


def _dropped(words: list[Word]) -> Iterator[str]:
    if at(words, 0) == "DROP" and at(words, 1) in ("TABLE", "FOREIGN"):
        for part in commas(words[2:]):
            yield plain(name_of(part)[0]).rpartition(".")[2]
    if at(words, 0) in ("DROP", "EXECUTE") and at(words, 1) != "TABLE":
        # A schema takes its tables along, and what is put together at run time cannot be told.
        is_all = at(words, 0) == "EXECUTE" or at(words, 1) in ("SCHEMA", "OWNED", HOLE.upper())
        yield from [_EVERYTHING] if is_all else []
    for table, action in _actions(words):
        if at(action, 0) == "DROP" and at(action, 1) not in _NO_COLUMN:
            rest = action[2:] if at(action, 1) == "COLUMN" else action[1:]
            yield f"{table}.{plain(name_of(rest)[0])}"


def _renamed(words: list[Word]) -> Iterator[tuple[str, str]]:
    for table, action in _actions(words):
        uppers = [word.upper for word in action]
        if at(action, 0) == "RENAME" and "TO" in uppers and uppers[1] not in _NO_COLUMN:
            place = uppers.index("TO")
            new = plain(name_of(action[place + 1 :])[0])
            old = [plain(word.text) for word in action[1:place] if word.upper != "COLUMN"]
            yield (f"{table}.{old[0]}", f"{table}.{new}") if old else (table, new)


def _actions(words: list[Word]) -> Iterator[tuple[str, list[Word]]]:
    if at(words, 0) == "ALTER" and at(words, 1) == "TABLE":
        name, rest = name_of(words[2:])
        for action in commas(rest):
            yield plain(name).rpartition(".")[2], action
