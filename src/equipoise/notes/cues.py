"""
The cues of notes, from ``terms/data/note_cues.tsv``: words that say what is meant of the things near them.

A row has a place (``front``: it governs what follows; ``behind``: what stands before; ``none``: it looks like a cue
and is none), what it says, its reach (``list``: to the end of the list; ``next``: the next name only), and its
phrases, which are regular expressions of words. Rows without a cue are sets of words: what ends a reach, and the
names of diseases that last.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from equipoise.terms.tables import read_table

# What is excepted from "none" is there: "no known allergies except penicillin".
EXCEPT = re.compile(r"\b(?:except|besides|other than|apart from|aside from)\b", re.IGNORECASE)


class Cue(msgspec.Struct, frozen=True):
    """A cue as it stands in a sentence."""

    says: str
    reach: str
    start: int
    end: int
    words: str


@cache
def _table() -> dict[tuple[str, str, str], str]:
    return {(row["place"], row["says"], row["reach"]): row["phrases"] for row in read_table("note_cues")}


def names_of(place: str) -> frozenset[str]:
    """Return the names of a set.

    >>> "diabetes" in names_of("lasting")
    True
    """
    return frozenset(_table()[place, "", ""].split(" | "))


@cache
def pattern(place: str) -> re.Pattern[str]:
    """Return the pattern that finds any phrase of a set of words."""
    return _compiled(_table()[place, "", ""])


@cache
def _patterns(place: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (says, reach, _compiled(phrases)) for (where, says, reach), phrases in _table().items() if where == place
    )


def _compiled(phrases: str) -> re.Pattern[str]:
    # The longest alternative is tried first: "no history of" before "no".
    ordered = sorted(phrases.split(" | "), key=len, reverse=True)
    # A word ends where no other goes on; a mark does anywhere: "?COPD", "no heart disease, takes warfarin".
    words = "|".join(one if one.startswith("\\?") else rf"(?:{one})(?![\w/])" for one in ordered if one[0] != ",")
    commas = "".join(rf"|(?:{one})(?![\w/])" for one in ordered if one[0] == ",")
    return re.compile(rf"(?<![\w/])(?<!\w-)(?:{words}){commas}", re.IGNORECASE)


def front_cues(sentence: str) -> list[Cue]:
    """
    Return the cues of a sentence that govern what follows, in its order; of two that overlap, the longer.

    >>> [(cue.says, cue.words) for cue in front_cues("No increase of pain, but she denies fever.")]
    [('absent', 'denies')]
    """
    found = [
        Cue(says, reach, one.start(), one.end(), one[0].lower())
        for says, reach, words in _patterns("front")
        for one in words.finditer(sentence)
    ]
    found += [Cue("", "", one.start(), one.end(), one[0].lower()) for one in pattern("none").finditer(sentence)]
    kept: list[Cue] = []
    for cue in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(cue.end <= other.start or other.end <= cue.start for other in kept):
            kept.append(cue)
    return sorted((one for one in kept if one.says), key=lambda one: one.start)


def behind_cue(text: str) -> tuple[str, int] | None:
    """Return what the cue at the beginning of *text* says of what stands before it, and its length."""
    found = [(says, one) for says, _, words in _patterns("behind") if (one := words.match(text)) is not None]
    says, one = max(found, key=lambda pair: pair[1].end(), default=("", None))
    return None if one is None else (says, one.end())
