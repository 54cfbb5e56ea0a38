"""Instants at which tests break that compute with the present: `--clock leap-day`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from quality_harness.config import did_you_mean
from quality_harness.gate import CouldNotRun

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
# Zones with two changes a year, in which nothing else is out of the ordinary.
_CHANGING = "Europe/Berlin"


@dataclass(frozen=True)
class Instant:
    """What a clock shows.

    Attributes:
        at: the time, with its zone.
        zone: the time zone that the project is given; empty leaves it its own.
    """

    at: datetime
    zone: str = ""


def _midnight(now: datetime, zone: str) -> Instant:
    """One second to midnight."""
    return Instant(_local(now, zone).replace(hour=23, minute=59, second=59, microsecond=0))


def _new_years_eve(now: datetime, zone: str) -> Instant:
    """One second to the new year."""
    return Instant(_midnight(now, zone).at.replace(month=12, day=31))


def _leap_day(now: datetime, zone: str) -> Instant:
    """Noon of the next 29 February."""
    found = _noon(now, zone) + _DAY
    while (found.month, found.day) != (2, 29):
        found += _DAY
    return Instant(found)


def _half_a_year_ahead(now: datetime, zone: str) -> Instant:
    """The same time in 182 days: the other half of the year, and of daylight saving time."""
    return Instant(_local(now, zone) + 182 * _DAY)


def _year_2038(now: datetime, zone: str) -> Instant:
    """The day after seconds since 1970 have outgrown 31 bits: 19 January, 03:14:08 UTC."""
    return Instant(datetime(2038, 1, 20, 12, tzinfo=UTC))


def _dst_start(now: datetime, zone: str) -> Instant:
    """One second before the clocks go forward, in the project's time zone or in Berlin's."""
    zone, change, _ = _next_change(now, zone, forward=True)
    return Instant((change - _SECOND).astimezone(ZoneInfo(zone)), zone)


def _dst_end(now: datetime, zone: str) -> Instant:
    """Half-way through the hour that comes twice, the second time."""
    zone, change, step = _next_change(now, zone, forward=False)
    return Instant((change + step / 2).astimezone(ZoneInfo(zone)), zone)


def _utc_plus_14(now: datetime, zone: str) -> Instant:
    """In the zone that is furthest ahead, where it is tomorrow already: UTC+14."""
    return Instant(_next_hour(now, 12), "Pacific/Kiritimati")


def _utc_minus_11(now: datetime, zone: str) -> Instant:
    """In the zone that is furthest behind, where it is still yesterday: UTC-11."""
    return Instant(_next_hour(now, 6), "Pacific/Pago_Pago")


INSTANTS: Mapping[str, Callable[[datetime, str], Instant]] = {
    "midnight": _midnight,
    "dst-start": _dst_start,
    "dst-end": _dst_end,
    "leap-day": _leap_day,
    "new-years-eve": _new_years_eve,
    "year-2038": _year_2038,
    "half-a-year-ahead": _half_a_year_ahead,
    "utc+14": _utc_plus_14,
    "utc-11": _utc_minus_11,
}


def check_instant(text: str) -> str:
    """Return the text, a name or an ISO time with its offset.

    Raises:
        CouldNotRun: it is neither.
    """
    if text not in INSTANTS:
        _parse(text)
    return text


def find_instant(text: str, now: datetime, zone: str) -> Instant:
    """Return what a clock shows.

    Args:
        text: a name of `INSTANTS`, or an ISO time with its offset.
        now: the true time, in UTC: most names mean the next such instant.
        zone: the project's time zone.

    Raises:
        CouldNotRun: the text is neither.
    """
    return INSTANTS[text](now, zone) if text in INSTANTS else Instant(_parse(text))


def _parse(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CouldNotRun(
            f"There is no instant '{text}'. {did_you_mean(text, INSTANTS)} "
            "A time is written like 2028-02-29T12:00:00+00:00."
        ) from None
    if at.tzinfo is None:
        raise CouldNotRun(
            f"The instant {text} has no offset. Write {at.isoformat()}+00:00 for UTC."
        )
    return at


def _local(now: datetime, zone: str) -> datetime:
    return now.astimezone(ZoneInfo(zone))


def _noon(now: datetime, zone: str) -> datetime:
    return _local(now, zone).replace(hour=12, minute=0, second=0, microsecond=0)


def _next_hour(now: datetime, hour: int) -> datetime:
    found = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return found if found > now else found + _DAY


def _next_change(now: datetime, zone: str, *, forward: bool) -> tuple[str, datetime, timedelta]:
    """Return where and when clocks change next, in UTC, and by how much.

    Raises:
        CouldNotRun: no clock changes any more.
    """
    begin = now.replace(minute=0, second=0, microsecond=0)
    for name in dict.fromkeys((zone, _CHANGING)):
        place = ZoneInfo(name)
        for start in (begin + days * _DAY for days in range(1, 400)):
            step = _offset(start + _DAY, place) - _offset(start, place)
            if step and (step > timedelta(0)) == forward:
                return name, _moment(_quarters(start), place), abs(step)
    raise CouldNotRun(f"Clocks change neither in {zone} nor in {_CHANGING}: name other instants.")


def _quarters(start: datetime) -> Iterable[datetime]:
    return (start + timedelta(minutes=15 * count) for count in range(4 * 24 + 1))


def _moment(moments: Iterable[datetime], place: tzinfo) -> datetime:
    """Return the first of the moments whose offset is not that of the one before."""
    before, *rest = moments
    return next(each for each in rest if _offset(each, place) != _offset(before, place))


def _offset(moment: datetime, place: tzinfo) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta(0)
