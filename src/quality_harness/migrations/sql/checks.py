"""Reads which functions the checks of tables and domains call."""

from collections.abc import Iterator

from quality_harness.migrations.sql.names import at, name_of, plain
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.tokens import Word


def checks(words: list[Word]) -> Iterator[Statement]:
    """Give the checks that a statement makes and that call functions, and constraints it drops.

    Args:
        words: of a CREATE or ALTER.
    """
    uppers = [word.upper for word in words]
    places = [index for index, word in enumerate(uppers[:4]) if word in ("TABLE", "DOMAIN")]
    if not places or not {"CHECK", "CONSTRAINT"} & set(uppers):
        return
    owner = f"{uppers[places[0]].lower()} {plain(name_of(words[places[0] + 1 :])[0])}"
    for place, word in enumerate(uppers):
        if word == "CHECK":
            name = plain(words[place - 1].text) if uppers[place - 2] == "CONSTRAINT" else ""
            called = tuple(_called(words[place + 1 :]))
            if called:
                yield Statement(Act.CHECK_CALLS, owner, name, called)
        elif word == "DROP" and at(words, place + 1) == "CONSTRAINT":
            name = plain(name_of(words[place + 2 :])[0])
            yield Statement(Act.DROP_CONSTRAINT, owner, name)


def _called(words: list[Word]) -> Iterator[str]:
    """Give the functions that are called within the parentheses that the words begin with."""
    depth = 0
    for word, following in zip(words, words[1:], strict=False):
        depth += (word.text == "(") - (word.text == ")")
        if not depth:
            return
        if following.text == "(" and word.text not in "()":
            yield plain(word.text)
