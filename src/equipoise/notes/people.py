"""
Who the patient is: age, sex and race, as a note's words state them.

::

    age  = number ("-" | " ") ("year" | "month" | "week" | "day") "-"? "old" | number ("yo" | "y/o" | "M" | "F")
         | "aged" number | "newborn"
    sex  = "man" | "woman" | "boy" | "girl" | "male" | "female" …, behind the age or as the first such word
    race = "African-American" | "Caucasian" | "Asian" …, between the age and the word for the sex

An age that is another's ("her 70-year-old father") or of another time ("at age 26") is not the patient's.
"""

from __future__ import annotations

import re

from equipoise.criteria.tokens import COUNTS
from equipoise.notes.drafts import Draft

_UNITS = {"y": "a", "m": "mo", "w": "wk", "d": "d", "h": "h"}
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_COUNT = rf"{_TENS}(?:[- ]{_ONES})?|{_ONES}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
_AGE = re.compile(
    rf"\b(?P<number>\d{{1,3}}(?:\.\d)?|{_COUNT})\s*[- ]?\s*(?P<unit>years?|yrs?|y|months?|mos?|weeks?|wks?|days?|"
    rf"hours?)[-. ]*"
    r"(?:old\b|of[- ]age\b|/?\s?o\b\.?(?!\s*[-+]\d)|/?o(?=(?-i:[MF])\b)|(?=\s?(?:man|woman|male|female|boy|girl|lady|"
    r"gentleman)\b))"
    r"|(?<![.\d])\b(?P<bare>\d{1,3})\s?[-/]?\s?(?P<letter>[MF])\b(?![/.]\w)|\b(?P<first>[MF])\s?[/-]\s?(?P<behind>\d{1,3})\b"
    r"|(?<!at )(?<!the )(?<!from )(?<!since )\b(?:aged|age:|age is|"
    r"age of patient:)\s*(?P<aged>\d{1,3})\b(?:[ -](?P<agedunit>years?|months?|weeks?|days?))?(?!\s*(?:to\b|-|–))"
    r"|\b(?P<newborn>newborn|neonate)\b(?=\s+(?:\w+\s+){0,2}(?:boy|girl|infant|male|female|baby|with|was|is|presents))",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\s?(?P<sex>[MF])\b(?![/.]\w)")
_FEMALE = r"woman|female|girl|lady|primigravida|multigravida|primipara|[gG]\s?\d\s?[pP]\s?\d"
_SEX = re.compile(
    rf"\b(?:(?P<female>{_FEMALE})|(?P<male>man|male|boy|gentleman))\b(?!\s+(?:partners?|sex|breast|pattern))",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:(?P<female>Mrs|Ms|Miss)|(?P<male>Mr))\b\.?\s+[A-Z]")
_HE, _SHE = re.compile(r"\b(?:he|his|him|himself)\b", re.IGNORECASE), re.compile(r"\b(?:she|her|herself)\b", re.I)
_INFERRED = re.compile(r"\b(?:post-?menopausal|menopausal|pregnant|G\d+\s?P\d+|hysterectomy)\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:mother|father|mom|dad|parents?|sister|brother|siblings?|aunt|uncle|cousin|grand(?:mother|father|"
    r"parents?|son|daughter)|"
    r"son|daughter|husband|wife|spouse|partner|teacher|friend|child(?:ren)?'s|guardians?|family|boyfriend|"
    r"girlfriend|nurse|physician|doctor)\b",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"\b(?:mother|father|mom|dad|parent|sister|brother|sibling|aunt|uncle|cousin|son|daughter|husband|wife|spouse|partner)\b",
    re.IGNORECASE,
)
_RELATIVE_IS = re.compile(rf"{_RELATIVE.pattern}(?:,? (?:is|was|who is|aged|an?))*[\s,(]*$", re.IGNORECASE)
_THEN = re.compile(
    r"(?:\bwhen (?:he|she|they|the patient) (?:was|were)|\bat(?: the)?(?: age(?: of)?)?|\bsince|\bfrom|\buntil|"
    r"\bage of|\bby|\b(?:her|his|their|whose))\s*(?:about\s*|around\s*)?$",
    re.IGNORECASE,
)
_RACE = re.compile(
    r"\b(?P<race>African[- ]American|Caucasian|Asian|Hispanic|Latin[oa]|white|black|Native American|"
    r"Pacific Islander)\b",
    re.IGNORECASE,
)
# Of whom a criterion on the sex is meant is for a person to say.
_TRANS = re.compile(
    r"\btrans-?(?:gender|sexual)?\s(?:fe)?(?:male|man|woman|boy|girl|patient|person)\b|\btransgender\b|\bA[FM]AB\b|\b(?:FTM|MTF)\b|"
    r"\bassigned (?:fe)?male at birth\b|\bnon-?binary\b|\bintersex\b",
    re.IGNORECASE,
)
# "Mrs Smith, 67, was seen".
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss)\b\.?(?:\s[A-Z][\w'’-]*\.?){1,3}\s?,?\s\(?(?P<titled>\d{1,3})\)?(?=\s?[,)]|\s(?:is|was|has|presents|comes)\b)"
)
# How far behind the age the word for the sex may stand: "58-year-old African-American woman".
_NEAR = 60


def read_people(text: str) -> list[Draft]:
    """
    Return the patient's age, sex and race, as far as they are stated.

    >>> [(one.name, one.value, one.unit) for one in read_people("A 64-year-old obese female presents with fever.")]
    [('age', 64, 'a'), ('sex', 'female', None)]
    """
    age = next((found for found in _AGE.finditer(text) if _is_patients(text, found)), None)
    titled = _TITLED.search(text) if age is None else None
    drafts = [] if age is None else [_age(age)]
    if titled is not None and 0 < int(titled["titled"]) < 120:
        drafts = [
            Draft(kind="demographic", name="age", value=int(titled["titled"]), unit="a", span=titled.span("titled"))
        ]
    sex = _sex(text, age)
    drafts += [] if sex is None else [sex]
    race = _race(text, age, sex)
    return drafts if race is None else [*drafts, race]


def _is_patients(text: str, found: re.Match[str]) -> bool:
    """Return whether an age is the patient's and of now."""
    before, after = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 25]
    letter = found["letter"] or found["first"]
    if letter is not None:
        # "20 M" in the middle of a sentence is anything; a patient is the first thing that a sentence names.
        lead = re.split(r"[.\n:]\s*", text[: found.start()])[-1].split()
        return letter.isupper() and len(lead) <= 4
    if _THEN.search(before):
        return False
    if _RELATIVE_IS.search(before):
        return False
    relative = _KIN.search(after)
    return (
        relative is None
        or re.search(r"[,.;]|\b(?:man|woman|boy|girl|male|female|with|who)\b", after[: relative.start()]) is not None
    )


