"""What stands in PostgreSQL's catalogue: tables by their oid, columns by number, the schema."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quality_harness.migrations.probe import batch

Values = Mapping[int, Any]

_SYSTEM = ", ".join(
    [f"'{name}'::regnamespace" for name in ("pg_catalog", "pg_toast", "information_schema")]
    + ["pg_my_temp_schema()"]
)
_COLUMNS = """
SELECT 'column ' || a.attrelid::regclass || '.' || a.attname || ' '
    || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END
    || CASE WHEN a.attgenerated <> '' THEN ' generated' ELSE '' END
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace NOT IN (SYSTEM) AND c.relkind IN ('r', 'p', 'v', 'm')
    AND a.attnum > 0 AND NOT a.attisdropped
""".replace("SYSTEM", _SYSTEM)
_ALL_ELSE = """
SELECT 'constraint on ' || conrelid::regclass || ': ' || pg_get_constraintdef(oid)
FROM pg_constraint
WHERE connamespace NOT IN (SYSTEM) AND conrelid <> 0 AND contype <> 'n'
UNION ALL
SELECT 'index on ' || i.indrelid::regclass || ': '
    || regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX .* ON ', 'INDEX ON ')
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace NOT IN (SYSTEM)
UNION ALL
SELECT 'trigger on ' || tgrelid::regclass || ': ' || pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'view on ' || oid::regclass || ': ' || md5(pg_get_viewdef(oid))
FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace NOT IN (SYSTEM)
UNION ALL
SELECT 'function ' || p.oid::regprocedure || ': ' || md5(p.prosrc)
FROM pg_proc p
WHERE p.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
)
""".replace("SYSTEM", _SYSTEM)


@dataclass(frozen=True)
class Table:
    """A table as it was before the migration.

    Attributes:
        oid: stays when the table is renamed.
        columns: the name of each column by its number, which stays when it is renamed.
        key: the number of the primary key's column.
        rows: the values of each row by its key.
    """

    oid: int
    columns: Mapping[int, str]
    key: int
    rows: Mapping[Any, Values]


def schema(cursor: Any) -> list[str]:
    """Return one line for each column, constraint, index, trigger, view and function, sorted."""
    cursor.execute(f"{_COLUMNS} UNION ALL {_ALL_ELSE}")
    # Validating a constraint takes nothing away.
    return sorted(line.replace(" NOT VALID", "") for (line,) in cursor.fetchall())


def columns(cursor: Any) -> list[str]:
    """Return the lines of `schema` that are about columns."""
    cursor.execute(_COLUMNS)
    return [line for (line,) in cursor.fetchall()]


def tables_of(schema: Iterable[str]) -> frozenset[str]:
    """Return the names of the tables and views that have columns in a schema's lines."""
    places = (line.split(" ", 2)[1] for line in schema if line.startswith("column "))
    names = (place.rpartition(".")[0].rpartition(".")[2] for place in places)
    return frozenset(name.strip('"') for name in names)


def read_tables(
    cursor: Any, keys: Mapping[str, str], wanted: Mapping[str, Collection[str]]
) -> dict[str, Table]:
    """Return the tables with their rows.

    Args:
        cursor: of the database.
        keys: the column of the primary key of each table, by the quoted name of the table.
        wanted: the columns of which the models know, likewise.
    """
    cursor.execute(
        "SELECT t.name, to_regclass(t.name)::oid, a.attnum, a.attname"
        " FROM unnest(%s::text[]) AS t(name) JOIN pg_attribute a"
        " ON a.attrelid = to_regclass(t.name) AND a.attnum > 0 AND NOT a.attisdropped",
        (list(keys),),
    )
    found: dict[str, tuple[int, dict[int, str]]] = {}
    for name, oid, number, column in cursor.fetchall():
        if column in wanted[name]:
            found.setdefault(name, (oid, {}))[1][number] = column
    numbers = {
        name: next(number for number, column in columns.items() if column == keys[name])
        for name, (_, columns) in found.items()
    }
    rows = read_rows(
        cursor, [(name, columns, numbers[name]) for name, (_, columns) in found.items()]
    )
    return {
        name: Table(oid, columns, numbers[name], each)
        for (name, (oid, columns)), each in zip(found.items(), rows, strict=True)
    }


def find_by_oid(cursor: Any, tables: Iterable[Table]) -> dict[int, tuple[str, dict[int, str]]]:
    """Return the present name and columns of the tables that are still there."""
    cursor.execute(
        "SELECT c.oid, c.oid::regclass::text, a.attnum, a.attname FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.oid = ANY(%s)",
        ([table.oid for table in tables],),
    )
    found: dict[int, tuple[str, dict[int, str]]] = {}
    for oid, name, number, column in cursor.fetchall():
        found.setdefault(oid, (name, {}))[1][number] = column
    return found


def read_rows(
    cursor: Any, tables: Sequence[tuple[str, Mapping[int, str], int]]
) -> list[dict[Any, Values]]:
    """Return the rows of each table by their keys.

    Args:
        cursor: of the database.
        tables: the name, the columns to read and the number of the key's column.
    """
    found = batch.run(cursor, [_select(name, columns) for name, columns, _ in tables])
    read: list[dict[Any, Values]] = []
    for result, (_, columns, key) in zip(found, tables, strict=True):
        rows = (dict(zip(columns, row, strict=True)) for row in result.rows)
        read.append({row[key]: row for row in rows})
    return read


def _select(name: str, columns: Mapping[int, str]) -> str:
    names = ", ".join('"{}"'.format(column.replace('"', '""')) for column in columns.values())
    return f"SELECT {names} FROM {name}"
