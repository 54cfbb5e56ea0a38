"""Whether a reversal that leaves another schema is enough for the code of the base."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from quality_harness.migrations.probe import catalog

_COLUMN = re.compile(r"column (\S+)\.(\S+) (.*)")
_OTHER = re.compile(r"\w+ on (\S+): ")
_TEXT = re.compile(r"(?:text|character varying(?:\((\d+)\))?)(.*)")


def is_enough(before: Sequence[str], after: Sequence[str], used: Iterable[str]) -> bool:
    """Whether the base's code can do what it could, and the migration can be run again.

    So it is where a column takes longer texts than it did, where a function is left over that
    nothing calls, and where all that differs is a table that was there before and that no model
    uses.

    Args:
        before: the lines of the schema before the migration.
        after: those after its reversal.
        used: the names of the tables of all models.
    """
    names = {_plain(name) for name in used}
    unused = catalog.tables_of(before) - names
    missing, left = Counter(before) - Counter(after), Counter(after) - Counter(before)
    was, is_now = _columns(missing), _columns(left)
    changed = {name for line in missing if (name := _function(line))}
    for line in (*missing, *left):
        if _function(line) and _function(line) not in changed:
            continue
        column = _COLUMN.match(line)
        table = column or _OTHER.match(line)
        is_unused = table is not None and _plain(table[1]) in unused
        was_there = column is None or line in missing or column.group(1, 2) in was
        is_longer = column is not None and _is_longer(column.group(1, 2), was, is_now)
        if not (is_unused and was_there) and not is_longer:
            return False
    return True


def leaves_functions(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a function stands there that was not there before: CREATE FUNCTION stops at it.

    Args:
        before: the lines of the schema before the migration.
        after: those after its reversal.
    """
    return any(_function(line) for line in Counter(after) - Counter(before))


def _function(line: str) -> str:
    return line.rpartition(": ")[0] if line.startswith("function ") else ""


def _plain(name: str) -> str:
    """Return a table's name without quotes and without its schema."""
    return name.replace('"', "").rpartition(".")[2]


def _columns(lines: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Return the rest of each column's line by table and column."""
    found = filter(None, map(_COLUMN.match, lines))
    return {column.group(1, 2): column[3] for column in found}


def _is_longer(
    place: Collection[str],
    was: Mapping[tuple[str, ...], str],
    is_now: Mapping[tuple[str, ...], str],
) -> bool:
    old, new = (_TEXT.fullmatch(each.get(tuple(place), "")) for each in (was, is_now))
    if not old or not new or old[2] != new[2]:
        return False
    return not new[1] or (bool(old[1]) and int(new[1]) >= int(old[1]))
