"""Reads SQL that writes other values into rows that are there."""

from collections.abc import Iterator

from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.sql.names import at, commas, name_of, plain
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.tokens import Word


def update(words: list[Word]) -> Iterator[Statement]:
    """Give what an UPDATE overwrites."""
    table, rest = name_of(words[1:])
    start = next((index for index, word in enumerate(rest) if word.upper == "SET"), None)
    if start is None:
        return
    where = _outside_parentheses(rest, "WHERE", start)
    come_from = _outside_parentheses(rest, "FROM", start)
    parts = list(commas(rest[start + 1 : min(where, come_from)]))
    columns = tuple(plain(name_of(part)[0]).rpartition(".")[2] for part in parts)
    copied = [
        column for column, part in zip(columns, parts, strict=True) if _reads_a_column(part[2:])
    ]
    conditions = rest[where:]
    only_empty = [column for column in columns if _is_null(column, conditions)]
    if only_empty and len(only_empty) == len(columns):
        yield Statement(Act.WRITE, f"table {table}", columns=columns)
        return
    amount = "one" if _is_one_row(conditions) else "some" if conditions else "all"
    yield Statement(Act.UPDATE, f"table {table}", amount, columns, tuple(copied))


def _outside_parentheses(words: list[Word], keyword: str, start: int) -> int:
    depth = 0
    for index in range(start, len(words)):
        depth += (words[index].text == "(") - (words[index].text == ")")
        if depth < 0 or (depth == 0 and words[index].upper == keyword):
            return index
    return len(words)


def _reads_a_column(words: list[Word]) -> bool:
    """Return whether a value is made from what other columns hold."""
    names = [word for word in words if word.literal is None and word.text[0].isalpha()]
    return any(word.upper not in ("NULL", "TRUE", "FALSE", "DEFAULT") for word in names)


def _is_null(column: str, conditions: list[Word]) -> bool:
    """Return whether the condition picks only rows in which the column is empty."""
    for index, word in enumerate(conditions):
        is_it = plain(word.text) == column
        if is_it and at(conditions, index + 1) == "IS" and at(conditions, index + 2) == "NULL":
            return not any(each.upper == "OR" for each in conditions)
        following = conditions[index + 1 : index + 3]
        if is_it and [each.text for each in following] in (["=", "''"], ["=", '""']):
            return not any(each.upper == "OR" for each in conditions)
    return False


def _is_one_row(conditions: list[Word]) -> bool:
    texts = [plain(word.text) for word in conditions if word.upper != ";"]
    is_key = len(texts) == 4 and texts[1] in ("id", "pk", "uuid", "slug", "key")
    return is_key and texts[2] == "=" and HOLE not in texts[3]


def overwritten(table: str, words: list[Word]) -> Iterator[Statement]:
    """Give what an INSERT or MERGE does to rows that are there already.

    Args:
        table: its name.
        words: of the statement.
    """
    uppers = [word.upper for word in words]
    if uppers[0] == "REPLACE":
        yield Statement(Act.UPDATE, f"table {table}", "some", ("every column",))
    for index, word in enumerate(uppers):
        before = uppers[max(0, index - 1)]
        if word == "UPDATE" and before in ("DO", "THEN", "KEY"):
            yield Statement(Act.UPDATE, f"table {table}", "some", tuple(_columns(words[index:])))
        elif word == "DELETE" and before == "THEN":
            yield Statement(Act.DELETE, f"table {table}")


def _columns(words: list[Word]) -> Iterator[str]:
    """Give the columns that an assignment list begins with."""
    depth = 0
    for index, word in enumerate(words):
        depth += (word.text == "(") - (word.text == ")")
        if depth == 0 and at(words, index + 1) == "=" and word.upper != "SET":
            yield plain(word.text)
        if depth == 0 and word.upper in ("WHERE", "WHEN", ";"):
            return
