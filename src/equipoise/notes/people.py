"""
Who the patient is: age and sex, as a note's words state them.

::

    age = number ("-" | " ") ("year" | "month" | "week" | "day") "-"? "old" | number ("yo" | "y/o" | "M" | "F")
        | "aged" number
    sex = "man" | "woman" | "boy" | "girl" | "male" | "female" …, behind the age or as the first such word
"""

from __future__ import annotations

import re

from equipoise.notes.drafts import Draft

_UNITS = {"y": "a", "m": "mo", "w": "wk", "d": "d"}
_AGE = re.compile(
    r"\b(?P<number>\d{1,3})\s*[- ]?\s*(?P<unit>years?|yrs?|y|months?|mos?|weeks?|wks?|days?)[- .]*(?:old\b|/?o\b\.?)"
    r"|\b(?P<bare>\d{1,3})\s?(?P<letter>[MF])\b"
    r"|\b(?:aged?|age:|age of)\s+(?P<aged>\d{1,3})\b(?!\s*(?:months?|weeks?|days?|to\b|-))",
    re.IGNORECASE,
)
_SEX = re.compile(
    r"\b(?:(?P<female>woman|female|girl|lady|primigravida|multigravida|[gG]\d[pP]\d)"
    r"|(?P<male>man|male|boy|gentleman))\b",
    re.IGNORECASE,
)
_HE, _SHE = re.compile(r"\b(?:he|his|him|himself)\b", re.IGNORECASE), re.compile(r"\b(?:she|her|herself)\b", re.I)
# How far behind the age the word for the sex may stand: "58-year-old African-American woman".
_NEAR = 60


def read_people(text: str) -> list[Draft]:
    """
    Return the patient's age and sex, as far as they are stated.

    >>> [(one.name, one.value, one.unit) for one in read_people("A 64-year-old obese female presents with fever.")]
    [('age', 64, 'a'), ('sex', 'female', None)]
    """
    age = next((found for found in _AGE.finditer(text) if _letter_fits(found)), None)
    drafts = [] if age is None else [_age(age)]
    sex = _sex(text, age)
    return drafts if sex is None else [*drafts, sex]


def _letter_fits(found: re.Match[str]) -> bool:
    return found["letter"] is None or found["letter"].isupper()


def _age(found: re.Match[str]) -> Draft:
    number = int(found["number"] or found["bare"] or found["aged"])
    unit = _UNITS[(found["unit"] or "y")[0].lower()]
    return Draft(kind="demographic", name="age", value=number, unit=unit, span=found.span())


def _sex(text: str, age: re.Match[str] | None) -> Draft | None:
    if age is not None and age["letter"]:
        value = "male" if age["letter"] == "M" else "female"
        return Draft(kind="demographic", name="sex", value=value, span=age.span("letter"))
    start = age.end() if age is not None else 0
    found = _SEX.search(text, start, start + _NEAR if age is not None else len(text))
    if found is not None:
        value = "female" if found["female"] else "male"
        return Draft(kind="demographic", name="sex", value=value, span=found.span())
    he, she = _HE.search(text), _SHE.search(text)
    if (he is None) is (she is None):
        return None  # nobody, or more than one person
    pronoun = he or she
    assert pronoun is not None
    return Draft(kind="demographic", name="sex", value="male" if he else "female", span=pronoun.span())
