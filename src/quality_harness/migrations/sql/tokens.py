"""SQL text as words and statements."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

# These words begin a new statement inside a procedure's body.
_OPEN_STATEMENT = {"BEGIN", "THEN", "ELSE", "LOOP"}
_HAVE_BODY = {"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT"}
_OPEN_BLOCK = {"BEGIN", "CASE"}
_END_OF_NO_BLOCK = {"IF", "LOOP", "WHILE", "REPEAT", "FOR"}


class Word(NamedTuple):
    """A word or sign of SQL.

    Attributes:
        text: as it is written.
        upper: the keyword or sign that it may be; empty for a literal and a quoted name.
        literal: what a string literal or dollar-quoted body says.
    """

    text: str
    upper: str
    literal: str | None = None


@lru_cache(maxsize=64)
def statements(sql: str) -> tuple[list[Word], ...]:
    """Return the statements of an SQL text as words."""
    return tuple(_unrolled(split(words(sql))))


# PostgreSQL's lexemes, and the quotes and placeholders of other databases and of psycopg.
_LEXEME = re.compile(
    r"""
    (?P<blank> \s+ | (?:--|\#\ )[^\r\n]* | /\*[\s\S]*?\*/ )
  | (?<![\w"$]) (?P<dollars>\$(?:[^\W\d]\w*)?\$) (?P<body>[\s\S]*?) (?P=dollars)
  | '(?P<literal>(?:''|\\'|[^'])*)'
  | (?P<quoted> "(?:""|\\"|[^"])*" | `(?:``|[^`])*` | (?<![\w\])])\[[^\]\[]+\] | \[ )
  | %(?:\(\w+\))?s | (?<!\w)[$:?]\w+ | \\\w+ | (?:@|\#\#?)[^\W\d_]\w+
  | -?(?:0x[\dA-Fa-f]+|\d+(?:\.\d*)?(?:[eE]-?\d+)?|\.\d+)(?![^\W\d])
  | \w[$\#\w]*
  | := | :: | ->>? | \#>>? | \#- | @> | <@ | [<>=~!]+ | [-+/@\#%^&|]+
  | [\s\S]
    """,
    re.VERBOSE,
)


def words(sql: str) -> Iterator[Word]:
    """Give the words of an SQL text, without blanks and comments."""
    for found in _LEXEME.finditer(_without_nested_comments(_plain_backslashes(sql))):
        text = found[0]
        match found.lastgroup:
            case None:
                yield Word(text, text.upper())
            case "body":
                yield Word(text, "", found["body"])
            case "literal":
                yield Word(text, "", found["literal"].replace("''", "'"))
            case "quoted":
                yield Word(text, "")


# What ends a stretch of text in which no comment begins, and the signs of comments.
_PIECES = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|(?P<quote>\$\w*\$).*?(?P=quote)|--[^\n]*|/\*|\*/|.", re.DOTALL
)
_IN_COMMENT = re.compile(r"/\*|\*/|.", re.DOTALL)
_NESTED = re.compile(r"/\*(?:(?!\*/).)*/\*", re.DOTALL)


def _without_nested_comments(sql: str) -> str:
    """Take out block comments as PostgreSQL reads them: each end closes the nearest begin."""
    if _NESTED.search(sql) is None:
        return sql
    kept: list[str] = []
    depth = place = 0
    while place < len(sql):
        found = (_IN_COMMENT if depth else _PIECES).match(sql, place)
        assert found is not None  # the last alternative takes any sign
        place = found.end()
        depth += (found[0] == "/*") - (found[0] == "*/")
        if not depth:
            kept.append(" " if found[0] == "*/" else found[0])
    return "".join(kept)


_ESCAPED = re.compile(r"(?<!\w)[eE]'(?:\\.|''|[^'\\])*'", re.DOTALL)


def _plain_backslashes(sql: str) -> str:
    """Part backslashes from quotes where PostgreSQL reads them as letters: outside of E''."""
    if "\\'" not in sql:
        return sql
    kept: list[str] = []
    place = 0
    while place < len(sql):
        found = _ESCAPED.match(sql, place) or _PIECES.match(sql, place)
        assert found is not None  # the last alternative takes any sign
        place = found.end()
        is_plain = found[0].startswith("'")
        kept.append(found[0].replace("\\'", "\\ '") if is_plain else found[0])
    return "".join(kept)


def split(all_words: Iterable[Word]) -> Iterator[list[Word]]:
    """Split words into statements; none is empty.

    The body of a function or trigger that stands between BEGIN and END stays in its statement.
    """
    statement: list[Word] = []
    depth = 0
    before = ""
    for word in all_words:
        has_body = bool(statement) and _creates_body(statement)
        if has_body:
            depth = max(0, depth + _deeper(before, word.upper))
        before = word.upper
        opens = word.upper in _OPEN_STATEMENT and not has_body
        # WHEN MATCHED THEN belongs to the statement.
        opens = opens and not (statement and statement[0].upper == "MERGE")
        if not depth and (word.upper == ";" or opens):
            if statement:
                yield statement
            statement = []
        else:
            statement.append(word)
    if statement:
        yield statement


def _deeper(before: str, word: str) -> int:
    """Return by how much a word goes deeper into the blocks of a body."""
    if before == "END":
        # "END IF" closes what never counted as open: it takes back what END did.
        return 1 if word in _END_OF_NO_BLOCK else 0
    return (word in _OPEN_BLOCK) - (word == "END")


def _creates_body(statement: list[Word]) -> bool:
    if statement[0].upper != "CREATE":
        return False
    return any(word.upper in _HAVE_BODY for word in statement[1:8])


def _unrolled(found: Iterable[list[Word]]) -> Iterator[list[Word]]:
    """Give what a FOREACH does with its variable once for each value that its array writes out."""
    name, values = "", list[Word]()
    for statement in found:
        keywords = [word.upper for word in statement]
        if keywords[:1] == ["FOREACH"] and keywords[2:5] == ["IN", "ARRAY", "ARRAY"]:
            name, values = keywords[1], _written_out(statement[6:])
            yield statement
        elif values and keywords[:2] in ([name, ":="], [name, "="]):
            # From here on it is another text.
            values = []
            yield statement
        elif values and name in keywords:
            for value in values:
                yield [value if word.upper == name else word for word in statement]
        else:
            # LOOP begins another statement, so that END LOOP is END.
            values = values if keywords != ["END"] else []
            yield statement


def _written_out(array: list[Word]) -> list[Word]:
    """Return the texts of an array; none where another part of it is more than a type."""
    texts = [word for word in array if word.literal is not None]
    signs = [word.upper for word in array if word.literal is None]
    is_list = signs[: len(texts)] == [*[","] * (len(texts) - 1), "]"]
    return texts if is_list and "||" not in signs else []
