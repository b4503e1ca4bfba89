"""The line of time: dates in order, spans for what is not known to the day, today where it belongs."""

from __future__ import annotations

from datetime import date

from equipoise.find.timeline import draw_timeline
from equipoise.records.dates import PartialDate
from equipoise.records.study import DateStruct, Status, Study

TODAY = date(2026, 1, 15)


def study(**dates: str) -> Study:
    """Return a study with these dates; an estimated one ends in a question mark, one of no kind in a full stop."""
    read = {}
    for name, text in dates.items():
        kind = "ESTIMATED" if text.endswith("?") else None if text.endswith(".") else "ACTUAL"
        plain = PartialDate(text.rstrip("?."))
        read[name] = plain if name.endswith("_date") else DateStruct(plain, kind)
    return Study(number="NCT99000001", status=Status(**read))


def test_dates_lie_in_order_on_the_line() -> None:
    """What is earlier lies to the left, and all lies on the line."""
    line = draw_timeline(
        study(
            study_first_submit_date="2024-11-02",
            start_date_struct="2025-01-10",
            primary_completion_date_struct="2026-06-30?",
            completion_date_struct="2027-12?",
        ),
        TODAY,
    )
    assert line is not None
    places = [mark.at for mark in line.marks.values()]
    assert places == sorted(places)
    assert all(0 < mark.at <= mark.end < 100 for mark in line.marks.values())
    assert line.today is not None
    assert line.marks["StartDate"].at < line.today < line.marks["PrimaryCompletionDate"].at
    assert [tick.words for tick in line.ticks] == ["2025", "2026", "2027", "2028"]


def test_kinds_are_told_apart_in_words() -> None:
    """Actual, estimated, estimated and past, and not said: each has its own words and kind."""
    line = draw_timeline(
        study(
            start_date_struct="2024-01-10",
            primary_completion_date_struct="2025-06-30?",
            completion_date_struct="2027-12-01?",
            last_update_post_date_struct="2025-07-01.",
        ),
        TODAY,
    )
    assert line is not None
    assert {key: (mark.kind, mark.words) for key, mark in line.marks.items()} == {
        "StartDate": ("actual", "10 January 2024 (actual)"),
        "PrimaryCompletionDate": ("estimated", "30 June 2025 (estimated, which has passed)"),
        "CompletionDate": ("estimated", "1 December 2027 (estimated)"),
        "LastUpdatePostDate": ("", "1 July 2025"),
    }


def test_a_month_or_a_year_is_a_span() -> None:
    """A date known to the year is as long as a year; one known to the day is a point."""
    line = draw_timeline(study(start_date_struct="2020", completion_date_struct="2026-03-01?"), TODAY)
    assert line is not None
    start, end = line.marks["StartDate"], line.marks["CompletionDate"]
    year = line.ticks[1].at - line.ticks[0].at
    assert start.span
    assert abs((start.end - start.at) - year) < 0.2
    assert start.at < start.middle < start.end
    assert not end.span


def test_today_far_off_is_left_out() -> None:
    """Today does not squeeze a study of long ago into a corner."""
    line = draw_timeline(study(start_date_struct="1999-03", completion_date_struct="2001-05"), TODAY)
    assert line is not None
    assert line.today is None


def test_ticks_are_few_on_a_long_line() -> None:
    """Forty years have no forty labels."""
    line = draw_timeline(study(start_date_struct="1985", completion_date_struct="2026-12?"), TODAY)
    assert line is not None
    assert 2 <= len(line.ticks) <= 9


def test_one_date_makes_no_line() -> None:
    """A line needs two dates."""
    assert draw_timeline(study(start_date_struct="2025"), TODAY) is None
    assert draw_timeline(study(), TODAY) is None
