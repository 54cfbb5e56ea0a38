"""Names and lists in the words of an SQL statement."""

import re
from collections.abc import Iterator

from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.sql.tokens import Word

_BEFORE_NAME = {"IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"}
_TABLE_KINDS = {"OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "FOREIGN",
                "MATERIALIZED", "RECURSIVE"}  # fmt: skip


def creation(statement: list[Word]) -> tuple[str, str]:
    """Return what a statement creates for certain: the kind of thing and its plain name."""
    if statement[0].upper == "SELECT":
        return _selected_into(statement)
    if statement[0].upper != "CREATE":
        return "", ""
    index = 1
    while at(statement, index) in _TABLE_KINDS:
        index += 1
    kind, rest = at(statement, index), statement[index + 1 :]
    temporary = any(word.upper in ("TEMP", "TEMPORARY") for word in statement[:index])
    if kind == "TABLE" and at(rest, 0) == "IF" and not temporary:
        return "", ""
    return kind, plain(name_of(rest)[0])


def _selected_into(statement: list[Word]) -> tuple[str, str]:
    """Return the table that SELECT ... INTO makes; in a block that is a variable."""
    uppers = [word.upper for word in statement]
    if "INTO" not in uppers:
        return "", ""
    rest = statement[uppers.index("INTO") + 1 :]
    while at(rest, 0) in _TABLE_KINDS | {"TABLE"}:
        rest = rest[1:]
    return "TABLE", plain(name_of(rest)[0])


def name_of(rest: list[Word]) -> tuple[str, list[Word]]:
    """Return the name that `rest` begins with and what follows it."""
    index = 0
    while at(rest, index) in _BEFORE_NAME:
        index += 1
    parts = [word.text for word in rest[index : index + 1]]
    index += 1
    while at(rest, index) == "." and index + 1 < len(rest):
        parts += [".", rest[index + 1].text]
        index += 2
    return "".join(parts).replace(HOLE, "…") or "…", rest[index:]


def commas(rest: list[Word]) -> Iterator[list[Word]]:
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


def in_parentheses(rest: list[Word]) -> tuple[str, ...]:
    """Return the names in the first parentheses."""
    found = inside(rest)
    return tuple(plain(name_of(part)[0]) for part in commas(found)) if found else ()


def inside(rest: list[Word]) -> list[Word]:
    """Return what stands in the first parentheses."""
    start = next((index for index, word in enumerate(rest) if word.text == "("), len(rest))
    found: list[Word] = []
    depth = 0
    for word in rest[start:]:
        depth += (word.text == "(") - (word.text == ")")
        if depth == 0:
            break
        found.append(word)
    return found[1:]


def prepared(statement: list[Word]) -> list[Word]:
    """Return the statement that PREPARE names."""
    uppers = [word.upper for word in statement]
    return statement[uppers.index("AS") + 1 :] if "AS" in uppers else []


_HOLES = re.compile(f"({HOLE})+")
# What format() puts its arguments for.
_PLACES = re.compile(r"%(\d+\$)?[ILs]")


def executed(statement: list[Word]) -> str:
    """Return the text that EXECUTE runs, with a hole for each part that is not written out."""
    texts = [word.literal for word in statement if word.literal is not None]
    if [at(statement, 1), at(statement, 2)] == ["FORMAT", "("]:
        parts = list(commas(statement[3:-1] if at(statement, -1) == ")" else statement[3:]))
        parts = [[word for word in part if word.text not in (")", ";")] for part in parts]
        given = [part[0].literal for part in parts[1:] if len(part) == 1]
        names = [each for each in given if each is not None]
        if texts and len(names) == len(parts) - 1 == len(_PLACES.findall(texts[0])):
            waiting = iter(names)
            return _PLACES.sub(lambda _: next(waiting), texts[0])
    begins = HOLE if at(statement, 2).startswith("|") and statement[1].literal is None else ""
    return _PLACES.sub(HOLE, begins + HOLE.join(texts))


def at(statement: list[Word], index: int) -> str:
    return statement[index].upper if index < len(statement) else ""


def plain(name: str) -> str:
    return re.sub(r"[\"`\[\]]", "", name).lower()


def show(statement: list[Word]) -> str:
    return _HOLES.sub("…", " ".join(word.text for word in statement[:6]))
