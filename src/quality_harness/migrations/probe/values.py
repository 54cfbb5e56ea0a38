"""Values at the edges of what a field takes."""

import datetime
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection

from quality_harness.migrations.probe.long_text import FILL

_UTC = datetime.UTC
_NO_LIMIT = 500
_MOST_CONSTANTS = 12
_WIDE = "ünïcødé 漢字 🚀 'quoted' \"%s\" \\ "
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"\b\d{1,9}\b")

STYLES = ("most", "least", "mixed", "plain", "unset")


@dataclass(frozen=True)
class Constants:
    """What a migration's source compares with: rows that carry it meet its conditions."""

    texts: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


def constants(values: Iterable[object]) -> Constants:
    """Return the constants of a source, those inside of its SQL too."""
    texts: dict[str, None] = {}
    numbers: dict[int, None] = {}
    for value in values:
        if isinstance(value, str):
            inner = [each.replace("''", "'") for each in _LITERAL.findall(value)]
            for text in [*inner, *([] if " " in value else [value])]:
                texts[text.strip("%")] = None
            numbers.update({int(each): None for each in _NUMBER.findall(value)})
        elif isinstance(value, int) and not isinstance(value, bool):
            numbers[value] = None
    return Constants(tuple(filter(None, texts)), tuple(numbers))


class NoValue(Exception):
    """Nothing is known about what the field takes."""


def value(field: Any, style: str, serial: int, vary: bool) -> Any:
    """Return a value.

    Args:
        field: of a historical model; no relation.
        style: one of STYLES.
        serial: the row's number.
        vary: whether the value is to differ from every other row's.

    Raises:
        NoValue: the field's kind is not known, and it has neither default nor null.
    """
    if style == "least" and field.null and not vary:
        return None
    choices = [] if vary else _choices(field)
    if choices:
        return choices[{"most": -1, "least": 0}.get(style, serial) % len(choices)]
    kind = _kind(field)
    if kind is None:
        return _unknown(field)
    return _KINDS[kind](field, "plain" if style == "unset" else style, serial, vary)


def constant(field: Any, known: Constants, index: int) -> Any:
    """Return the constant number `index` of those that fit the field, or None where it has none."""
    fitting = _fitting(field, known)
    return fitting[index] if index < len(fitting) else None


def count_of_constants(fields: Iterable[Any], known: Constants) -> int:
    """Return how many rows show every constant in every field that takes it."""
    return max((len(_fitting(field, known)) for field in fields), default=0)


def _fitting(field: Any, known: Constants) -> list[Any]:
    kind = _kind(field)
    fitting: list[Any] = []
    if field.choices:
        fitting = _choices(field)
    elif kind in _TEXTS:
        limit = field.max_length or _NO_LIMIT
        # The names of fields are there in order to name fields.
        names = {each.name for each in field.model._meta.concrete_fields}
        fitting = [text for text in known.texts if len(text) <= limit and text not in names]
    elif kind == "JSONField":
        # Texts are keys as often as values.
        default = _default(field)
        is_list = isinstance(default, list)
        fitting = [[text] if is_list else {text: text} for text in known.texts]
    elif kind in _INTEGERS:
        low, high = connection.ops.integer_field_range(field.get_internal_type())
        fitting = [number for number in known.numbers if low <= number <= high]
    return fitting[:_MOST_CONSTANTS]


def _choices(field: Any) -> list[Any]:
    return [key for key, _ in field.flatchoices if key is not None]


def _kind(field: Any) -> str | None:
    """Return the name of Django's nearest class, which a project's own class may extend."""
    kind: Any = type(field)
    return _nearest(kind, field.get_internal_type())


@cache
def _nearest(kind: Any, internal_type: str) -> str | None:
    names = [internal_type, *(each.__name__ for each in kind.mro())]
    return next((name for name in names if name in _KINDS), None)


def _unknown(field: Any) -> Any:
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    raise NoValue(f"{field.name} is a {type(field).__name__}, of which no value is known")


def _text(field: Any, style: str, serial: int, vary: bool) -> str:
    limit = field.max_length or _NO_LIMIT
    mark = f"{serial:x}" if vary else ""
    # What is quoted stands there once: it is dear to send.
    body = {"most": _WIDE.ljust(limit, FILL), "mixed": _WIDE, "least": "", "plain": "a"}[style]
    return body[: max(limit - len(mark), 0)] + mark


def _ascii(pattern: str) -> Callable[[Any, str, int, bool], str]:
    def make(field: Any, style: str, serial: int, vary: bool) -> str:
        mark = f"{serial:x}" if vary else "a"
        short = pattern.format(mark)
        if style == "least" and not vary:
            return ""
        room = (field.max_length or _NO_LIMIT) - len(short)
        return pattern.format("x" * max(room, 0) + mark) if style == "most" else short

    return make


def _integer(field: Any, style: str, serial: int, vary: bool) -> int:
    low, high = connection.ops.integer_field_range(field.get_internal_type())
    if vary:
        return serial if style == "plain" else int(high) - serial
    return int({"most": high, "least": low, "mixed": serial % 2 and low or high, "plain": 1}[style])


