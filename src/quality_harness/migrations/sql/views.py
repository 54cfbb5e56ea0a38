"""What the views that SQL makes show: the table that they show as it is, and their columns."""

from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.sql.names import at, commas, in_parentheses, name_of, plain
from quality_harness.migrations.sql.tokens import Word


def shown(words: list[Word]) -> tuple[str, tuple[str, ...]]:
    """Return the table that a view shows as it is, and the names of the view's columns.

    There is no table ("") where it shows something else than columns of one table under their own
    names, and there are no columns where these are `*` or cannot be told.

    Args:
        words: CREATE VIEW, to the end of the statement.
    """
    rest = [word for word in words if word.text != ";"]
    uppers = [word.upper for word in rest]
    start = uppers.index("AS") if "AS" in uppers else len(rest)
    if at(rest, start + 1) != "SELECT":
        return "", ()
    renamed = in_parentheses(rest[:start])
    selected, after = _until_from(rest[start + 2 :])
    parts = list(commas(selected))
    names = renamed or tuple(map(_name, parts))
    table, more = name_of(after)
    is_plain = after and all(len(part) == 1 for part in parts) and not (more or renamed)
    return plain(table) if is_plain else "", names if all(names) else ()


def _until_from(words: list[Word]) -> tuple[list[Word], list[Word]]:
    """Return what SELECT lists, and what follows FROM."""
    depth = 0
    for place, word in enumerate(words):
        depth += (word.text == "(") - (word.text == ")")
        if word.upper == "FROM" and depth == 0:
            return words[:place], words[place + 1 :]
    return words, []


def _name(part: list[Word]) -> str:
    """Return the name that a column of a view gets; "" where that cannot be told."""
    is_named = len(part) == 1 or (len(part) > 1 and part[-2].upper in ("AS", ")", "."))
    name = plain(part[-1].text) if is_named else ""
    return "" if HOLE in name or not name.replace("$", "_").isidentifier() else name
