"""A note becomes facts, each with its words; on broken and empty text nothing fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.notes.reader import TIME_ZERO, read_note
from equipoise.records.moments import Moment


def test_each_fact_has_the_words_that_state_it() -> None:
    """The span of a fact is the words of the note from which it was read."""
    text = "A 64-year-old woman with asthma. Platelets 84 x10^9/L. No diabetes."
    facts = read_note(text).patient.facts
    words = {fact.name: text[slice(*fact.source.span)] for fact in facts if fact.source and fact.source.span}
    assert words == {
        "age": "64-year-old",
        "sex": "woman",
        "asthma": "asthma",
        "platelet count": "Platelets 84 x10^9/L",
        "thrombocytopenia": "Platelets 84 x10^9/L",
        "diabetes": "diabetes",
    }


def test_a_note_without_a_date_has_its_own_time() -> None:
    """Without a moment the note is at its own time zero; one that is given is kept."""
    assert read_note("A 64-year-old woman.").at == TIME_ZERO
    assert read_note("A 64-year-old woman.", at=Moment("2026-01-15")).at == "2026-01-15"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "….", "\x00\x01", "日本語のカルテ", "(" * 5000, "a" * 50_000])
def test_no_text_fails(text: str) -> None:
    """Empty, foreign and hostile text gives facts or none, and never an error."""
    assert read_note(text).patient.facts == ()


@given(st.text(max_size=300))
def test_spans_lie_in_the_note(text: str) -> None:
    """Whatever the note, each fact's words are in it."""
    for fact in read_note(text).patient.facts:
        assert fact.source is not None and fact.source.span is not None
        start, end = fact.source.span
        assert 0 <= start < end <= len(text)
