"""Where a note leaves something open, the answer is unknown: none by a wider word, or by another number."""

from __future__ import annotations

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Side
from equipoise.matching.match import judge, see
from equipoise.matching.verdicts import Asked
from equipoise.notes.reader import read_note


def answer(note: str, text: str, section: Side) -> str:
    """Return the answer to the one criterion of a text for the patient of a note."""
    read = read_note(note)
    (criterion,) = (one for one in compile_criteria(text, section=section) if one.parent is None)
    return judge(
        Asked(criterion.id, criterion.section, criterion.rule, criterion.text), see(read.patient, read.at)
    ).answer


@pytest.mark.parametrize(
    ("note", "text", "section", "expected"),
    [
        ("Allergies: NKDA.", "Allergy to penicillin", "exclusion", "met"),
        ("Allergies: NKDA.", "Allergy to eggs", "exclusion", "unknown"),
        ("No known allergies.", "Allergy to eggs", "exclusion", "met"),
        ("He denies infection.", "HIV infection", "exclusion", "unknown"),
        ("He denies infection.", "Active tuberculosis", "exclusion", "unknown"),
        ("He denies immunodeficiency.", "HIV infection", "inclusion", "unknown"),
        ("HIV negative.", "HIV infection", "exclusion", "met"),
    ],
)
def test_a_denial_denies_what_it_speaks_of(note: str, text: str, section: Side, expected: str) -> None:
    """No drug allergy is not no allergy, and who feels no infection may have one that nobody feels."""
    assert answer(note, text, section) == expected


@pytest.mark.parametrize(
    ("note", "text", "expected"),
    [
        ("Plt 210.", "Platelets at least 100,000", "unknown"),
        ("Plt 84.", "Platelets at least 100", "not met"),
        ("Hb 98.", "Hemoglobin at least 10", "unknown"),
        ("Hb 98.", "Hemoglobin at least 90", "met"),
        ("Creatinine 92.", "Creatinine at most 1.5", "unknown"),
    ],
)
def test_bare_numbers_on_two_scales_are_not_compared(note: str, text: str, expected: str) -> None:
    """Without units, 210 platelets and 100,000 are counted differently."""
    assert answer(note, text, "inclusion") == expected


@pytest.mark.parametrize(
    ("note", "text", "expected"),
    [
        ("On metformin.", "Antidiabetic drugs other than metformin", "met"),
        ("On metformin and gliclazide.", "Antidiabetic drugs other than metformin", "not met"),
        ("On filgrastim.", "Treatment with an investigational drug other than filgrastim", "unknown"),
        ("He has HIV infection.", "Active infection other than HIV infection", "unknown"),
        ("Had an appendectomy. Underwent a biopsy.", "Any surgery except biopsy", "unknown"),
    ],
)
def test_an_exception_leaves_the_rest_open(note: str, text: str, expected: str) -> None:
    """Who has what is excepted may have something else that the criterion names."""
    assert answer(note, text, "exclusion") == expected


@pytest.mark.parametrize(
    ("note", "text", "section"),
    [
        ("A 60-year-old man. Wife 30 weeks pregnant.", "Pregnancy", "inclusion"),
        ("History of gestational diabetes.", "Pregnancy within 1 year before screening", "exclusion"),
        ("LVEF 20% in 2021.", "LVEF below 30%", "inclusion"),
        ("Pneumonia 2019.", "Active pneumonia", "exclusion"),
        ("Father with dementia.", "Familial neurological disease", "exclusion"),
        ("29-year-old transgender man.", "Male sex", "inclusion"),
        ("Wants to know whether she should take warfarin.", "Current use of warfarin", "exclusion"),
    ],
)
def test_what_is_another_s_or_of_another_time_answers_nothing(note: str, text: str, section: Side) -> None:
    """A relative's disease, a value of years ago and an earlier pregnancy are none of the patient's now."""
    assert answer(note, text, section) in ("unknown", "not met" if "man. Wife" in note else "unknown")
