"""The types of SQL as those that fields have."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Type:
    """A column's type.

    Attributes:
        family: "text", "integer", "decimal" and so on; what is of one family converts.
        size: the most characters, the bytes of an integer, or the digits before the point;
            None without a limit.
        scale: the digits after the point.
    """

    family: str
    size: int | None = None
    scale: int | None = None


# What Django never makes, and its own column of that name is something else.
_ZONELESS = Type("timestamp without time zone")
_PADDED = "padded text"
_FAMILIES = {
    "text": Type("text"), "citext": Type("text"), "varchar": Type("text"),
    "character varying": Type("text"), "smallint": Type("integer", 2), "int2": Type("integer", 2),
    "integer": Type("integer", 4), "int": Type("integer", 4), "int4": Type("integer", 4),
    "bigint": Type("integer", 8), "int8": Type("integer", 8), "numeric": Type("decimal"),
    "decimal": Type("decimal"), "double precision": Type("double"), "float8": Type("double"),
    "real": Type("double", 4), "boolean": Type("boolean"), "bool": Type("boolean"),
    "date": Type("date"), "timestamptz": Type("timestamp"),
    "timestamp with time zone": Type("timestamp"), "timestamp": _ZONELESS,
    "timestamp without time zone": _ZONELESS, "time": Type("time"),
    "time without time zone": Type("time"), "interval": Type("interval"),
    "uuid": Type("uuid"), "bytea": Type("bytes"), "json": Type("json"), "jsonb": Type("jsonb"),
    "inet": Type("inet"),
}  # fmt: skip
_WITH_SIZE = re.compile(r"(?P<name>[a-z_0-9 ]+?) ?\( ?(?P<size>\d+) ?(?:, ?(?P<scale>\d+) ?)?\)$")


def type_in_sql(text: str) -> Type | None:
    """Return the type that SQL names, in lower case with blanks between; None if unknown."""
    found = _WITH_SIZE.match(text)
    if found is None:
        return _FAMILIES.get(text)
    size, scale = int(found["size"]), int(found["scale"] or 0)
    if found["name"] in ("char", "character"):
        return Type(_PADDED, size)
    plain = _FAMILIES.get(found["name"])
    if plain == Type("text"):
        return Type("text", size)
    return Type("decimal", size - scale, scale) if plain == Type("decimal") else plain
