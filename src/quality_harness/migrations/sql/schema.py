"""Reads SQL text for what it demands of old rows and old code, locks, rewrites and changes.

`sql.find` reads what is lost; both run the same statements.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from quality_harness.migrations.sql.checks import checks
from quality_harness.migrations.sql.hindering import hinders, hinders_by_action, set_back
from quality_harness.migrations.sql.names import (
    at,
    commas,
    creation,
    executed,
    in_parentheses,
    inside,
    name_of,
    plain,
    prepared,
)
from quality_harness.migrations.sql.partitions import partitions
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.tokens import Word, statements
from quality_harness.migrations.sql.updates import overwritten, update
from quality_harness.migrations.sql.views import shown
from quality_harness.migrations.sql.volatility import called_anew, default_of

_SUSPICIOUS = re.compile(
    r"alter|create|update|insert|copy|merge|lock_timeout|concurrently|vacuum|cluster|execute"
    r"|delete|reindex|lock|setval|replace|refresh|revoke|trigger|policy|rule|\binto\b",
    re.IGNORECASE,
)
_CONSTRAINTS = {"CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE"}
_FILLED = {"DEFAULT", "GENERATED", "SERIAL", "BIGSERIAL", "SMALLSERIAL", "AUTO_INCREMENT"}
_SERIAL = {"SERIAL", "BIGSERIAL", "SMALLSERIAL", "STORED", "IDENTITY"}
_AFTER_TYPE = {"USING", "COLLATE", "NOT", "NULL", "DEFAULT", "FIRST", "AFTER", "COMMENT", "CHECK",
               "CONSTRAINT", "PRIMARY", "REFERENCES", "UNIQUE", "GENERATED"}  # fmt: skip
# In a cast stand no signs but those between the parts of a type.
_OPERATOR = re.compile(r"(?!::)[^\w\s\"'.,\[\]]+")
_WITH_ROWS = {"UPDATE", "DELETE", "INSERT", "MERGE", "WITH"}
_WRITES_TO = {"INSERT": "INTO", "MERGE": "INTO", "COPY": "", "DELETE": "FROM",
              "REPLACE": "INTO"}  # fmt: skip


def effects(sql: str) -> tuple[Statement, ...]:
    """Return what the statements of `sql` do beside losing and renaming.

    Args:
        sql: one or more statements; `HOLE` stands for a part that is known only at run time.
    """
    if _SUSPICIOUS.search(sql) is None:
        return ()
    return tuple(found for each in statements(sql) for found in _statement(each))


def made_by(found: Iterable[Statement]) -> Iterator[str]:
    """Give the names of what statements create, and "rows of" each table that they fill.

    Before the name of a table that may have been there stands "perhaps".
    """
    everything = list(found)
    made: set[str] = set()
    for statement in everything:
        if statement.act is Act.WRITE:
            yield f"rows of {statement.table}"
        elif statement.act is Act.MAY_CREATE:
            yield f"perhaps {_name(statement)}"
        elif statement.act in (Act.CREATE, Act.ADD_COLUMN, Act.ADD_NOT_NULL):
            made.add(_name(statement))
    for statement in everything:
        if statement.act is Act.RENAME and _name(statement) in made:
            new = plain(statement.detail)
            made.add(f"{statement.table}.{new}" if statement.column else new)
    yield from sorted(made)


def _name(statement: Statement) -> str:
    return statement.target.partition(" ")[2].lower().replace('"', "")


def _statement(words: list[Word]) -> Iterator[Statement]:
    match words[0].upper:
        case "ALTER" if at(words, 1) == "TABLE":
            table, actions = name_of(words[2:])
            yield Statement(Act.ALTER, f"table {table}")
            for action in commas(actions):
                yield from _action(table, action)
                yield from hinders_by_action(table, action)
            yield from checks(words)
            yield from partitions(words)
        case "ALTER" if at(words, 1) == "DOMAIN":
            yield from checks(words)
            yield from _domain(words)
        case "ALTER" if at(words, 1) == "SEQUENCE":
            yield from hinders(words)
        case "CREATE":
            yield from _create(words)
            yield from checks(words)
            yield from partitions(words)
        case "UPDATE":
            yield from update(words)
        case "COPY" if at(words, 1) == "(":
            yield from _common_table(words)
        case "EXPLAIN" if any(word.upper == "ANALYZE" for word in words):
            starts = [index for index, word in enumerate(words) if word.upper in _WITH_ROWS]
            yield from _statement(words[starts[0] :]) if starts else ()
        case "INSERT" | "MERGE" | "COPY" | "DELETE" | "REPLACE" as verb:
            start = 2 if at(words, 1) == _WRITES_TO[verb] else 1
            table = name_of(words[start:])[0]
            yield Statement(Act.WRITE, f"table {table}")
            yield from overwritten(table, words)
        case "WITH":
            yield from _common_table(words)
        case "DROP" | "REINDEX":
            yield from _concurrently(words)
            yield from hinders(words)
        case "LOCK" | "REFRESH" | "REVOKE":
            yield from hinders(words)
        case "VACUUM" | "CLUSTER":
            yield from _maintenance(words)
        case "SET" | "SELECT":
            yield from set_back(words)
            if any("lock_timeout" in word.text.lower() for word in words):
                yield Statement(Act.LOCK_TIMEOUT, "lock_timeout")
            kind, name = creation(words)
            if kind:
                yield Statement(Act.CREATE, f"table {name}")
        case "DO":
            for word in words:
                yield from effects(word.literal or "")
        case "PERFORM":
            yield from set_back(words)
            yield from effects(executed(words))
        case "EXECUTE":
            yield from effects(executed(words))
        case "PREPARE":
            yield from _statement(prepared(words) or [Word(";", ";")])


def _common_table(words: list[Word]) -> Iterator[Statement]:
    for index, word in enumerate(words):
        opens = words[index - 1].text in "()" if index else False
        if word.upper == "UPDATE" and opens:
            yield from update(words[index:])
        elif word.upper == "INSERT" and opens:
            yield Statement(Act.WRITE, f"table {name_of(words[index + 2 :])[0]}")


def _concurrently(words: list[Word]) -> Iterator[Statement]:
    if any(word.upper == "CONCURRENTLY" for word in words[:6]):
        shown = " ".join(word.text for word in words[:4] if word.upper != ";")
        yield Statement(Act.CONCURRENTLY, shown)


def _maintenance(words: list[Word]) -> Iterator[Statement]:
    if words[0].upper == "VACUUM":
        yield Statement(Act.CONCURRENTLY, "VACUUM")
    names = [index for index, word in enumerate(words) if word.upper in ("FULL", ")", "CLUSTER")]
    full = any(word.upper in ("FULL", "CLUSTER") for word in words)
    if full and words[names[-1] + 1 :]:
        yield Statement(Act.REWRITE, f"table {name_of(words[names[-1] + 1 :])[0]}")


def _create(words: list[Word]) -> Iterator[Statement]:
    yield from hinders(words)
    kind, name = creation(words)
    if kind in ("TABLE", "VIEW", "SEQUENCE", "SCHEMA"):
        # A materialized view holds rows, and is locked like a table.
        is_filled = any(word.upper == "MATERIALIZED" for word in words[:4])
        whole, columns = shown(words) if kind == "VIEW" else ("", ())
        target = f"{'table' if is_filled else kind.lower()} {name}"
        yield Statement(Act.CREATE, target, "" if is_filled else whole, columns)
        yield from _room(name, words) if kind == "TABLE" else ()
        if is_filled and _has(words, "WITH", "NO", "DATA"):
            yield Statement(Act.EMPTY, f"table {name}")
    if not kind and [at(words, 1), at(words, 2)] == ["TABLE", "IF"]:
        yield Statement(Act.MAY_CREATE, f"table {plain(name_of(words[2:])[0])}")
    is_unique = at(words, 1) == "UNIQUE"
    rest = words[2:] if is_unique else words[1:]
    if at(rest, 0) != "INDEX":
        return
    on = next((index for index, word in enumerate(rest) if word.upper == "ON"), None)
    if on is None:
        return
    table, after = name_of(rest[on + 1 :])
    columns = in_parentheses(after)
    if is_unique:
        yield Statement(Act.ADD_UNIQUE, f"table {table}", _condition(after), columns)
    if any(word.upper == "CONCURRENTLY" for word in rest[:on]):
        yield Statement(Act.CONCURRENTLY, "CREATE INDEX CONCURRENTLY")
    else:
        yield Statement(Act.ADD_INDEX, f"table {table}", columns=columns)


def _room(table: str, words: list[Word]) -> Iterator[Statement]:
    """Give the columns that a new table is given."""
    for part in commas(inside(words)):
        if part and at(part, 0) not in _CONSTRAINTS:
            yield _room_of(table, part)


def _room_of(table: str, part: list[Word]) -> Statement:
    name, definition = name_of(part)
    plainly = takewhile(lambda word: word.upper != "CHECK", definition)
    told = ["not null"] if _has(list(plainly), "NOT", "NULL") else []
    uppers = [word.upper for word in definition]
    if "REFERENCES" in uppers:
        target = name_of(definition[uppers.index("REFERENCES") + 1 :])[0]
        told.append(plain(target).rpartition(".")[2])
    return Statement(Act.ROOM, f"column {table}.{name}", _type(definition), tuple(told))


def _domain(words: list[Word]) -> Iterator[Statement]:
    """Tell of a domain whose values have to keep to more, NOT VALID or not."""
    name, rest = name_of(words[2:])
    is_set = [at(rest, 0), at(rest, 1)] == ["SET", "NOT"]
    if at(rest, 0) == "ADD" or is_set:
        yield Statement(Act.DOMAIN, f"domain {name}")


def _condition(rest: list[Word]) -> str:
    """Return "where" with the column and the value that a partial index is about, if plain."""
    uppers = [word.upper for word in rest]
    if "WHERE" not in uppers or "OR" in uppers or "NOT" in uppers:
        return ""
    words = [word for word in rest[uppers.index("WHERE") + 1 :] if word.text not in "();"]
    column = plain(name_of(words)[0])
    match [word.upper for word in words[1:4]]:
        case [] | ["IS", "TRUE", *_] | ["=", "TRUE", *_] | ["AND", *_]:
            return f"where {column} true"
        case ["=", *_] if len(words) > 2 and words[2].literal is not None:
            return f"where {column} {words[2].literal}"
    return ""


def _action(table: str, action: list[Word]) -> Iterator[Statement]:
    verb, following = at(action, 0), at(action, 1)
    if verb == "ADD" and following in _CONSTRAINTS:
        yield from _constraint(table, action[1:])
    elif verb == "ADD" and following in ("INDEX", "KEY", "FULLTEXT", "SPATIAL"):
        yield Statement(Act.ADD_INDEX, f"table {table}", columns=in_parentheses(action))
    elif verb == "ADD":
        yield from _column(table, action[2:] if following == "COLUMN" else action[1:])
    elif verb == "ALTER":
        yield from _altered(table, action[2:] if following == "COLUMN" else action[1:])
    elif verb in ("MODIFY", "CHANGE"):
        rest = action[2:] if following == "COLUMN" else action[1:]
        if verb == "CHANGE":
            rest = name_of(rest)[1]
        name, definition = name_of(rest)
        yield Statement(Act.CHANGE_TYPE, f"column {table}.{name}", _type(definition))
        if _has(definition, "NOT", "NULL"):
            yield Statement(Act.SET_NOT_NULL, f"column {table}.{name}")
    elif verb == "VALIDATE":
        name = plain(name_of(action[2:])[0])
        yield Statement(Act.VALIDATE, f"table {table}", name)
    elif verb == "SET" and following in ("TABLESPACE", "LOGGED", "UNLOGGED", "ACCESS"):
        yield Statement(Act.REWRITE, f"table {table}")
    if verb == "DETACH" and any(word.upper == "CONCURRENTLY" for word in action):
        yield Statement(Act.CONCURRENTLY, "DETACH PARTITION … CONCURRENTLY")


def _constraint(table: str, rest: list[Word]) -> Iterator[Statement]:
    name = ""
    if at(rest, 0) == "CONSTRAINT":
        name, rest = name_of(rest[1:])
    kind = at(rest, 0)
    columns = in_parentheses(rest)
    if _has(rest, "USING", "INDEX"):
        return
    if _has(rest, "NOT", "VALID"):
        yield Statement(Act.NOT_VALID, f"table {table}", plain(name))
        act = Act.NOT_VALID_KEY if kind == "FOREIGN" else Act.NOT_VALID_CHECK
        names = columns if kind == "FOREIGN" else _all_names(rest)
        yield Statement(act, f"table {table}", columns=names)
    elif kind in ("UNIQUE", "PRIMARY"):
        yield Statement(Act.ADD_UNIQUE, f"table {table}", columns=columns)
    elif kind == "FOREIGN":
        yield Statement(Act.ADD_FOREIGN_KEY, f"table {table}", columns=columns)
    elif kind in ("CHECK", "EXCLUDE"):
        yield Statement(Act.ADD_CHECK, f"table {table}", columns=_all_names(rest))
    elif kind == "NOT":
        yield Statement(Act.SET_NOT_NULL, f"column {table}.{name_of(rest[2:])[0]}")


def _column(table: str, rest: list[Word]) -> Iterator[Statement]:
    name, definition = name_of(rest)
    uppers = {word.upper for word in definition}
    must_be_given = _has(definition, "NOT", "NULL") or "PRIMARY" in uppers
    target = f"column {table}.{name}"
    yield Statement(Act.ADD_COLUMN, target, "not null" if must_be_given else "")
    yield _room_of(table, rest)
    if must_be_given and not uppers & _FILLED:
        yield Statement(Act.ADD_NOT_NULL, target)
    function = called_anew(default_of(definition))
    if uppers & _SERIAL or function:
        yield Statement(Act.REWRITE, f"table {table}", function)
    elif "UNIQUE" in uppers and "DEFAULT" in uppers:
        yield Statement(Act.ADD_UNIQUE, f"table {table}", "default", (plain(name),))


def _altered(table: str, rest: list[Word]) -> Iterator[Statement]:
    name, action = name_of(rest)
    target = f"column {table}.{name}"
    if _has(action[:3], "SET", "NOT", "NULL"):
        yield Statement(Act.SET_NOT_NULL, target)
    elif _has(action[:3], "DROP", "NOT", "NULL"):
        yield Statement(Act.TAKE_NULL, target)
    elif _has(action[:2], "DROP", "DEFAULT"):
        yield Statement(Act.DROP_DEFAULT, target)
    elif _has(action[:2], "SET", "DEFAULT"):
        # A column whose default is NULL has none.
        is_null = at(action, 2) == "NULL" and at(action, 3) in ("", ";")
        yield Statement(Act.DROP_DEFAULT if is_null else Act.SET_DEFAULT, target)
    else:
        kinds = [index for index, word in enumerate(action[:3]) if word.upper == "TYPE"]
        if kinds:
            computed = _is_computed(plain(name), action)
            new = _type(action[kinds[0] + 1 :])
            yield Statement(Act.CHANGE_TYPE, target, new, computed=computed)


def _is_computed(column: str, action: list[Word]) -> bool:
    """Return whether USING says something else than the column, or a cast of it."""
    uppers = [word.upper for word in action]
    if "USING" not in uppers:
        return False
    words = [word for word in action[uppers.index("USING") + 1 :] if word.text not in "();"]
    is_cast = at(words, 0) == "CAST"
    name, rest = name_of(words[1:] if is_cast else words)
    if plain(name).rpartition(".")[2] != column or at(rest, 0) not in (
        "",
        "AS" if is_cast else "::",
    ):
        return True
    return any(_OPERATOR.fullmatch(word.text) for word in rest)


def _type(rest: list[Word]) -> str:
    parts: list[str] = []
    for word in rest:
        if word.upper in _AFTER_TYPE or word.upper == ";":
            break
        parts.append(word.text.lower())
    return " ".join(parts)


def _all_names(rest: list[Word]) -> tuple[str, ...]:
    return tuple(plain(word.text) for word in rest if word.literal is None)


def _has(words: list[Word], *keywords: str) -> bool:
    uppers = [word.upper for word in words]
    size = len(keywords)
    return any(uppers[at : at + size] == list(keywords) for at in range(len(uppers) - size + 1))