def _decimal(field: Any, style: str, serial: int, vary: bool) -> Decimal:
    digits, places = field.max_digits or 12, field.decimal_places or 0
    most = Decimal(10**digits - 1).scaleb(-places)
    if vary:
        return Decimal(serial).scaleb(-places)
    return {"most": most, "least": -most, "mixed": most, "plain": Decimal(1)}[style]


def _float(field: Any, style: str, serial: int, vary: bool) -> float:
    if vary:
        return float(serial)
    return {"most": 1.5e15, "least": -1.5e15, "mixed": 0.1, "plain": 1.0}[style]


def _date(field: Any, style: str, serial: int, vary: bool) -> datetime.date:
    day = {
        "most": datetime.date(9999, 12, 30),
        "least": datetime.date(1, 1, 2),
        "mixed": datetime.date(9999, 12, 30) if serial % 2 else datetime.date(1, 1, 2),
        "plain": datetime.date(2024, 2, 29),
    }[style]
    if vary:
        return datetime.date(2000, 1, 1) + datetime.timedelta(days=serial)
    return day


def _datetime(field: Any, style: str, serial: int, vary: bool) -> datetime.datetime:
    day = _date(field, style, serial, vary)
    # With a part of a day, so that a cut to the date is seen.
    return datetime.datetime.combine(day, datetime.time(13, 37, 59, 999_999), _zone())


def _zone() -> datetime.tzinfo | None:
    from django.conf import settings

    return _UTC if settings.USE_TZ else None


def _time(field: Any, style: str, serial: int, vary: bool) -> datetime.time:
    if vary:
        return datetime.time(0, serial // 60 % 60, serial % 60)
    return {
        "most": datetime.time(23, 59, 59, 999_999),
        "least": datetime.time(0),
        "mixed": datetime.time(0),
        "plain": datetime.time(12),
    }[style]


def _address(field: Any, style: str, serial: int, vary: bool) -> str:
    if vary or style in ("least", "plain"):
        return f"10.0.{serial // 250 % 250 if vary else 0}.{serial % 250 if vary else 1}"
    return "10.0.0.255" if getattr(field, "protocol", "") == "ipv4" else "2001:db8::ffff"


def _json(field: Any, style: str, serial: int, vary: bool) -> Any:
    whole: dict[str, Any] = {"a": [1, None, "é", {"b": 0.1}]}
    default = _default(field)
    # Who gives a document or a list as the default reads the others as such, too.
    if isinstance(default, dict):
        return {"most": whole | {"n": serial if vary else 0}, "least": {}}.get(
            style, {"a": serial if vary else style}
        )
    if isinstance(default, list):
        return {"most": [whole, serial if vary else 0], "least": []}.get(
            style, [serial if vary else style]
        )
    return {"most": whole | {"n": serial if vary else 0}, "least": [], "mixed": "text"}.get(
        style, {"a": serial if vary else 1}
    )


def _default(field: Any) -> Any:
    return field.get_default() if field.has_default() else None


def _array(field: Any, style: str, serial: int, vary: bool) -> list[Any]:
    if style == "least":
        return []
    return [value(field.base_field, "plain", serial, vary)]


_TEXTS: Mapping[str, Any] = dict.fromkeys(
    ("CharField", "TextField", "FileField", "ImageField", "FilePathField"), _text
) | {
    "SlugField": _ascii("{}"),
    "EmailField": _ascii("{}@example.org"),
    "URLField": _ascii("https://example.org/{}"),
}
_INTEGERS: Mapping[str, Any] = dict.fromkeys(
    (
        "SmallIntegerField",
        "IntegerField",
        "BigIntegerField",
        "PositiveSmallIntegerField",
        "PositiveIntegerField",
        "PositiveBigIntegerField",
    ),
    _integer,
)
_KINDS: Mapping[str, Callable[[Any, str, int, bool], Any]] = {
    **_TEXTS,
    **_INTEGERS,
    "BooleanField": lambda field, style, serial, vary: (
        serial % 2 == 0 if style in ("mixed", "unset") else style != "least"
    ),
    "DecimalField": _decimal,
    "FloatField": _float,
    "DateField": _date,
    "DateTimeField": _datetime,
    "TimeField": _time,
    "DurationField": lambda field, style, serial, vary: datetime.timedelta(
        days=0 if style == "least" else 999_999, microseconds=serial if vary else 1
    ),
    "UUIDField": lambda field, style, serial, vary: uuid.UUID(int=(1 << 100) + serial * vary),
    "GenericIPAddressField": _address,
    "IPAddressField": _address,
    "BinaryField": lambda field, style, serial, vary: (
        b"" if style == "least" and not vary else b"\x00\xff%d" % (serial if vary else 0)
    ),
    "JSONField": _json,
    "ArrayField": _array,
    "HStoreField": lambda field, style, serial, vary: {"a": f"{serial}", "b": None},
}
