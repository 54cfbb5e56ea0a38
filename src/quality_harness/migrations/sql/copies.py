"""Reads what triggers copy from the row that sets them off."""

from collections.abc import Iterator

from quality_harness.migrations.sql.names import at, commas, in_parentheses, inside, name_of, plain
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.tokens import Word, statements, words as words_of

_EVENTS = {"AFTER", "INSERT", "UPDATE", "DELETE"}
# What may keep a value from being copied as it is.
_GUARDS = {"IF", "CASE", ":=", "WHEN"}
_ROWS = {"NEW", "OLD"}


def copies(table: str, trigger: list[Word], body: str) -> Iterator[Statement]:
    """Give the columns into which a trigger puts what stands in the row that sets it off.

    Nothing is told of a trigger that looks at the row first.

    Args:
        table: whose rows set it off.
        trigger: the statement that makes it.
        body: of the function that it runs.
    """
    if not _GUARDS.isdisjoint(word.upper for word in (*trigger, *words_of(body))):
        return
    events = tuple(sorted(_EVENTS & {word.upper for word in trigger}))
    for words in statements(body):
        if [at(words, 0), at(words, 1)] == ["INSERT", "INTO"]:
            target, rest = name_of(words[2:])
            columns, sources = in_parentheses(rest), tuple(_values(rest))
            if len(columns) == len(sources):
                yield Statement(
                    Act.COPY, f"table {table}", plain(target), columns, sources, body=events
                )


def _values(rest: list[Word]) -> Iterator[str]:
    """Give for each value of VALUES the column that it comes from, such as "new.title", or ""."""
    start = next((index for index, word in enumerate(rest) if word.upper == "VALUES"), len(rest))
    for part in commas(inside(rest[start:])):
        is_column = len(part) == 3 and part[0].upper in _ROWS and part[1].text == "."
        yield f"{part[0].text.lower()}.{plain(part[2].text)}" if is_column else ""
