"""
Dates and times of day as notes write them.

::

    date  = year "-" month "-" day | day month-name year | month-name day "," year | a "/" b "/" year
          | month-name year | "[**" date "**]"                 # the brackets of records made anonymous
    clock = hour ":" minute ("am" | "pm")? | hour ("am" | "pm")
    at    = date ("at" | "," | "T")? clock zone?

"03/04/2026" is March in one country and April in another: the year is all that it says. "13/04/2026" is a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from equipoise.notes.sentences import Span
from equipoise.records.moments import Moment

MONTHS = {
    name: place
    for place, names in enumerate(
        ["jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"], 1
    )
    for name in names.split()
}  # fmt: skip
MONTH_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_NTH = r"(?:st|nd|rd|th)?"
_DATE = (
    r"(?:(?P<y1>\d{4})-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})"
    rf"|(?P<d2>\d{{1,2}}){_NTH}\s+(?:of\s+)?(?P<n2>{MONTH_NAME})\b\.?,?\s+(?P<y2>\d{{4}})"
    rf"|(?P<n3>{MONTH_NAME})\b\.?\s+(?P<d3>\d{{1,2}}){_NTH},?\s+(?P<y3>\d{{4}})"
    r"|(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<y4>\d{4})"
    rf"|(?P<n5>{MONTH_NAME})\b\.?,?\s+(?:of\s+)?(?P<y5>\d{{4}}))"
)
_HALF = r"[ap]\.?m\b\.?"
_CLOCK = rf"(?P<hour>\d{{1,2}})(?:[:h](?P<minute>[0-5]\d)(?::\d\d)?(?:\s*(?P<half>{_HALF}))?|\s*(?P<half2>{_HALF}))"
_ZONE = r"(?:\s?(?P<zone>Z\b|UTC\b|GMT\b|CES?T\b|[+-]\d{2}:?\d{2}(?!\d)))?"
_ZONES = {"Z": "Z", "UTC": "Z", "GMT": "Z", "CET": "+01:00", "CEST": "+02:00"}
_WHOLE = re.compile(
    rf"(?<![\w/.-])(?:\[\*\*\s?)?{_DATE}(?:\s?\*\*\])?(?![/\d-])"
    rf"(?:(?:\s?(?:,|\bat\b|T|@)\s?|\s){_CLOCK}(?!\d){_ZONE})?",
    re.IGNORECASE,
)
_TIME = re.compile(rf"(?<![\w/.:-]){_CLOCK}(?![\d:]){_ZONE}", re.IGNORECASE)
# Zones of which the name does not tell the offset: Eastern time is an hour off in summer, and EST is Australian, too.
_NAMED_ZONE = re.compile(r"\s?(?:[ECMPW][SD]?T|BST|IST|AES?T|JST)\b")


class Stated(msgspec.Struct, frozen=True):
    """A date that a text states, as `Moment` writes it; ``whole`` says that its day is known."""

    span: Span
    text: str
    whole: bool


def stated_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[Stated]:
    """
    Yield the dates that a text states, with their time of day where it stands beside them.

    >>> [one.text for one in stated_dates("On 14 Jan 2026 at 2:30 pm, 01/14/2026, in March 2025, [**2148-10-1**].")]
    ['2026-01-14T14:30', '2026-01-14', '2025-03', '2148-10-01']
    >>> [one.text for one in stated_dates("03/04/2026")]
    ['2026']
    """
    for found in _WHOLE.finditer(text, start, len(text) if end is None else end):
        day = _day(found)
        if day is None or not _is_day(day):
            continue
        clock = clock_of(found) if found["hour"] and len(day) == 10 else None
        if found["hour"] and clock is None:
            yield Stated((found.start(), found.start("hour")), day, len(day) == 10)
            continue
        yield Stated(found.span(), day + (f"T{clock}{_zone(found)}" if clock else ""), len(day) == 10)


def stated_times(text: str, start: int, end: int) -> Iterator[tuple[Span, str, str]]:
    """
    Yield the times of day that a text states, as hours and minutes, each with its zone as `Moment` writes it, or "".

    One in a zone whose offset its name does not tell ("04:40 EST") is left out: it may be another moment.

    >>> [clock for _, clock, _ in stated_times("at 07:15, 2 pm and 12:30 a.m., ratio 3:75", 0, 42)]
    ['07:15', '14:00', '00:30']
    >>> [zone for *_, zone in stated_times("at 04:40 UTC, at 05:00", 0, 22)]
    ['Z', '']
    """
    for found in _TIME.finditer(text, start, end):
        clock = clock_of(found)
        if clock is not None and (found["zone"] or _NAMED_ZONE.match(text, found.end(), end) is None):
            yield found.span(), clock, _zone(found)


def clock_of(found: re.Match[str]) -> str | None:
    """Return the time of day of a match as hours and minutes, None for none."""
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or found["half2"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 else None


def _day(found: re.Match[str]) -> str | None:
    if found["y1"]:
        return f"{found['y1']}-{int(found['m1']):02}-{int(found['d1']):02}"
    if found["y2"] or found["y3"]:
        name, day = found["n2"] or found["n3"], found["d2"] or found["d3"]
        return f"{found['y2'] or found['y3']}-{MONTHS[name.lower()]:02}-{int(day):02}"
    if found["y5"]:
        return f"{found['y5']}-{MONTHS[found['n5'].lower()]:02}"
    first, second, year = int(found["a"]), int(found["b"]), found["y4"]
    if first == second or (first > 12) is not (second > 12):
        month, day = (second, first) if first > 12 else (first, second)
        return f"{year}-{month:02}-{day:02}"
    return year if max(first, second) <= 12 else None


def _is_day(text: str) -> bool:
    try:
        Moment(text)
    except ValueError:
        return False
    return True


def _zone(found: re.Match[str]) -> str:
    zone = (found["zone"] or "").upper()
    if zone in _ZONES:
        return _ZONES[zone]
    return zone if len(zone) != 5 else f"{zone[:3]}:{zone[3:]}"
