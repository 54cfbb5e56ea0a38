"""Reads what functions of the database do, where the migration that makes them has them run."""

import re
from collections.abc import Iterator, MutableMapping
from itertools import dropwhile, takewhile

from quality_harness.migrations.sql.copies import copies
from quality_harness.migrations.sql.names import at, commas, creation, name_of, plain
from quality_harness.migrations.sql.schema import effects
from quality_harness.migrations.sql.statements import Act, Statement, find
from quality_harness.migrations.sql.tokens import Word, statements, words as words_of

# Text without any of these makes and calls no function, and telling so takes no tokenizer.
_IN_QUESTION = re.compile(r"function|procedure|trigger|\b(select|call|perform)\b", re.IGNORECASE)
_FILLS = re.compile(r"\bnew\s*\.\s*\"?(\w+)\"?\s*:?=", re.IGNORECASE)
_REFUSES = re.compile(r"\braise\s+(exception\b|'|sqlstate\b)|\breturn\s+null\b", re.IGNORECASE)
_AFTER = {"AFTER"}
_SETS = {":=", "="}
_NAME = re.compile(r"\w|\"")
# For a DELETE the old row is what says that it may go on.
_UNDOES = re.compile(r"\breturn\s+old\b", re.IGNORECASE)
_SETTLED = {"IMMUTABLE", "STABLE"}
# These name a function, and run none.
_NAME_ONLY = {"DROP", "ALTER", "COMMENT", "GRANT", "REVOKE", "CREATE"}


def run_functions(sql: str, bodies: MutableMapping[str, str]) -> Iterator[Statement]:
    """Give what the functions that a text calls, or makes triggers of, do.

    Args:
        sql: one or more statements.
        bodies: the bodies of functions that the migration has made so far, by name; those of the
            text are added. Of others that are called the names are told.
    """
    if not bodies and _IN_QUESTION.search(sql) is None:
        return
    for words in statements(sql):
        kind, name = creation(words)
        texts = [word.literal for word in words if word.literal is not None]
        if kind in ("FUNCTION", "PROCEDURE"):
            body = _plain_body(words) or max(texts, key=len, default="")
            own = name.rpartition(".")[2]
            bodies[own] = body
            refuses = "refuses" if _REFUSES.search(body) else ""
            fills = tuple(dict.fromkeys(each.lower() for each in _FILLS.findall(body)))
            settled = any(word.upper in _SETTLED for word in words)
            told = _arguments(words), " ".join(word.text for word in words_of(body)).rstrip("; ")
            target = f"function {own}"
            yield Statement(Act.FUNCTION, target, refuses, fills, computed=not settled, body=told)
        elif kind == "TRIGGER":
            yield from _trigger(words, bodies)
        elif words[0].upper == "DROP":
            yield from _dropped(words)
        elif kind == "" and words[0].upper not in _NAME_ONLY:
            # A DO block calls from inside its text.
            inner = [each for text in texts for each in statements(text)]
            called = dict.fromkeys(_called([words, *inner] if words[0].upper == "DO" else [words]))
            for body in [bodies[name] for name in called if name in bodies]:
                yield from find(body)
                yield from effects(body)
            others = tuple(name for name in called if name not in bodies)
            if others:
                yield Statement(Act.CALL, "functions", columns=others)


def _plain_body(words: list[Word]) -> str:
    """Return a body that stands in no quotes: BEGIN ATOMIC ... END, or RETURN."""
    uppers = [word.upper for word in words]
    starts = [uppers.index(each) for each in ("ATOMIC", "RETURN") if each in uppers]
    return " ".join(word.text for word in words[min(starts) + 1 :]) if starts else ""


def _arguments(words: list[Word]) -> str:
    """Return a function's arguments without their defaults: others make another function."""
    opened = dropwhile(lambda word: word.text != "(", words)
    given = list(takewhile(lambda word: word.upper != "RETURNS", opened))[1:-1]
    return ", ".join(
        " ".join(
            word.text.lower()
            for word in takewhile(lambda word: word.upper not in ("DEFAULT", "="), part)
        )
        for part in commas(given)
    )


def _called(texts: list[list[Word]]) -> Iterator[str]:
    """Give the names that parentheses follow, but for those of tables that rows go into."""
    for words in texts:
        for index, word in enumerate(words[:-1]):
            if words[index + 1].text == "(" and word.literal is None and _NAME.match(word.text):
                begin = index
                while begin > 1 and words[begin - 1].text == ".":
                    begin -= 2
                if not begin or words[begin - 1].upper != "INTO":
                    yield plain(word.text)


def _function(words: list[Word]) -> str:
    """Return the function that a trigger runs: what EXECUTE FUNCTION names."""
    places = [index for index, word in enumerate(words) if word.upper == "EXECUTE"]
    name = name_of(words[places[-1] + 2 :])[0] if places else ""
    return plain(name).rpartition(".")[2]


def _dropped(words: list[Word]) -> Iterator[Statement]:
    name, rest = name_of(words[2:])
    own = plain(name).rpartition(".")[2]
    if at(words, 1) == "TRIGGER":
        table = name_of(rest[1:])[0]
        yield Statement(Act.DROP_TRIGGER, f"table {table}", own)
    elif at(words, 1) in ("FUNCTION", "ROUTINE") and any(each.upper == "CASCADE" for each in rest):
        yield Statement(Act.DROP_FUNCTION, f"function {own}")


def _trigger(words: list[Word], bodies: MutableMapping[str, str]) -> Iterator[Statement]:
    uppers = [word.upper for word in words]
    if "ON" not in uppers:
        return
    table = name_of(words[uppers.index("ON") + 1 :])[0]
    name = next((plain(each.text) for each in reversed(words) if plain(each.text) in bodies), "")
    body = bodies.get(name, "")
    own = plain(name_of(words[uppers.index("TRIGGER") + 1 :])[0])
    yield Statement(Act.TRIGGER, f"table {table}", _function(words), (own, *(_AFTER & set(uppers))))
    refuses = _REFUSES.search(body)
    if refuses is None and "DELETE" not in uppers:
        refuses = _UNDOES.search(body)
    # What an AFTER trigger returns counts for nothing.
    is_idle = refuses is not None and _AFTER & set(uppers) and "return" in refuses[0].lower()
    if (refuses is not None and not is_idle) or _keeps_what_is_deleted(uppers, body):
        yield Statement(Act.REFUSE, f"table {table}")
    yield from find(body)
    yield from copies(table, words, body)


def _keeps_what_is_deleted(uppers: list[str], body: str) -> bool:
    """Return whether a trigger gives back NEW on every way, which is NULL for a DELETE."""
    if not {"BEFORE", "DELETE", "ROW"} <= set(uppers):
        return False
    words = list(words_of(body))
    given = [
        [each.upper for each in words[index + 1 : index + 3]]
        for index, word in enumerate(words)
        if word.upper == "RETURN"
    ]
    is_set = any(
        word.upper == "NEW" and (words[index - 1].upper == "INTO" or at(words, index + 1) in _SETS)
        for index, word in enumerate(words)
    )
    return bool(given) and not is_set and all(each == ["NEW", ";"] for each in given)
