"""The glossary explains words plainly, and only where they mean what it says."""

from __future__ import annotations

from collections import Counter

import pytest

from equipoise.find.grade import read_grade
from equipoise.find.sentences import sentences
from equipoise.terms.glossary import GROUPS, SOURCES, entries, find_terms, headings


def found(text: str) -> list[str]:
    """Return the terms that a text has."""
    return [one.entry.term for one in find_terms(text)]


def test_every_entry_is_whole() -> None:
    """Each has an anchor of its own, a known group, an explanation of up to five short sentences, a known source."""
    ids = Counter(one.id for one in entries())
    assert len(entries()) >= 200
    for one in entries():
        assert ids[one.id] == 1, one.id
        assert one.group in GROUPS
        assert one.source in ("", *SOURCES)
        assert 1 <= len(sentences(one.text)) <= 5, one.term
        assert one.text[-1] in ".”", one.term


def test_no_form_means_two_things() -> None:
    """A form belongs to one entry."""
    forms = Counter(form for one in entries() if one.group != "section" for form in {one.term, *one.forms})
    assert [form for form, count in forms.items() if count > 1] == []


def test_the_glossary_reads_easily() -> None:
    """All explanations together ask for no more than eight years of school."""
    reading = read_grade(" ".join(one.text for one in entries()))
    assert reading is not None
    assert reading.grade <= 8


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a randomised, double blind, Placebo-Controlled trial", ["Randomized", "Double-blind", "Placebo-controlled"]),
        ("two serious adverse events (SAEs)", ["Serious adverse event", "Serious adverse event"]),
        ("ALT ≤ 3 x ULN", ["ALT", "ULN"]),
        ("eGFR below 30", ["eGFR"]),
        ("an EGFR mutation", ["EGFR mutation"]),
        ("hazard ratios", ["Hazard ratio"]),
        ("placebos", ["Placebo"]),
    ],
)
def test_words_are_found_as_texts_write_them(text: str, terms: list[str]) -> None:
    """In British and American spelling, with a hyphen or without, in the plural, abbreviations letter for letter."""
    assert found(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "in patients with asthma",  # no inpatient
        "alcohol withdrawal",  # none from the study
        "the left arm",
        "the response to salt",  # not ALT
        "fast and slow",  # not AST
        "lung compliance",
        "a motor vehicle accident",
        "median nerve",
        "the heart rate (HR)",
        "Parkinson's disease (PD)",
    ],
)
def test_words_that_mean_something_else_are_not_explained(text: str) -> None:
    """An explanation that does not fit misleads."""
    assert found(text) == []


def test_the_place_of_a_word_is_its_own() -> None:
    """What is marked is the word as the text has it."""
    text = "People get placebo, or nothing."
    [one] = find_terms(text)
    assert text[one.start : one.end] == "placebo"


def test_headings_are_explained() -> None:
    """The headings of a study's page are known."""
    assert {"Who can join", "Who may join", "Outcomes", "Phase"} <= set(headings())
