"""Reads SQL that keeps the running code from writing, or lets its writes vanish."""

from collections.abc import Iterator

from quality_harness.migrations.sql.names import at, commas, inside, name_of
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.tokens import Word

_ENDS = {";", "CASCADE", "RESTRICT"}
# What belongs to a table, and is made and dropped under a lock of it.
_OF_TABLE = {"TRIGGER", "RULE", "POLICY"}
_BEFORE_KIND = {"OR", "REPLACE", "CONSTRAINT"}
_OF_REINDEX = {"TABLE", "SCHEMA", "DATABASE", "SYSTEM", "INDEX"}


def hinders(words: list[Word]) -> Iterator[Statement]:
    """Give what a statement that is no ALTER TABLE does to those who write.

    Args:
        words: of the statement.
    """
    match words[0].upper:
        case "LOCK":
            start = 2 if at(words, 1) == "TABLE" else 1
            yield Statement(Act.LOCK, f"table {name_of(words[start:])[0]}")
        case "REFRESH" if not _has_word(words, "CONCURRENTLY"):
            name, rest = name_of(words[3:])
            yield Statement(Act.LOCK, f"table {name}")
            if _has_word(rest, "NO"):
                yield Statement(Act.EMPTY, f"table {name}", "again")
        case "REINDEX" if not any(word.upper == "CONCURRENTLY" for word in words):
            starts = [index for index, word in enumerate(words) if word.upper in _OF_REINDEX]
            kind = words[starts[0]].text.lower() if starts else "table"
            name = name_of(words[starts[0] + 1 :])[0] if starts else "…"
            yield Statement(Act.ADD_INDEX, f"{kind} {name}")
        case "ALTER" if _has_word(words, "RESTART"):
            yield Statement(Act.RESTART, f"sequence {name_of(words[2:])[0]}")
        case "REVOKE":
            yield from _revoked(words)
        case "CREATE" if at(words, 1) == "PUBLICATION":
            yield from _published(words)
        case "CREATE" | "DROP":
            yield from _held(words)
            if _has_word(words[:4], "RULE") and _has_word(words, "INSTEAD"):
                yield from _rule(words)


def set_back(words: list[Word]) -> Iterator[Statement]:
    """Tell of setval() with a number that is written out, which is not the highest of the rows.

    Args:
        words: of a SELECT.
    """
    for index, word in enumerate(words):
        if word.upper == "SETVAL" and at(words, index + 1) == "(":
            name, *given = commas(inside(words[index:]))
            if given and len(given[0]) == 1 and given[0][0].text.isdigit():
                texts = [each.literal for each in name if each.literal is not None]
                yield Statement(Act.RESTART, _numbered(texts))


def _numbered(texts: list[str]) -> str:
    """Return the column whose numbers a sequence gives, or the sequence."""
    if len(texts) == 2:
        # The table and the column that pg_get_serial_sequence() is given.
        return f"column {texts[0]}.{texts[1]}"
    name = texts[0] if texts else "…"
    table = name.removesuffix("_id_seq")
    return f"sequence {name}" if table == name else f"column {table}.id"


def hinders_by_action(table: str, action: list[Word]) -> Iterator[Statement]:
    """Give what an action of ALTER TABLE does to those who write.

    Args:
        table: its name.
        action: the words of the action.
    """
    if at(action, 0) == "ALTER":
        name, rest = name_of(action[2:] if at(action, 1) == "COLUMN" else action[1:])
        verb = [at(rest, 0), at(rest, 1)]
        if verb == ["DROP", "IDENTITY"]:
            yield Statement(Act.DROP_IDENTITY, f"column {table}.{name}")
        elif verb == ["DROP", "EXPRESSION"]:
            yield Statement(Act.DROP_EXPRESSION, f"column {table}.{name}")
        elif verb[1] == "GENERATED" and at(rest, 2) == "ALWAYS":
            yield Statement(Act.REFUSE, f"column {table}.{name}")
        elif verb[0] in ("RESTART", "SET") and _has_word(rest, "RESTART"):
            yield Statement(Act.RESTART, f"column {table}.{name}")
    elif [word.upper for word in action[:3]] == ["REPLICA", "IDENTITY", "NOTHING"]:
        yield Statement(Act.NO_IDENTITY, f"table {table}")
    elif [word.upper for word in action[:4]] in (
        ["ENABLE", "ROW", "LEVEL", "SECURITY"],
        ["FORCE", "ROW", "LEVEL", "SECURITY"],
    ):
        yield Statement(Act.REFUSE, f"table {table}")


def _revoked(words: list[Word]) -> Iterator[Statement]:
    """Tell of tables whose rows somebody may no longer read or write."""
    uppers = [word.upper for word in words]
    if "ON" not in uppers or "FROM" not in uppers:
        return
    rest = words[uppers.index("ON") + 1 : uppers.index("FROM")]
    rest = rest[1:] if at(rest, 0) == "TABLE" else rest
    is_of_all = {"PUBLIC"} >= {word.upper for word in words[uppers.index("FROM") + 1 :]} - _ENDS
    # A name is one word, or two with a point between; all else says what it is: SCHEMA, FUNCTION.
    for part in commas(rest) if not is_of_all else ():
        name, after = name_of(part)
        if not after:
            yield Statement(Act.REFUSE, f"table {name}")


def _published(words: list[Word]) -> Iterator[Statement]:
    """Tell of tables whose changes are not published, but new rows are."""
    uppers = [word.upper for word in words]
    texts = {word.literal for word in words if word.literal is not None}
    if "TABLE" not in uppers or "PUBLISH" not in uppers or texts != {"insert"}:
        return
    for part in commas(words[uppers.index("TABLE") + 1 :]):
        yield Statement(Act.PUBLISH_NEW, f"table {name_of(part)[0]}")


def _held(words: list[Word]) -> Iterator[Statement]:
    """Tell of the table that something is made or dropped of, which nobody writes to meanwhile."""
    uppers = [word.upper for word in words]
    kind = next((word for word in uppers[1:] if word not in _BEFORE_KIND), "")
    # A rule is made AS ON event TO table.
    place = "TO" if [uppers[0], kind] == ["CREATE", "RULE"] else "ON"
    if kind in _OF_TABLE and place in uppers:
        yield Statement(Act.HOLD, f"table {name_of(words[uppers.index(place) + 1 :])[0]}")


def _rule(words: list[Word]) -> Iterator[Statement]:
    uppers = [word.upper for word in words]
    events = [index for index, word in enumerate(uppers) if word == "TO"]
    if events and uppers[events[0] - 1] in ("INSERT", "UPDATE", "DELETE"):
        yield Statement(Act.REFUSE, f"table {name_of(words[events[0] + 1 :])[0]}")


def _has_word(words: list[Word], keyword: str) -> bool:
    return any(word.upper == keyword for word in words)
