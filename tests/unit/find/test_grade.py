"""The reading grade of a text, and when there is none."""

from __future__ import annotations

import pytest

from equipoise.find.grade import grade_words, read_grade, syllables
from equipoise.find.sentences import sentences

EASY = "We want to know if tea helps a cold. You get tea or water each day. We ask you how you feel. " * 4
HARD = (
    "This multicenter randomized investigation evaluates pharmacokinetic characteristics of subcutaneous immunotherapy "
    "administration in patients with moderate to severe eosinophilic inflammation, and of the concomitant medication "
    "that is necessary for the prevention of exacerbations. "
) * 3


def test_a_hard_text_asks_for_more_years_than_an_easy_one() -> None:
    """Short words and sentences come to a few years of school, long ones to more than any school has."""
    easy, hard = read_grade(EASY), read_grade(HARD)
    assert easy is not None
    assert hard is not None
    assert easy.grade < 4
    assert hard.grade > 18
    assert easy.words == "very easy"
    assert hard.words == "very hard: a text for specialists"


def test_the_formula_is_that_of_its_source() -> None:
    """Ten words, three sentences' worth, counted by hand: 0.39 × words/sentences + 11.8 × syllables/words − 15.59."""
    text = "The cat sat on the mat and saw a dog. " * 10  # 10 words of one syllable each, ten sentences
    reading = read_grade(text)
    assert reading is not None
    assert reading.grade == round(max(0.0, 0.39 * 10 + 11.8 * 1 - 15.59), 1)
    assert reading.counted == 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tea for a cold.",
        "El objetivo de este estudio es evaluar la eficacia del té en pacientes con resfriado. Los pacientes toman té. "
        * 6,
        "Das Ziel dieser Studie ist die Wirkung von Tee bei Erkältung. Die Teilnehmer trinken Tee oder Wasser. " * 6,
        "Age 18 years, ECOG 0-1, ALT 3 ULN, " * 20,
    ],
)
def test_a_text_too_short_or_not_in_english_has_no_grade(text: str) -> None:
    """The formula says nothing of these, so nothing is said."""
    assert read_grade(text) is None


@pytest.mark.parametrize(
    ("word", "count"), [("a", 1), ("used", 1), ("needed", 2), ("doses", 2), ("able", 2), ("HIV", 3)]
)
def test_syllables_are_counted_as_they_sound(word: str, count: int) -> None:
    """An ending that is not sounded is none; a short word in capitals is spelt out."""
    assert syllables(word) == count


def test_every_grade_has_words() -> None:
    """From the easiest to the hardest."""
    assert len({grade_words(grade / 2) for grade in range(60)}) == 6


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Aged 18.5 to 65 years. It is safe.", ["Aged 18.5 to 65 years.", "It is safe."]),
        ("Drugs, e.g. Aspirin, vs. Placebo. Dr. Lee.", ["Drugs, e.g. Aspirin, vs. Placebo.", "Dr. Lee."]),
        ("One\nTwo.\n\nThree", ["One", "Two.", "Three"]),
        ("It asks: is it safe? (See below.) Yes!", ["It asks: is it safe?", "(See below.)", "Yes!"]),
        ("  ", []),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, parts: list[str]) -> None:
    """Not at a decimal point, nor at a short form; at a line end always."""
    assert [text[start:end] for start, end in sentences(text)] == parts
