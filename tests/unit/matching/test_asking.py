"""Questions of the catalogue as a clinician is asked them."""

from __future__ import annotations

import re

import pytest

from equipoise.matching.asking import of_patient
from equipoise.terms.variables import variables

QUESTIONS = sorted({of_patient(variables()[name].question) for name in variables().names()})


def test_nobody_is_addressed_but_who_knows_the_patient() -> None:
    """No question of the catalogue says "you" or "your" to whoever has the patient's record before them."""
    assert len(QUESTIONS) > 500
    assert [one for one in QUESTIONS if re.search(r"\byou(rs?)?\b", one, re.IGNORECASE)] == []


def test_verbs_agree_with_the_patient() -> None:
    """One patient does, is and has; what is the patient's, several at times, keeps its verb."""
    assert [one for one in QUESTIONS if re.search(r"\b(do|are|have|were) the patient\b(?!')", one)] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("What was your last neutrophil count?", "What was the patient's last neutrophil count?"),
        ("By how much do your eyes differ in strength?", "By how much do the patient's eyes differ in strength?"),
        ("What share of your medicine do you take?", "What share of the patient's medicine do they take?"),
        ("What was the baby's Apgar score?", "What was the baby's Apgar score?"),
    ],
)
def test_a_question_keeps_its_words(asked: str, said: str) -> None:
    """Only whom it concerns is said otherwise."""
    assert of_patient(asked) == said
