"""Dates and ages as a registry states them, with their precision and unit."""

from __future__ import annotations

import calendar
import re
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_AGE = re.compile(r"(\d{1,9})\s+(Year|Month|Week|Day|Hour|Minute)s?\Z", re.ASCII | re.IGNORECASE)

# Python's own month names follow the locale; pages are in English wherever they are served.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Days in one unit. A year is 365.2425 days and a month a twelfth of it (Gregorian means):
# enough to order limits such as "18 Years" and "216 Months", which compare equal.
_DAYS = {
    "year": 365.2425,
    "month": 365.2425 / 12,
    "week": 7.0,
    "day": 1.0,
    "hour": 1 / 24,
    "minute": 1 / 1440,
}


class PartialDate(str):
    """A date known to the year, the month or the day; it stays as precise as it was stated.

    ClinicalTrials.gov gives many dates as a month. We keep the month: a day that we made up
    would sort and filter as if someone had stated it.

    >>> PartialDate("2025-10").month, PartialDate("2025-10").day
    (10, None)
    >>> PartialDate("2025-10").last
    datetime.date(2025, 10, 31)

    Raises:
        ValueError: not a date of one of the three forms, or no such day.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> PartialDate:  # noqa: D102 (the class says it)
        found = _DATE.match(text)
        if not found:
            raise ValueError(f"Expected a date as YYYY, YYYY-MM or YYYY-MM-DD, got {text[:30]!r}")
        year, month, day = (int(part) if part else 1 for part in found.groups())
        try:
            date(year, month, day)
        except ValueError as error:
            raise ValueError(f"No such date: {text!r} ({error})") from None
        return super().__new__(cls, text)

    @property
    def year(self) -> int:
        """The year."""
        return int(self[:4])

    @property
    def month(self) -> int | None:
        """The month, 1 to 12, if stated."""
        return int(self[5:7]) if len(self) > 4 else None

    @property
    def day(self) -> int | None:
        """The day of the month, if stated."""
        return int(self[8:10]) if len(self) > 7 else None

    @property
    def first(self) -> date:
        """The first day that it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day that it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def words(self) -> str:
        """Return the date as people write it.

        >>> PartialDate("2025-10-01").words(), PartialDate("2025-10").words()
        ('1 October 2025', 'October 2025')
        """
        if self.month is None:
            return str(self.year)
        name = f"{_MONTHS[self.month - 1]} {self.year}"
        return name if self.day is None else f"{self.day} {name}"


class Age(str):
    """An age with its unit, such as ``18 Years`` or ``6 Months``.

    >>> Age("18 Years").days == Age("216 Months").days
    True

    Raises:
        ValueError: no number with a unit of time.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Age:  # noqa: D102 (the class says it)
        if not _AGE.match(text):
            raise ValueError(f"Expected an age such as '18 Years' or '6 Months', got {text[:30]!r}")
        return super().__new__(cls, text)

    @property
    def days(self) -> float:
        """The age in days."""
        number, unit = self.split()
        return int(number) * _DAYS[unit.lower().rstrip("s")]

    @property
    def end(self) -> float:
        """The age in days that is too old where this is a maximum: 65 Years ends at 66.

        >>> Age("65 Years").end == Age("66 Years").days
        True
        """
        number, unit = self.split()
        return (int(number) + 1) * _DAYS[unit.lower().rstrip("s")]

    @property
    def years(self) -> float:
        """The age in years."""
        return self.days / _DAYS["year"]

    def words(self) -> str:
        """Return the age in lower case, singular where it is one.

        >>> Age("1 Years").words(), Age("18 Years").words()
        ('1 year', '18 years')
        """
        number, unit = self.split()
        unit = unit.lower().rstrip("s")
        return f"{number} {unit}" if number == "1" else f"{number} {unit}s"
