"""
The catalogue of variables: what a criterion sets a limit on, and what its unit and plausible range are.

``data/variables.tsv`` has a row for each: laboratory values, vital signs, scores, classes and stages, functions.
Phrases are compared as in the lexicon, by the stems of their words, the longest first; one word in capitals in
the table (PS, PEEP) is found in capitals only. A row without a kind is no variable: its phrases hide a variable
("platelet transfusion" sets no limit on platelets; EGFR in capitals is a gene).

A class or stage has ``levels``: what the text may write and the number that stands for it (NYHA III is 3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from equipoise.terms.phrases import Phrases
from equipoise.terms.spelling import normal
from equipoise.terms.tables import read_table
from equipoise.terms.words import Stems

KINDS = ("lab", "vital", "score", "class", "stage", "function", "other")


class Variable(msgspec.Struct, frozen=True):
    """
    One variable of the catalogue.

    ``unit`` is the canonical UCUM unit (None for a bare number), ``units`` are others that fit; ``low`` and
    ``high`` bound what is plausible in the canonical unit; ``question`` asks a patient for it in plain words.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    loinc: str = ""
    kind: str = "other"
    unit: str | None = None
    units: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    question: str = ""
    levels: Mapping[str, float] = {}
    source: str = ""


class Variables:
    """
    Variables by name and by phrase.

    >>> variable, length = variables().longest("absolute neutrophil count of 1500".split(), 0)
    >>> variable.name, length, variable.unit
    ('neutrophil count', 3, '10*9/L')
    >>> variables().longest(["EGFR"], 0), variables().longest(["egfr"], 0)[0].name
    (None, 'estimated glomerular filtration rate')
    """

    def __init__(self) -> None:
        self._known: dict[str, Variable] = {}
        self._phrases = Phrases(Stems())
        for row in read_table("variables"):
            self._add(row)

    def longest(self, words: Sequence[str], start: int) -> tuple[Variable, int] | None:
        """Return the variable that the longest known phrase at *start* names, and its length in words.

        *words* are normalized; a word in capitals in the source may be left in capitals.
        """
        found = self._phrases.longest(words, start)
        variable = self._known.get(found[0]) if found is not None else None
        return None if variable is None or found is None else (variable, found[1])

    def begins(self, word: str) -> bool:
        """Return whether a phrase begins with *word*."""
        return self._phrases.begins(word)

    def find(self, phrase: str) -> Variable | None:
        """Return what *phrase*, taken whole, names.

        >>> variables().find("SGPT").name
        'alanine aminotransferase'
        """
        words = [word if word.isupper() else part for word in phrase.split() for part in normal(word).split()]
        found = self.longest(words, 0) if words else None
        return found[0] if found is not None and found[1] == len(words) else None

    def names(self) -> list[str]:
        """Return the canonical names, in the order of the table."""
        return list(self._known)

    def __getitem__(self, name: str) -> Variable:
        return self._known[name]

    def _add(self, row: Mapping[str, str]) -> None:
        name = row["name"]
        synonyms = tuple(row["synonyms"].split(" | ")) if row["synonyms"] else ()
        if row["kind"]:
            self._known[name] = _variable(row, synonyms)
        for phrase in (normal(name), *synonyms) if row["kind"] else synonyms:
            self._phrases.add(phrase, name)
            # Tokenizers differ on signs: "fev1/fvc" is found in one word and in three.
            apart = " ".join(re.sub(r"([/():,+])", r" \1 ", phrase).split())
            if apart != phrase:
                self._phrases.add(apart, name)


def _variable(row: Mapping[str, str], synonyms: tuple[str, ...]) -> Variable:
    pairs = (pair.partition("=") for pair in row["levels"].split())
    return Variable(
        name=row["name"],
        synonyms=synonyms,
        loinc=row["loinc"],
        kind=row["kind"],
        unit=None if row["unit"] in ("", "1") else row["unit"],
        units=tuple(row["units"].split(" | ")) if row["units"] else (),
        low=float(row["low"]) if row["low"] else None,
        high=float(row["high"]) if row["high"] else None,
        question=row["question"],
        levels={level: float(number) for level, _, number in pairs},
        source=row["source"],
    )


@cache
def variables() -> Variables:
    """Return the catalogue that ships, read once."""
    return Variables()
