"""
The moment from which a note's times are counted.

::

    zero   = the moment given | stated | the note's own clock
    stated = ("seen" | "examined" … "on" | "date" ":" | "now" …) date ("at"? clock)? | ("now" | "current time") clock

A note that states no date has a clock of its own. It begins in the middle of a month and of a year, so that what a
note states in months or years lies evenly around what is meant; and where the note counts in hours it has a time of
day. No date that the note states is compared with it: such a date gives a fact no moment at all.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

import msgspec

from equipoise.notes.dates import stated_dates, stated_times
from equipoise.records.moments import Moment

TIME_ZERO: Final = Moment("2000-07-15")
# At eight in the morning "yesterday" is from 8 to 32 hours ago: it settles none of the usual windows wrongly.
CLOCK_ZERO: Final = Moment("2000-07-15T08:00")

_NOW = r"(?:now|current time|time now|time of (?:assessment|evaluation|examination|visit))\s*(?:is|:|=)?\s*(?:at\s+)?"
_DATE_OF = (
    r"(?:today(?:'s date)?\s*(?:is|:|=|,)?"
    r"|\b(?:is |was |been )?(?:seen|evaluated|examined|assessed|reviewed)\b[^.;\n]{0,40}?\b(?:on|at)"
    r"|(?:^|[\n.;(])\s*(?:note |visit |encounter |clinic |assessment )?date(?: of (?:visit|service|note|evaluation|"
    r"assessment|examination|encounter))?(?:(?: and |/)time)?\s*:)\s*"
)
_SEEN = re.compile(rf"(?:{_DATE_OF}|\b{_NOW})$", re.IGNORECASE)
_IT_IS = re.compile(
    rf"\b(?:(?:it is )?{_NOW}|(?:seen|examined|evaluated|assessed|reviewed)(?: today)? at\s+)$", re.IGNORECASE
)
_HOURS = re.compile(
    r"\b(?:\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half an|few|several)"
    r"[\s-]{0,2}(?:hours?|hrs?|h|minutes?|mins?|min)\b",
    re.IGNORECASE,
)
# How long before the note a patient who "presents" may have come.
_PRESENTING = timedelta(hours=6)
_NEAR = 2  # days


def is_own(at: Moment) -> bool:
    """
    Return whether a moment is on the clock of a note that names no day: how far off is known, and when is not.

    >>> is_own(CLOCK_ZERO), is_own(Moment("2026-01-15"))
    (True, False)
    """
    return at.date == TIME_ZERO.date


class Zero(msgspec.Struct, frozen=True):
    """
    The moment *at* which a note sees the patient.

    ``dated`` says that real dates are compared with it, ``clocked`` that its time of day is a real one.
    """

    at: Moment
    dated: bool
    clocked: bool

    @property
    def now(self) -> tuple[datetime, datetime]:
        """The first and the last minute that it can be."""
        return ends_of(self.at)

    def moment(self, first: datetime, last: datetime) -> Moment | None:
        """
        Return the most precise moment that covers a stretch of time; None where a year does not.

        >>> zero = Zero(Moment("2026-01-15T09:40+01:00"), dated=True, clocked=True)
        >>> zero.moment(datetime(2026, 1, 15, 6, 40), datetime(2026, 1, 15, 6, 40))
        '2026-01-15T06:40+01:00'
        >>> zero.moment(datetime(2026, 1, 10), datetime(2026, 1, 12))
        '2026-01'
        """
        day = first.date().isoformat()
        if first == last:
            return Moment(f"{day}T{first:%H:%M}{_zone(self.at)}")
        if first.date() == last.date():
            # On a clock that nobody stated, "yesterday" is no fixed number of hours.
            near = not self.clocked and self.at.to_the_minute and (self.now[0].date() - first.date()).days <= _NEAR
            return Moment(day[:7] if near else day)
        if (first.year, first.month) == (last.year, last.month):
            return Moment(day[:7])
        return Moment(day[:4]) if first.year == last.year else None

    def presented(self) -> tuple[datetime, datetime]:
        """Return when the patient came, who "presents" as the note is written."""
        first, last = self.now
        return (first - _PRESENTING, last) if self.dated else (first, last)


def zero_of(text: str, at: Moment | None) -> Zero:
    """
    Return the time zero of a note: the moment given, the one it states, or the beginning of its own clock.

    >>> zero_of("Seen on 14 March 2026 at 16:05. Fever for 2 days.", None).at
    '2026-03-14T16:05'
    >>> zero_of("Chest pain 3 hours ago.", None).at == CLOCK_ZERO
    True
    """
    if at is not None:
        return Zero(at, dated=True, clocked=at.to_the_minute)
    for one in stated_dates(text):
        if one.whole and _SEEN.search(text, max(0, one.span[0] - 90), one.span[0]):
            stated = Moment(one.text)
            return Zero(stated, dated=True, clocked=stated.to_the_minute)
    for span, clock, zone in stated_times(text, 0, len(text)):
        if _IT_IS.search(text, max(0, span[0] - 40), span[0]):
            return Zero(Moment(f"{TIME_ZERO}T{clock}{zone}"), dated=False, clocked=True)
    return Zero(CLOCK_ZERO if _HOURS.search(text) else TIME_ZERO, dated=False, clocked=False)


def ends_of(moment: Moment) -> tuple[datetime, datetime]:
    """Return the first and the last minute that a moment can mean, on its own clock."""
    if moment.to_the_minute:
        minute = datetime.fromisoformat(str(moment)[:16])
        return minute, minute
    first, last = moment.date.first, moment.date.last
    return datetime(first.year, first.month, first.day), datetime(last.year, last.month, last.day, 23, 59)


def _zone(at: Moment) -> str:
    time = at.partition("T")[2]
    return "Z" if time.endswith("Z") else time[-6:] if time[-6:-5] in ("+", "-") else ""
