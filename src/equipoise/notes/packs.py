"""
How much somebody smoked: pack-years, stated as such or as packs a day for so many years.

::

    told   = number "pack-years"                               # "a 30 pack-year history"
    packs  = count ("-" count)? "packs" ("a" | "per") "day" word{0,6} "for" number "years"
    count  = number | "half a" | "one" | "one and a half" …

Packs for years, a span ("20 to 30") and "more than 20" say the least that it was: there may have been years before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria.context import codes_of
from equipoise.notes.assertions import Sayings
from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span
from equipoise.records.patient import Number
from equipoise.terms.variables import variables

_NAME = "smoking pack-years"
_COUNTS = {
    "half a": 0.5, "half": 0.5, "a half": 0.5, "one half": 0.5, "1/2": 0.5, "½": 0.5, "a": 1, "one": 1,
    "one and a half": 1.5, "1 and a half": 1.5, "1 1/2": 1.5, "1½": 1.5, "two": 2, "three": 3, "four": 4,
}  # fmt: skip
_COUNT = "|".join([*sorted((re.escape(one) for one in _COUNTS), key=len, reverse=True), r"\d+(?:\.\d+)?"])
_LEAST = r"(?P<least>(?:more than|over|at least|greater than|>=?|≥)\s?)?"
_PACKS = re.compile(
    rf"(?<![\w./-])(?P<low>{_COUNT})(?:\s?(?:-|–|to|or)\s?(?P<high>{_COUNT}))?[\s-](?:"
    r"(?:packs?|ppd)(?:\sof\scigarettes)?\s?(?:(?:a|per|each|every|/)\s?(?:days?|d)\b|daily|/\s?d(?:ay)?\b)|ppd\b)"
    r"(?P<between>[^.;:\d]{0,40}?)\b(?:for|x|over|during)\s(?:(?:the|past|last|about|approximately|around|nearly|almost)\s)*"
    rf"{_LEAST}(?P<years>\d{{1,2}})\s?\+?\s?(?:years?|yrs?|y)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"(?<![\w./]){_LEAST}(?P<low>\d{{1,3}}(?:\.\d)?)(?:\s?(?:-|–|to)\s?(?P<high>\d{{1,3}}))?\s?\+?[\s-]{{0,2}}pack[\s-]?(?:years?|yrs?)\b",
    re.IGNORECASE,
)
_SMOKES = re.compile(r"\b(?:smok\w+|cigarettes?|tobacco|ppd|pack[\s-]?(?:years?|yrs?))\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:husband|wife|father|mother|parents?|partner|roommate|brother|sister|son|daughter|second-?\s?hand|passive)\b"
    r"|\b(?:less than|under|up to|fewer than|<)\s(?:a\s)?\d",
    re.IGNORECASE,
)


def read_packs(text: str, sentence: Span) -> Iterator[Draft]:
    """
    Yield the pack-years that a sentence states.

    >>> said = "He has smoked one to two packs a day for 30 years."
    >>> [(one.value, one.unit) for one in read_packs(said, (0, len(said)))]
    [('>= 30', '{pack-year}')]
    """
    words = text[slice(*sentence)]
    if not _SMOKES.search(words) or _OTHERS.search(words):
        return
    for pattern in (_TOLD, _PACKS):
        for found in pattern.finditer(words):
            least = pattern is _PACKS or found["least"] is not None or found["high"] is not None or "+" in found[0]
            if Sayings(words, [found.span()]).of(*found.span()).assertion not in ("present", "historical"):
                continue
            amount = _counted(found["low"]) * (float(found["years"]) if pattern is _PACKS else 1)
            yield _result(amount, (sentence[0] + found.start(), sentence[0] + found.end()), least=least)


def _counted(words: str) -> float:
    known = _COUNTS.get(words.lower())
    return float(words) if known is None else float(known)


def _result(amount: float, span: Span, *, least: bool) -> Draft:
    number: Number = int(amount) if amount == int(amount) else amount
    variable = variables().find(_NAME)
    codes = {} if variable is None else codes_of(variable)
    value: Number | str = f">= {number}" if least else number
    return Draft(kind="measurement", name=_NAME, value=value, unit="{pack-year}", codes=codes, span=span)
