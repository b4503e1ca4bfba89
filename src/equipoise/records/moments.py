"""
Moments as precise as they were stated, and lengths of time, for arithmetic that never makes up a time of day.

Two rulers measure time. What a text states in hours or minutes is measured in minutes; what it states in
days, weeks, months or years is measured in calendar days, as a clinician counts them: 28 days before 15
January is 18 December, at whatever hour. A moment that is vaguer than the ruler is a `Period` on it.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from equipoise.records.dates import PartialDate

_MOMENT = re.compile(
    r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T(\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?\Z", re.ASCII
)
_NUMBER = r"(\d{1,6}(?:\.\d{1,6})?)"
_DURATION = re.compile(
    rf"P(?=.)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?\Z",
    re.ASCII,
)
_DAY: Final = 1440
# A month in minutes, the Gregorian mean: only for half months, which no calendar has.
_MEAN_MONTH = 365.2425 / 12 * _DAY

# Beyond every moment that can be written; "not known" on either side.
EVER: Final = 10**10


class Period(msgspec.Struct, frozen=True):
    """The first and the last tick that a moment can mean, both included."""

    first: int
    last: int

    def at_most(self, other: Period) -> bool | None:
        """Return whether this is *other* or before it; unknown where they overlap.

        >>> Period(1, 1).at_most(Period(1, 3)), Period(4, 4).at_most(Period(1, 3)), Period(2, 2).at_most(Period(1, 3))
        (True, False, None)
        """
        if self.last <= other.first:
            return True
        return False if self.first > other.last else None

    def below(self, other: Period) -> bool | None:
        """Return whether this is before *other*; unknown where they overlap."""
        later = other.at_most(self)
        return None if later is None else not later

    @property
    def exact(self) -> bool:
        """Whether this is one tick."""
        return self.first == self.last


class Duration(msgspec.Struct, frozen=True):
    """A length of time in months, days and minutes.

    >>> parse_duration("P1Y6M").words(), parse_duration("PT48H").words(), parse_duration("P4W").words()
    ('18 months', '48 hours', '28 days')
    """

    months: int = 0
    days: int = 0
    minutes: int = 0

    @property
    def by_clock(self) -> bool:
        """Whether it is measured in minutes, not in calendar days."""
        return self.minutes > 0 or not (self.months or self.days)

    def words(self) -> str:
        """Return the length as people say it."""
        months, hours = self.months, self.minutes
        parts = [(months // 12, "year") if months % 12 == 0 else (months, "month"), (self.days, "day")]
        parts.append((hours // 60, "hour") if hours % 60 == 0 else (hours, "minute"))
        said = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts if count]
        return " and ".join(said) or "0 minutes"

    def shift(self, tick: int, sign: int, *, by_clock: bool) -> int:
        """Return the tick this long after (*sign* 1) or before (-1) another."""
        if abs(tick) >= EVER:
            return tick
        if by_clock:
            return tick + sign * (self.minutes + self.days * _DAY + round(self.months * _MEAN_MONTH))
        return _month_shifted(tick, sign * self.months) + sign * self.days

    def move(self, period: Period, sign: int, *, by_clock: bool) -> Period:
        """Return the period this long after or before another."""
        first, last = (self.shift(tick, sign, by_clock=by_clock) for tick in (period.first, period.last))
        return Period(first, last)


def _month_shifted(day: int, months: int) -> int:
    """Return the day so many calendar months away; 31 January and a month is the last of February."""
    if not months or not 1 <= day <= date.max.toordinal():
        return day
    start = date.fromordinal(day)
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    if year < 1 or year > 9998:
        return -EVER if year < 1 else EVER
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal()
    return min(date(year, month + 1, 1).toordinal() + start.day - 1, following - 1)


def parse_duration(text: str) -> Duration:
    """
    Return the length that an ISO 8601 duration states.

    ``duration = "P" (n "Y")? (n "M")? (n "W")? (n "D")? ("T" (n "H")? (n "M")? (n "S")?)?``

    Raises:
        ValueError: not such a duration.
    """
    found = _DURATION.match(text)
    if not found:
        raise ValueError(f"Expected a duration such as P28D or PT24H, got {text[:30]!r}")
    years, months, weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return _length(years * 12 + months, weeks * 7 + days, hours * 60 + minutes + seconds / 60)


def _length(months: float, days: float, minutes: float) -> Duration:
    """Return a length of whole months, days and minutes; what is left over of one is in the next."""
    if months != int(months):
        minutes, months = minutes + months * _MEAN_MONTH, 0
    if days != int(days):
        minutes, days = minutes + days * _DAY, 0
    return Duration(int(months), int(days), round(minutes))


# UCUM's units of time, as (months, days, minutes).
_UNITS = {
    "a": (12, 0, 0),
    "mo": (1, 0, 0),
    "wk": (0, 7, 0),
    "d": (0, 1, 0),
    "h": (0, 0, 60),
    "min": (0, 0, 1),
    "s": (0, 0, 1 / 60),
}


@lru_cache(maxsize=4096)
def duration_of(value: float, unit: str | None) -> Duration | None:
    """Return the length of *value* UCUM units of time, None where *unit* is none of them.

    >>> duration_of(1.5, "a"), duration_of(3, "mg")
    (Duration(months=18, days=0, minutes=0), None)
    """
    one = _UNITS.get(unit or "")
    return None if one is None or value < 0 else _length(*(value * part for part in one))


class Moment(str):
    """
    A moment as it was stated: to the minute, or a day, a month or a year alone.

    A day alone is an unknown time of that day. ``clock`` is the offset from Greenwich, in minutes, on which
    a moment without a zone is read: the one of the moment at which the patient is seen.

    >>> Moment("2026-01-15T09:40+01:00").period(by_clock=False, clock=60).exact
    True
    >>> Moment("2026-01-15").period(by_clock=True, clock=60).exact
    False

    Raises:
        ValueError: none of the four forms, or no such day, time or zone.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Moment:  # noqa: D102 (the class says it)
        found = _MOMENT.match(text)
        if not found or (found[2] and len(found[1]) < 10):
            raise ValueError("Expected a moment as YYYY-MM-DDThh:mm+hh:mm, or a date as YYYY-MM-DD, YYYY-MM or YYYY")
        # What a patient's moment was has no place in a message: each says what is wrong with it, and not what it is.
        try:
            PartialDate(found[1])
        except ValueError:
            raise ValueError("No such day") from None
        if found[2] and (int(found[2]) > 23 or int(found[3]) > 59):
            raise ValueError("No such time of day")
        zone = found[4] or "Z"
        if zone != "Z" and (int(zone[1:3]) > 14 or int(zone[4:]) > 59):
            raise ValueError("No such zone")
        return super().__new__(cls, text)

    @property
    def date(self) -> PartialDate:
        """The date, as precise as it is stated."""
        return PartialDate(self.partition("T")[0])

    @property
    def to_the_minute(self) -> bool:
        """Whether the time of day is stated."""
        return "T" in self

    @property
    def offset(self) -> int | None:
        """The zone as minutes from Greenwich, if stated."""
        time = self.partition("T")[2]
        if time.endswith("Z"):
            return 0
        if time[-6:-5] not in ("+", "-"):
            return None
        length = int(time[-5:-3]) * 60 + int(time[-2:])
        return length if time[-6] == "+" else -length

    def period(self, *, by_clock: bool, clock: int) -> Period:
        """Return the minutes or the days that this moment can mean."""
        day = self.date
        first, last = day.first.toordinal(), day.last.toordinal()
        if not self.to_the_minute:
            return Period(first * _DAY - clock, last * _DAY + _DAY - 1 - clock) if by_clock else Period(first, last)
        offset = self.offset
        minute = first * _DAY + int(self[11:13]) * 60 + int(self[14:16]) - (clock if offset is None else offset)
        tick = minute if by_clock else (minute + clock) // _DAY
        return Period(tick, tick)

    def words(self) -> str:
        """Return the moment as people write it.

        >>> Moment("2026-01-15T09:40+01:00").words(), Moment("2026-01").words()
        ('15 January 2026, 09:40', 'January 2026')
        """
        return f"{self.date.words()}, {self[11:16]}" if self.to_the_minute else self.date.words()


def moment_at(tick: int, *, by_clock: bool, clock: int) -> Moment | None:
    """Return the moment of a tick, None where the calendar does not reach.

    >>> moment_at(Moment("2026-01-15T09:40Z").period(by_clock=True, clock=60).first, by_clock=True, clock=60)
    '2026-01-15T10:40+01:00'
    """
    day, minute = divmod(tick + clock, _DAY) if by_clock else (tick, 0)
    if not 1 <= day <= date.max.toordinal():
        return None
    text = date.fromordinal(day).isoformat()
    if not by_clock:
        return Moment(text)
    hours, minutes = divmod(abs(clock), 60)
    return Moment(f"{text}T{minute // 60:02}:{minute % 60:02}{'-' if clock < 0 else '+'}{hours:02}:{minutes:02}")
