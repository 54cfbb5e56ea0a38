"""Reads what functions of the database do, where the migration that makes them has them run."""

import re
from collections.abc import Iterator, MutableMapping

from quality_harness.migrations.sql import Act, Statement, find
from quality_harness.migrations.sql_names import creation, name_of, plain
from quality_harness.migrations.sql_schema import effects
from quality_harness.migrations.tokens import Word, statements

_MAKES = re.compile(r"function|procedure", re.IGNORECASE)
_REFUSES = re.compile(r"\braise\s+(exception\b|'|sqlstate\b)|\breturn\s+null\b", re.IGNORECASE)
_AFTER = {"AFTER"}
# For a DELETE the old row is what says that it may go on.
_UNDOES = re.compile(r"\breturn\s+old\b", re.IGNORECASE)
# These name a function, and run none.
_NAME_ONLY = {"DROP", "ALTER", "COMMENT", "GRANT", "REVOKE", "CREATE"}


def run_functions(sql: str, bodies: MutableMapping[str, str]) -> Iterator[Statement]:
    """Give what the functions that a text calls, or makes triggers of, do.

    Args:
        sql: one or more statements.
        bodies: the bodies of functions that the migration has made so far, by name; those of the
            text are added.
    """
    if not bodies and _MAKES.search(sql) is None:
        return
    for words in statements(sql):
        kind, name = creation(words)
        texts = [word.literal for word in words if word.literal is not None]
        if kind in ("FUNCTION", "PROCEDURE"):
            body = _plain_body(words) or max(texts, key=len, default="")
            bodies[name.rpartition(".")[2]] = body
        elif kind == "TRIGGER":
            yield from _trigger(words, bodies)
        elif kind == "" and words[0].upper not in _NAME_ONLY:
            # A DO block calls from inside its text.
            inner = [each for text in texts for each in statements(text)]
            for body in _called([words, *inner] if words[0].upper == "DO" else [words], bodies):
                yield from find(body)
                yield from effects(body)


def _plain_body(words: list[Word]) -> str:
    """Return a body that stands in no quotes: BEGIN ATOMIC ... END, or RETURN."""
    uppers = [word.upper for word in words]
    starts = [uppers.index(each) for each in ("ATOMIC", "RETURN") if each in uppers]
    return " ".join(word.text for word in words[min(starts) + 1 :]) if starts else ""


def _called(called: list[list[Word]], bodies: MutableMapping[str, str]) -> Iterator[str]:
    for words in called:
        for word, following in zip(words, words[1:], strict=False):
            name = plain(word.text)
            if following.text == "(" and word.literal is None and name in bodies:
                yield bodies[name]


def _trigger(words: list[Word], bodies: MutableMapping[str, str]) -> Iterator[Statement]:
    uppers = [word.upper for word in words]
    if "ON" not in uppers:
        return
    table = name_of(words[uppers.index("ON") + 1 :])[0]
    name = next((plain(each.text) for each in reversed(words) if plain(each.text) in bodies), "")
    body = bodies.get(name, "")
    refuses = _REFUSES.search(body)
    if refuses is None and "DELETE" not in uppers:
        refuses = _UNDOES.search(body)
    # What an AFTER trigger returns counts for nothing.
    if refuses is not None and not (_AFTER & set(uppers) and "return" in refuses[0].lower()):
        yield Statement(Act.REFUSE, f"table {table}")
    yield from find(body)
