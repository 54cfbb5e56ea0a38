"""Reads which partitions SQL adds to tables."""

from collections.abc import Iterator

from quality_harness.migrations.sql.names import at, name_of, plain
from quality_harness.migrations.sql.statements import Act, Statement
from quality_harness.migrations.sql.tokens import Word


def partitions(words: list[Word]) -> Iterator[Statement]:
    """Give the partition that a statement makes or attaches.

    Args:
        words: of a CREATE or an ALTER TABLE.
    """
    uppers = [word.upper for word in words]
    if "TABLE" not in uppers[:3] or "PARTITION" not in uppers:
        return
    first, rest = name_of(words[uppers.index("TABLE") + 1 :])
    second, bounds = name_of(rest[2:])
    match at(rest, 0), at(rest, 1):
        case "PARTITION", "OF":
            parent, own = second, first
        case "ATTACH", "PARTITION":
            parent, own = first, second
        case _:
            return
    is_default = any(word.upper == "DEFAULT" for word in bounds[-2:])
    act = Act.DEFAULT_PARTITION if is_default else Act.PARTITION
    yield Statement(act, f"table {parent}", plain(own).rpartition(".")[2])
