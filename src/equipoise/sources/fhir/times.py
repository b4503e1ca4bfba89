"""When something was, as FHIR states it: to the minute where the record has the time of day, else the date alone."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import msgspec

from equipoise.records.moments import Moment, duration_of
from equipoise.sources.fhir.elements import Resource, items, number, text

_DAY = 1440
# The units of time as FHIR's timings and quantities write them, as UCUM.
_UNITS = {"s": "s", "min": "min", "h": "h", "d": "d", "wk": "wk", "mo": "mo", "a": "a"}
_UNITS |= {"day": "d", "days": "d", "week": "wk", "weeks": "wk", "month": "mo", "months": "mo", "year": "a"}
_UNITS |= {"hour": "h", "hours": "h", "minute": "min", "minutes": "min", "years": "a"}


class Held(msgspec.Struct, frozen=True):
    """From when until when something held, each as far as the record says."""

    when: Moment | None = None
    until: Moment | None = None


def moment(said: object) -> Moment | None:
    """
    Return the moment of a date, dateTime or instant, to the minute; None where it is none.

    >>> moment("2025-04-20T05:34:07.5Z"), moment("1961-04"), moment("yesterday")
    ('2025-04-20T05:34Z', '1961-04', None)
    """
    if not isinstance(said, str):
        return None
    try:
        found = Moment(said.strip())
    except ValueError:
        return None
    if not found.to_the_minute:
        return found
    offset = found[16:].lstrip(":.0123456789")
    return Moment(found[:16] + offset)


def held(resource: Resource, choice: str) -> Held:
    """
    Return when a choice such as ``effective[x]`` says that it was.

    A date or time alone is when it began; a period has an end as well. An age or words give no date.

    >>> held({"onsetPeriod": {"start": "2020", "end": "2021-05"}}, "onset")
    Held(when='2020', until='2021-05')
    """
    for form in ("DateTime", "Instant", "Date"):
        found = moment(resource.get(choice + form))
        if found is not None:
            return Held(found)
    period = next(iter(items(resource, choice + "Period")), None)
    if period is not None:
        return during(period)
    timing = resource.get(choice + "Timing")
    listed = timing.get("event") if isinstance(timing, dict) else None
    return Held(moment(listed[0])) if isinstance(listed, list) and listed else Held()


def during(period: object) -> Held:
    """Return the bounds of a Period; an end before its start says nothing."""
    if not isinstance(period, dict):
        return Held()
    when, until = moment(period.get("start")), moment(period.get("end"))
    return Held(when, until if in_order(when, until) else None)


def in_order(first: Moment | None, second: Moment | None) -> bool:
    """Return whether the second can be at or after the first."""
    if first is None or second is None:
        return True
    by_clock = first.to_the_minute and second.to_the_minute
    start, end = (one.period(by_clock=by_clock, clock=first.offset or 0) for one in (first, second))
    return start.first <= end.last


def length(quantity: object) -> tuple[float, str] | None:
    """
    Return a length of time and its UCUM unit.

    >>> length({"value": 30, "unit": "days"}), length({"value": 3, "unit": "tablets"})
    ((30, 'd'), None)
    """
    value = number(quantity, "value")
    unit = _UNITS.get(text(quantity, "code")) or _UNITS.get(text(quantity, "unit").lower())
    return None if value is None or value < 0 or unit is None else (value, unit)


def later(start: Moment | None, value: float, unit: str) -> Moment | None:
    """
    Return the moment so long after another; None where that one is vaguer than a day, or the sum beyond the calendar.

    >>> later(Moment("2025-01-30"), 30, "d"), later(Moment("2025-01-01T10:00+01:00"), 90, "min")
    ('2025-03-01', '2025-01-01T11:30+01:00')
    """
    span = duration_of(value, unit)
    if start is None or span is None or len(start) < 10 or not math.isfinite(value):
        return None
    by_clock = start.to_the_minute
    if span.months or not by_clock:
        tick = start.period(by_clock=False, clock=start.offset or 0).first
        tick = span.shift(tick, 1, by_clock=False) + span.minutes // _DAY
        return _dated(tick, start[10:])
    try:
        moved = datetime.fromisoformat(start[:16]) + timedelta(days=span.days, minutes=span.minutes)
    except OverflowError:
        return None
    return Moment(moved.isoformat(timespec="minutes") + start[16:])


def _dated(tick: int, clock: str) -> Moment | None:
    try:
        return Moment(datetime.fromordinal(tick).date().isoformat() + clock)
    except (ValueError, OverflowError):
        return None
