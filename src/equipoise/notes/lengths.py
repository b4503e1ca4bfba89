"""
Lengths of time as notes state them, and the stretch of time that lies so long before a moment.

::

    length = about? count ((“-” | "to" | "or") count)? unit
    count  = number | "a" | "half a" | "two" …
    about  = "about" | "almost" | "less than" | "more than" …

What is counted in hours is measured to the minute; days and weeks are calendar days, months whole months and years
whole years: "6 months ago" names no day. "About" widens the stretch by a third to either side.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from equipoise.criteria.tokens import COUNTS
from equipoise.notes.sentences import Span
from equipoise.records.moments import Duration, duration_of

Stretch = tuple[datetime, datetime]

_WORDS = {"a": 1, "an": 1, "half a": 0.5, "half an": 0.5, "one and a half": 1.5, "a dozen": 12} | {
    word: int(count) for word, count in COUNTS.items() if count and word not in ("once", "twice")
}
_TENS = {word: count for word, count in _WORDS.items() if count in range(20, 100, 10)}
_ONES = {word: count for word, count in _WORDS.items() if count in range(1, 10) and len(word) > 2}
_COUNT = rf"\d{{1,3}}(?:\.\d{{1,2}})?|(?:{'|'.join(_TENS)})[\s-](?:{'|'.join(_ONES)})|" + "|".join(
    sorted(_WORDS, key=len, reverse=True)
)
_UNITS = {
    "min": r"minutes?|mins?|min",
    "h": r"hours?|hrs?|h",
    "d": r"days?|d",
    "wk": r"weeks?|wks?|wk",
    "mo": r"months?|mos?|mths?",
    "a": r"years?|yrs?",
}
_NAMES = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
LENGTH = re.compile(
    r"(?:(?<![\w.])|(?<=\bx))(?:(?P<about>about|approximately|approx\.?|around|roughly|some|nearly|almost|over|"
    r"more than|at least|"
    r"less than|under|up to|within|~|>|<)\s*)?(?:the\s+)?"
    rf"(?P<low>{_COUNT})(?:\s?(?:-|–|to|or)\s?(?P<high>{_COUNT}))?[\s-]{{1,2}}(?:{_NAMES})\b(?!\w)"
    rf"|(?:(?<![\w.])|(?<=\bx))(?P<glued>\d{{1,3}})(?P<short>min|h|hrs?|d|wk)\b",
    re.IGNORECASE,
)
_GLUED = {"min": "min", "h": "h", "hr": "h", "hrs": "h", "d": "d", "wk": "wk"}
_ABOUT = frozenset(("about", "approximately", "approx", "approx.", "around", "roughly", "some", "~"))
_BELOW = frozenset(("nearly", "almost"))
_LESS = frozenset(("less than", "under", "up to", "within", "<"))
_FINER = {"a": ("mo", 12), "mo": ("d", 30), "wk": ("d", 7), "d": ("h", 24), "h": ("min", 60)}


class Length(msgspec.Struct, frozen=True):
    """A length of *low* to *high* units; ``about`` is the word that blurs it."""

    span: Span
    low: float
    high: float
    unit: str
    about: str = ""

    @property
    def exact(self) -> bool:
        """Whether one number states it."""
        return self.low == self.high and not self.about

    def before(self, start: Stretch) -> Stretch | None:
        """
        Return the stretch that lies so long before another; None where it has no beginning.

        >>> now = datetime(2026, 1, 15, 9, 40)
        >>> [f"{one:%Y-%m-%dT%H:%M}" for one in Length((0, 0), 2, 2, "d").before((now, now))]
        ['2026-01-13T00:00', '2026-01-13T23:59']
        """
        longest, shortest = self.high, self.low
        if self.about in _ABOUT or self.about in _BELOW:
            shortest, longest = self.low * 2 / 3, self.high * (1 if self.about in _BELOW else 4 / 3)
        elif self.about in _LESS:
            shortest = 0
        elif self.about:
            return None
        early, late = _back(start[0], longest, self.unit), _back(start[1], shortest, self.unit)
        return None if early is None or late is None else (early[0], min(late[1], start[1]))


def lengths(text: str, start: int, end: int) -> list[Length]:
    """
    Return the lengths of time that a text states.

    >>> [(one.low, one.high, one.unit, one.about) for one in lengths("2-3 days, about half an hour, 3h", 0, 32)]
    [(2.0, 3.0, 'd', ''), (0.5, 0.5, 'h', 'about'), (3.0, 3.0, 'h', '')]
    """
    return [length for found in LENGTH.finditer(text, start, end) if (length := _length(found)) is not None]


def _length(found: re.Match[str]) -> Length | None:
    if found["glued"]:
        count = float(found["glued"])
        return Length(found.span(), count, count, _GLUED[found["short"].lower()])
    unit = next(name for name in _UNITS if found[name])
    low = _number(found["low"])
    high = low if found["high"] is None else _number(found["high"])
    if high < low or high <= 0:
        return None
    return Length(found.span(), low, high, unit, (found["about"] or "").lower())


def _number(word: str) -> float:
    if word[0].isdigit():
        return float(word)
    said = " ".join(word.lower().replace("-", " ").split())
    known = _WORDS.get(said)
    return sum(_WORDS[part] for part in said.split()) if known is None else known


def _back(moment: datetime, count: float, unit: str) -> Stretch | None:
    """Return the stretch that lies so many units before a minute, as wide as the unit is coarse."""
    while count != int(count) and unit in _FINER:
        unit, factor = _FINER[unit][0], _FINER[unit][1]
        count = round(count * factor, 6)
    length = duration_of(count, unit)
    if length is None or length.months > 12 * 120 or length.days > 40_000:
        return None
    if length.minutes or unit in ("h", "min"):
        minute = moment - timedelta(minutes=length.minutes)
        return minute, minute
    if length.months:
        return _months_back(moment, length, whole_year=unit == "a")
    day = moment.replace(hour=0, minute=0) - timedelta(days=length.days)
    return day, day.replace(hour=23, minute=59)


def _months_back(moment: datetime, length: Duration, *, whole_year: bool) -> Stretch | None:
    year, month = divmod(moment.year * 12 + moment.month - 1 - length.months, 12)
    if year < 1:
        return None
    if whole_year:
        return datetime(year, 1, 1), datetime(year, 12, 31, 23, 59)
    after = datetime(year + (month == 11), (month + 1) % 12 + 1, 1)
    return datetime(year, month + 1, 1), after - timedelta(minutes=1)
