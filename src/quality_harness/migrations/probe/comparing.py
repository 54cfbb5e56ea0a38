"""Compares rows and schema with what they were, and says what is lost."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quality_harness.migrations.probe.catalog import Table, find_by_oid, read_rows

_MOST_LINES = 3


@dataclass(frozen=True)
class Loss:
    """What is gone or changed.

    Attributes:
        table: the name of the table before.
        column: its column before, or empty for rows or all of the table.
        says: in words.
    """

    table: str
    column: str
    says: str


def forward_losses(cursor: Any, tables: Mapping[str, Table]) -> Iterator[Loss]:
    """Give what the migration lost: a renamed table or column loses nothing."""
    there = find_by_oid(cursor, tables.values())
    kept = {
        name: {n: column for n, column in there[table.oid][1].items() if n in table.columns}
        for name, table in tables.items()
        if table.oid in there
    }
    readable = [name for name, columns in kept.items() if tables[name].key in columns]
    places = [(there[tables[name].oid][0], kept[name], tables[name].key) for name in readable]
    now = dict(zip(readable, read_rows(cursor, places), strict=True))
    for name, table in tables.items():
        if table.oid not in there:
            yield Loss(name, "", f"its table is dropped with {len(table.rows)} rows")
            continue
        gone = [number for number in table.columns if number not in kept[name]]
        for number in gone:
            filled = sum(row[number] is not None for row in table.rows.values())
            yield Loss(name, table.columns[number], f"its column is dropped with {filled} values")
        if name in now:
            yield from _changed_rows(name, table, now[name], kept[name])


def losses_by_name(
    cursor: Any, tables: Mapping[str, Table], keys: Mapping[str, Collection[Any]]
) -> Iterator[Loss]:
    """Give what is lost after the reversal, which makes columns of the old names.

    Args:
        cursor: of the database.
        tables: as they were.
        keys: the rows of each table that count; the way back may take away what the way
            forward makes, and with it a row that only looks like it.
    """
    there = find_by_name(cursor, tables)
    kept = {
        name: {n: column for n, column in table.columns.items() if column in there.get(name, ())}
        for name, table in tables.items()
    }
    readable = [name for name, columns in kept.items() if tables[name].key in columns]
    places = [(name, kept[name], tables[name].key) for name in readable]
    now = dict(zip(readable, read_rows(cursor, places), strict=True))
    for name, table in tables.items():
        if name in now:
            rows = {key: row for key, row in table.rows.items() if key in keys[name]}
            yield from _changed_rows(name, replace(table, rows=rows), now[name], kept[name])
        elif name not in there:
            yield Loss(name, "", "its table is not there again")


def find_by_name(cursor: Any, names: Iterable[str]) -> dict[str, set[str]]:
    """Return the columns of the tables of these names."""
    cursor.execute(
        "SELECT t.name, a.attname FROM unnest(%s::text[]) AS t(name) JOIN pg_attribute a"
        " ON a.attrelid = to_regclass(t.name) AND a.attnum > 0 AND NOT a.attisdropped",
        (list(names),),
    )
    found: dict[str, set[str]] = {}
    for name, column in cursor.fetchall():
        found.setdefault(name, set()).add(column)
    return found


def schema_differences(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return some of the lines in which two schemas differ."""
    was, is_now = Counter(before), Counter(after)
    lines = [f"missing: {line}" for line in was - is_now]
    lines += [f"left over: {line}" for line in is_now - was]
    return lines[:_MOST_LINES]


def is_dropped_unseen(
    before: Sequence[str], after: Sequence[str], tables: Mapping[str, Table]
) -> bool:
    """Whether a column is gone of which the old models know nothing.

    Args:
        before: the schema.
        after: its columns after the migration.
        tables: of which the old models know.
    """
    known = {
        f"column {name}.{column}"
        for quoted, table in tables.items()
        for column in table.columns.values()
        for name in (quoted, quoted.strip('"'))
    }
    gone = Counter(before) - Counter(after)
    columns = (" ".join(line.split(" ", 2)[:2]) for line in gone if line.startswith("column "))
    return any(column not in known for column in columns)


def _changed_rows(
    name: str, table: Table, now: Mapping[Any, Mapping[int, Any]], columns: Mapping[int, str]
) -> Iterator[Loss]:
    gone = [key for key in table.rows if key not in now]
    if gone:
        yield Loss(name, "", f"{len(gone)} of {len(table.rows)} rows are gone")
    for number in columns:
        changed = [
            (row[number], now[key][number])
            for key, row in table.rows.items()
            if key in now and not _is_kept(row[number], now[key][number])
        ]
        if changed:
            was, is_now = (_short(each) for each in changed[0])
            says = f"{len(changed)} of {len(table.rows)} values are changed: {was} is now {is_now}"
            yield Loss(name, table.columns[number], says)


def _is_kept(was: Any, is_now: Any) -> bool:
    """Whether nothing is lost: a null that is filled carried no value."""
    return was is None or was == is_now or (is_now is not None and str(was) == str(is_now))


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."
