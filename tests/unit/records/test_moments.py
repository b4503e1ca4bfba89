"""Moments keep their precision; lengths of time are counted as clinicians count them."""

from __future__ import annotations

import pytest

from equipoise.records.moments import Duration, Moment, Period, duration_of, moment_at, parse_duration


def _day(text: str) -> int:
    return Moment(text).period(by_clock=False, clock=0).first


@pytest.mark.parametrize(
    "text",
    ["", "2026-1-5", "2026-01-15T9:40", "2026-01-15 09:40", "2026-02-30", "2026-01T09:40", "2026-01-15T25:00",
     "2026-01-15T09:60", "2026-01-15T09:40+25:00", "yesterday"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    """A moment in another form, or one that does not exist, is an error and never mended."""
    with pytest.raises(ValueError, match=r"Expected|No such"):
        Moment(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2026-01-15T09:40+01:00", 1),
        ("2026-01-15T09:40:59.123Z", 1),
        ("2026-01-15", 24 * 60),
        ("2026-02", 28 * 24 * 60),
        ("2024", 366 * 24 * 60),
    ],
)
def test_a_moment_is_as_long_as_it_is_vague(text: str, minutes: int) -> None:
    """A day alone is any minute of that day."""
    period = Moment(text).period(by_clock=True, clock=0)
    assert period.last - period.first + 1 == minutes


def test_the_same_instant_is_the_same_tick_on_any_clock() -> None:
    """Zones change the day on which an instant falls, never the instant."""
    one, other = Moment("2026-01-15T00:30+01:00"), Moment("2026-01-14T23:30Z")
    assert one.period(by_clock=True, clock=0) == other.period(by_clock=True, clock=540)
    assert one.period(by_clock=False, clock=60).first == _day("2026-01-15")
    assert one.period(by_clock=False, clock=0).first == _day("2026-01-14")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P28D", Duration(days=28)),
        ("P4W", Duration(days=28)),
        ("P1Y6M", Duration(months=18)),
        ("P0.5Y", Duration(months=6)),
        ("PT24H", Duration(minutes=1440)),
        ("PT1H30M", Duration(minutes=90)),
        ("P1DT12H", Duration(days=1, minutes=720)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: Duration) -> None:
    """Each part of ISO 8601 counts, a week as seven days."""
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "28D", "P28", "P-1D", "P1H", "one day", "P1D "])
def test_what_is_no_length_is_refused(text: str) -> None:
    """Another form is an error."""
    with pytest.raises(ValueError, match="Expected a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("start", "length", "sign", "end"),
    [
        ("2026-01-31", "P1M", 1, "2026-02-28"),
        ("2024-01-31", "P1M", 1, "2024-02-29"),
        ("2026-03-31", "P1M", -1, "2026-02-28"),
        ("2024-02-29", "P1Y", 1, "2025-02-28"),
        ("2026-01-15", "P28D", -1, "2025-12-18"),
        ("2026-12-15", "P1M", 1, "2027-01-15"),
    ],
)
def test_months_are_the_calendars(start: str, length: str, sign: int, end: str) -> None:
    """A month on from the last of January is the last of February."""
    assert parse_duration(length).shift(_day(start), sign, by_clock=False) == _day(end)


def test_lengths_beyond_the_calendar_do_not_break() -> None:
    """A window of 9,999 years is as good as none."""
    assert parse_duration("P9999Y").shift(_day("2026-01-15"), -1, by_clock=False) < 0
    assert moment_at(10**9, by_clock=False, clock=0) is None


def test_units_of_time_are_lengths() -> None:
    """What is no unit of time gives none."""
    assert duration_of(2, "wk") == Duration(days=14)
    assert duration_of(0.5, "mo") == Duration(minutes=21915)
    assert duration_of(-1, "d") is duration_of(1, "mg") is duration_of(1, None) is None


def test_periods_that_overlap_do_not_order() -> None:
    """Before, after, or not known."""
    day = Period(10, 20)
    assert (Period(5, 9).below(day), Period(21, 30).below(day), Period(15, 15).below(day)) == (True, False, None)
