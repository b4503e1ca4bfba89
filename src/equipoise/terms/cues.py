"""
The words that make logic of a criterion, as tables: ``data/cues.tsv`` and ``data/word_sets.tsv``.

A row of the first is a cue, the name of what it says where one cue says several things, and its phrases in
normal form. A row of the second is a set of words that a reader passes over, asks for, or stops at.
"""

from __future__ import annotations

from functools import cache

from equipoise.terms.tables import read_table

Phrase = tuple[str, ...]


@cache
def _cues() -> dict[tuple[str, str], tuple[Phrase, ...]]:
    return {
        (row["cue"], row["name"]): tuple(tuple(phrase.split()) for phrase in row["phrases"].split(" | "))
        for row in read_table("cues")
    }


@cache
def _sets() -> dict[str, frozenset[str]]:
    return {row["name"]: frozenset(row["words"].split(" ")) for row in read_table("word_sets")}


def cue_phrases() -> dict[tuple[str, str], tuple[Phrase, ...]]:
    """Return the phrases of each cue and name, in the order of the table.

    >>> ("how", "well") in cue_phrases()[("not", "")]
    False
    """
    return _cues()


def word_set(name: str) -> frozenset[str]:
    """Return a named set of words.

    >>> "months" in word_set("cues.light")
    False
    """
    return _sets()[name]
