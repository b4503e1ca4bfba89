"""
The dates of a study on one line of time: what has happened, what is planned, and today.

A date that is stated as a month or a year is a span, not a day of it. What is estimated and what happened differ by
shape and by word, so that neither color nor place is needed to tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from equipoise.records.dates import PartialDate
from equipoise.records.study import DateStruct, Study

# How many lines of years a picture has room for.
_MOST_TICKS = 9
_STEPS = (1, 2, 5, 10, 20, 50)
# A span shorter than this part of the line shows as a point.
_SHORTEST = 1.4


class Tick(msgspec.Struct, frozen=True):
    """The beginning of a year: its place in hundredths of the line."""

    at: float
    words: str


class TimelineMark(msgspec.Struct, frozen=True):
    """
    A date of a study. ``key`` is the field's piece name; ``at`` and ``end`` are where it begins and ends, in hundredths
    of the line; ``kind`` is ``actual``, ``estimated`` or empty where the record does not say.
    """

    key: str
    at: float
    end: float
    kind: str
    words: str

    @property
    def span(self) -> bool:
        """Whether it shows as a stretch of time."""
        return self.end - self.at >= _SHORTEST

    @property
    def middle(self) -> float:
        """Where its mark is."""
        return round((self.at + self.end) / 2, 2)


class Timeline(msgspec.Struct, frozen=True):
    """The dates of a study by their field, the years, and today's place, or None where it lies beyond the line."""

    marks: dict[str, TimelineMark]
    ticks: tuple[Tick, ...]
    today: float | None


def study_dates(study: Study) -> Iterator[tuple[str, DateStruct]]:
    """Yield the dates that a study states, by their field's piece name."""
    status = study.status
    yield "StudyFirstSubmitDate", DateStruct(status.study_first_submit_date, "ACTUAL")
    yield "StudyFirstPostDate", status.study_first_post_date_struct
    yield "StartDate", status.start_date_struct
    yield "PrimaryCompletionDate", status.primary_completion_date_struct
    yield "CompletionDate", status.completion_date_struct
    yield "ResultsFirstPostDate", status.results_first_post_date_struct
    yield "LastUpdatePostDate", status.last_update_post_date_struct
    yield "StatusVerifiedDate", DateStruct(status.status_verified_date, "ACTUAL")


def draw_timeline(study: Study, today: date) -> Timeline | None:
    """Return the timeline of a study on *today*, or None where fewer than two dates are stated."""
    stated = [(key, one.date, one.type) for key, one in study_dates(study) if one.date]
    if len(stated) < 2:
        return None
    first = min(day.first for _, day, _ in stated)
    last = max(day.last for _, day, _ in stated)
    # Today belongs on the line where it does not make all else small.
    if last < today and (today - last).days <= max(730, (last - first).days // 2):
        last = today
    scale = _Scale(first, last)
    marks = {key: _mark(key, day, kind, scale, today) for key, day, kind in stated}
    inside = scale.first <= today.toordinal() <= scale.last
    return Timeline(marks, tuple(scale.ticks()), scale.at(today) if inside else None)


def _mark(key: str, day: PartialDate, kind: str | None, scale: _Scale, today: date) -> TimelineMark:
    # The registry says of old dates nothing; what lies behind us has most likely happened, but it is not said.
    known = {"ACTUAL": "actual", "ESTIMATED": "estimated"}.get(kind or "", "")
    at, end = scale.at(day.first), scale.at(day.last, end=True)
    passed = ", which has passed" if known == "estimated" and day.last < today else ""
    return TimelineMark(key, at, end, known, f"{day.words()}{f' ({known}{passed})' if known else ''}")


class _Scale:
    """Places in hundredths of a line that begins and ends with a year's quarter."""

    def __init__(self, first: date, last: date) -> None:
        margin = max(40, (last - first).days // 40)
        self.first, self.last = first.toordinal() - margin, last.toordinal() + margin

    def at(self, day: date, *, end: bool = False) -> float:
        """Return the place of the beginning of a day, or of its end."""
        return round(100 * (day.toordinal() + end - self.first) / (self.last - self.first), 2)

    def ticks(self) -> Iterator[Tick]:
        """Yield the beginnings of years, as many as there is room for."""
        low, high = date.fromordinal(self.first).year + 1, date.fromordinal(self.last).year
        step = next((one for one in _STEPS if (high - low) // one < _MOST_TICKS), _STEPS[-1])
        for year in range(low + -low % step, high + 1, step):
            yield Tick(self.at(date(year, 1, 1)), str(year))
