"""
How many years of school a text asks for: the Flesch–Kincaid grade.

``grade = 0.39 × words ÷ sentences + 11.8 × syllables ÷ words − 15.59`` (Kincaid, Fishburne, Rogers and Chissom 1975,
Naval Technical Training Command, research branch report 8-75). Syllables are runs of vowels, without an ending that is
not sounded; ``docs/explanation/plain-language.md`` says how near that comes.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from equipoise.find.sentences import sentences

FEWEST_WORDS = 60
FEWEST_SENTENCES = 3
_FEWEST_COMMON = 0.2  # of a text in English at least so many words are the commonest ones; see is_english

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_COMMON = frozenset({
    "a", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "between", "both", "but",
    "by", "can", "do", "does", "during", "each", "for", "from", "had", "has", "have", "he", "his", "how", "if",
    "in", "into", "is", "it", "its", "may", "more", "no", "not", "of", "on", "one", "or", "other", "our", "over",
    "should", "some", "such", "than", "that", "the", "their", "them", "there", "these", "they", "this", "to", "two",
    "was", "we", "were", "what", "when", "whether", "which", "who", "will", "with", "would",
})  # fmt: skip


class Reading(msgspec.Struct, frozen=True):
    """The reading grade of a text, in years of school, and what it comes to in words."""

    grade: float
    words: str
    counted: int


def read_grade(text: str) -> Reading | None:
    """Return the reading grade of plain *text*; None where it is too short to tell, or not in English.

    >>> print(read_grade("Too short to tell."))
    None
    """
    words = _WORD.findall(text)
    spans = [text[start:end] for start, end in sentences(text)]
    count = sum(1 for one in spans if len(_WORD.findall(one)) >= 3)
    if len(words) < FEWEST_WORDS or count < FEWEST_SENTENCES or not is_english(words):
        return None
    grade = 0.39 * len(words) / count + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return Reading(round(max(grade, 0.0), 1), grade_words(grade), len(words))


def grade_words(grade: float) -> str:
    """Return what a grade comes to.

    >>> grade_words(8.4), grade_words(15.9)
    ('easy for most adults', 'hard: a text for people with a degree')
    """
    for limit, words in (
        (6.5, "very easy"),
        (9.5, "easy for most adults"),
        (12.5, "needs the end of high school"),
        (15.5, "hard: needs some years of college"),
        (18.5, "hard: a text for people with a degree"),
    ):
        if grade < limit:
            return words
    return "very hard: a text for specialists"


def is_english(words: list[str]) -> bool:
    """Return whether words are of an English text: a fifth of them at least are its commonest words."""
    return sum(word.lower() in _COMMON for word in words) >= _FEWEST_COMMON * len(words)


# What is written and not sounded at the end of a word: "time", "used", "times"; but "table", "needed", "doses".
_SILENT = re.compile(r"(?<=[^aeiouyl])e\Z|(?<=[^aeiouytd])ed\Z|(?<=[^aeiouyszxcgh])es\Z")


@lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """Return how many syllables a word has, one at least; a short word in capitals is spelt out.

    >>> [syllables(word) for word in ("trial", "doses", "used", "randomization", "MRI")]
    [1, 2, 1, 5, 3]
    """
    if word.isupper() and 1 < len(word) <= 5:
        return len(word)
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.lower()))))
