"""Laws of the note reader's results and times, on made-up notes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.notes.reader import read_note
from equipoise.notes.when import times_of
from equipoise.notes.zero import ends_of, zero_of
from equipoise.records.moments import Moment
from equipoise.terms.units import convert, unit
from equipoise.terms.variables import variables

_PIECES = (
    "Hb 9.0 g/dL", "platelets 84", "BP 70/40 mmHg", "T 38.9 C", "LVEF 25-30%", "NYHA III", "GCS 15 (E4V5M6)", "K 4.1",
    "WBC 17,580/mm", "elevated troponin", "HIV negative", "AST/ALT 120/85 U/L", "SpO2 88% on room air", "stage IIIB",
    "chest pain", "ischemic stroke", "fever", "metformin", "appendectomy", "ROSC", "symptom onset", "lung cancer",
    "3 h ago", "yesterday", "for 5 days", "two weeks ago", "on 2026-01-14", "in March", "since 2020", "at 07:15",
    "2 years earlier", "half an hour prior to arrival", "about 3 months ago", "POD 3", "03/04/2026",
    "at 22:10 yesterday",
    "no", "denies", "and", "with", ",", ".", ";", ":", "(", ")", "began", "stopped", "planned", "fell from 35 to 28",
    "on 2027-05-01", "last dose of", "5 days of", "[**2148-10-1**]", "\n", "\u00a0", "≥", "10^9/L",
)  # fmt: skip
notes = st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join)
zeros = st.sampled_from(
    [None, "2026-01-15", "2026-01-15T09:40", "2026-01-15T09:40+01:00", "2026-03", "0002-01-01T00:10"]
)


def moment(text: str | None) -> Moment | None:
    """Return a moment from its text."""
    return None if text is None else Moment(text)


@settings(deadline=None)
@given(notes, zeros)
def test_nothing_is_dated_after_the_note(text: str, at: str | None) -> None:
    """No fact begins, and none ends, after the moment of the note, unless it is planned."""
    note = read_note(text, at=moment(at))
    now = ends_of(note.at)[1]
    for fact in note.patient.facts:
        for stated in (fact.when, fact.until):
            assert stated is None or fact.assertion == "planned" or ends_of(stated)[0] <= now


@settings(deadline=None)
@given(notes, zeros)
def test_each_fact_has_its_words(text: str, at: str | None) -> None:
    """Each fact's span lies in the note and is not empty, and the same note gives the same facts."""
    note = read_note(text, at=moment(at))
    for fact in note.patient.facts:
        assert fact.source is not None and fact.source.span is not None
        start, end = fact.source.span
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
    assert note == read_note(text, at=moment(at))


@settings(deadline=None)
@given(notes)
def test_a_unit_is_one_of_the_variable(text: str) -> None:
    """A result's unit is known and converts to one of the variable's; its number is in the words of the result."""
    for fact in read_note(text).patient.facts:
        if fact.kind != "measurement" or fact.unit is None:
            continue
        variable = variables()[fact.name]
        units = [one for one in (variable.unit, *variable.units) if one]
        assert unit(fact.unit) is not None or fact.unit in units
        assert any(convert(1.0, fact.unit, one, analyte=variable.name) is not None for one in units)


@settings(deadline=None)
@given(notes)
def test_a_note_without_a_day_compares_no_date(text: str) -> None:
    """Where nobody said when a note was written, no date that it states dates a fact."""
    for fact in read_note(text).patient.facts:
        for stated in (fact.when, fact.until):
            assert stated is None or stated.date.year <= 2000


@settings(deadline=None)
@given(st.text(max_size=200), zeros)
def test_no_text_fails(text: str, at: str | None) -> None:
    """Any text at all has time phrases or none, in order, none within another."""
    zero = zero_of(text, moment(at))
    spans = [one.span for one in times_of(text, (0, len(text)), zero)]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=59), st.integers(min_value=1, max_value=23))
def test_hours_and_minutes_are_counted_to_the_minute(minutes: int, hours: int) -> None:
    """ "3 hours ago" and "25 minutes ago" are moments to the minute where the note has one."""
    now = datetime(2026, 1, 15, 9, 40)
    for said, length in (
        (f"{hours} hours", timedelta(hours=hours)),
        (f"{minutes + 1} min", timedelta(minutes=minutes + 1)),
    ):
        facts = read_note(f"Ischemic stroke {said} ago.", at=Moment("2026-01-15T09:40")).patient.facts
        here = [fact for fact in facts if fact.kind == "condition" and fact.assertion == "present"]
        assert [fact.when for fact in here] == [f"{now - length:%Y-%m-%dT%H:%M}"]


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=60))
def test_days_are_calendar_days(days: int) -> None:
    """ "5 days ago" is a day, and no time of it."""
    facts = read_note(f"Ischemic stroke {days} days ago.", at=Moment("2026-01-15T09:40+01:00")).patient.facts
    expected = f"{datetime(2026, 1, 15) - timedelta(days=days):%Y-%m-%d}"
    assert [fact.when for fact in facts if fact.kind == "condition" and fact.assertion == "present"] == [expected]