def _age(found: re.Match[str]) -> Draft:
    if found["newborn"]:
        return Draft(kind="demographic", name="age", value=0, unit="mo", span=found.span())
    words = found["number"] or found["bare"] or found["behind"] or found["aged"]
    unit = _UNITS[(found["unit"] or found["agedunit"] or "y")[0].lower()]
    return Draft(kind="demographic", name="age", value=_number(words), unit=unit, span=found.span())


def _number(words: str) -> int | float:
    if words[0].isdigit():
        return float(words) if "." in words else int(words)
    return sum(int(COUNTS.get(part, 0)) for part in re.split(r"[- ]", words.lower()))


def _sex(text: str, age: re.Match[str] | None) -> Draft | None:
    if _TRANS.search(text):
        return None
    if age is not None:
        letter = age["letter"] or age["first"]
        if letter:
            return _draft(letter == "F", age.span("letter" if age["letter"] else "first"))
        beside = _LETTER.match(text, age.end())
        if beside is not None:
            return _draft(beside["sex"] == "F", beside.span("sex"))
        near = _SEX.search(text, age.end(), age.end() + _NEAR) or _SEX.search(
            text, max(0, age.start() - 30), age.start()
        )
        if near is not None:
            return _draft(bool(near["female"]), near.span())
    for pattern in (_TITLE, _SEX):
        found = pattern.search(text)
        if found is not None and not _RELATIVE.search(text[max(0, found.start() - 30) : found.start()]):
            return _draft(bool(found["female"]), found.span("female" if found["female"] else "male"))
    return _by_pronoun(text) or _inferred(text)


def _by_pronoun(text: str) -> Draft | None:
    """Return the sex that the pronouns of sentences without relatives agree on."""
    he: list[tuple[int, int]] = []
    she: list[tuple[int, int]] = []
    start = 0
    for sentence in re.split(r"(?<=[.!?])(?=\s)", text):
        if not _RELATIVE.search(sentence):
            he += [(start + one.start(), start + one.end()) for one in _HE.finditer(sentence)]
            she += [(start + one.start(), start + one.end()) for one in _SHE.finditer(sentence)]
        start += len(sentence)
    if bool(he) is bool(she):
        return None  # nobody, or more than one person
    return _draft(bool(she), (he or she)[0])


def _inferred(text: str) -> Draft | None:
    found = _INFERRED.search(text)
    return None if found is None else _draft(True, found.span())


def _draft(female: bool, span: tuple[int, int]) -> Draft:
    return Draft(kind="demographic", name="sex", value="female" if female else "male", span=span)


def _race(text: str, age: re.Match[str] | None, sex: Draft | None) -> Draft | None:
    if age is None:
        return None
    end = sex.span[1] if sex is not None and age.end() <= sex.span[0] <= age.end() + _NEAR else age.end() + 25
    found = _RACE.search(text, age.end(), end)
    if found is None:
        return None
    return Draft(kind="demographic", name="race", value=found["race"], span=found.span())
