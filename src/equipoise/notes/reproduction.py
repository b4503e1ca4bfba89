"""
Pregnancy, breastfeeding and menopause, as a note states them of the patient.

::

    pregnant     = "at" number "weeks" "gestation" | "is" "pregnant" | G2P1 "at" number "weeks" | "pregnant woman"
    not pregnant = "not pregnant" | "pregnancy test" "negative" | "denies pregnancy"

A pregnancy that is over ("3 pregnancies", "her prior pregnancy", "born at 34 weeks") says nothing of now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria.context import codes_of
from equipoise.notes.drafts import Draft
from equipoise.notes.mentions import ONGOING
from equipoise.notes.reading import Name, Reading
from equipoise.records.patient import Assertion

_WEEKS = re.compile(
    r"\b(?P<weeks>\d{1,2})\s?(?:\+\s?\d\s*|\d/7\s*)?-?\s*(?:w|wks?|weeks?)\s?(?:(?:\+|and)?\s?\d\s?(?:/7|d|days?)?)?\s*"
    r"(?:of |by |into )?(?:gestation(?:al)?(?: age| old)?|pregnan(?:t|cy)|IUP)\b",
    re.IGNORECASE,
)
_GRAVIDA = re.compile(
    r"\bG\s?\d+\s?P\s?\d[\d\s,]*(?:A\s?\d)?\s+(?:\w+\s+){0,3}?(?:at|who is)\s+(?P<weeks>\d{1,2})(?:\s?\+\s?\d|"
    r" \d/7)?\s*(?:weeks|wks|wk|w)(?:\s?\d\s?d(?:ays)?)?\b"
    r"|\bIUP (?:at |of )?(?P<more>\d{1,2})\s?(?:weeks|wks|wk|w)\b",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|deliver(?:ed|y)|when she was|birth|premature|infant|neonate|newborn|previous|prior|last|ended|"
    r"baby|in \d{4}|was at)\b",
    re.IGNORECASE,
)
_PREGNANT = re.compile(
    r"\b(?:is|currently|now|who is|becoming|found to be|known to be|"
    r"still)\s+(?:\w+ly\s+)?(?:\d+\s+weeks\s+)?pregnant\b|\bpregnant\s+(?:\w+\s+)?(?:woman|female|patient|lady)\b|"
    r"\bpregnancy test\s+(?:is|was|came back|returned)?\s*positive\b|\bpositive pregnancy test\b|"
    r"\b(?:intrauterine|singleton|twin|ongoing|current) pregnancy\b|"
    r"\bin (?:her|the) (?:\w+ ){0,2}(?:trimester)\b|\bin her current pregnancy\b|"
    # "Preeclampsia in her first pregnancy" was then.
    r"\b(?:woman|female|patient|lady|girl|she|is|now|currently)\s(?:\w+\s){0,2}"
    r"in her (?:first|second|third|fourth) pregnancy\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:is|was|currently|are)?\s*(?:not|n't)\s+(?:currently\s+)?(?:pregnant|pregnancy)\b|\bnon-?pregnant\b|"
    r"\bden(?:ies|ied)\s+(?:being pregnant|(?:current )?pregnancy|possibility of pregnancy)\b|"
    r"\bpregnancy\s+(?:test|screen)[\w\s,/.-]{0,60}?(?:is|was|were|:|came back|returned)?\s*negative\b|"
    r"\bnegative\s+(?:\w+\s+)?pregnancy\s+test\b|"
    r"\b(?:u|s|beta|β|urine|serum|urine human chorionic gonadotropin|human chorionic gonadotropin|"
    r"b)?[- ]?\(?hcg\)?\s*(?:test|level)?\s*(?:is|was|:)?\s*negative\b|\bnegative\s+(?:\w+\s+)?(?:beta[- ])?hcg\b|"
    r"\bupt\s*(?:is|was|:|-)?\s*(?:negative|neg)\b",
    re.IGNORECASE,
)
_LACTATING = re.compile(
    r"\b(?:is|currently|still|(?:is|currently)\s[\w\s]{1,30}\sand)\s+(?:currently\s+|still\s+)?(?:breast\s?-?feeding|lactating|nursing)\b",
    re.IGNORECASE,
)
_NOT_LACTATING = re.compile(
    r"\b(?:not|n't|denies)\s+(?:pregnant\s+(?:or|nor)\s+)?(?:currently\s+)?(?:breast\s?-?feeding|lactating|nursing)\b",
    re.IGNORECASE,
)


def read_reproduction(reading: Reading, *, child: bool) -> Iterator[Draft]:
    """Yield what a sentence says of pregnancy; *child* says that the patient is too young to be meant."""
    names = [one for one in reading.left() if one.concept.name in ("pregnancy", "lactation", "menopause")]
    for name in names:
        reading.take(name.span)
    if reading.section == "family":
        return
    if not child:
        yield from _pregnancy(reading)
        yield from _lactation(reading)
    yield from _menopause(reading, [one for one in names if one.concept.name == "menopause"])


def _pregnancy(reading: Reading) -> Iterator[Draft]:
    denied = _NOT.search(reading.text)
    if denied is not None and reading.sayings.of(denied.start(), denied.start(), behind=False).why not in (
        "family",
        "topic",
    ):
        reading.take(reading.outside(*denied.span()))
        yield _draft(reading, "pregnancy", denied.span(), absent=True)
    elif denied is None:
        weeks = _GRAVIDA.search(reading.text) or _WEEKS.search(reading.text)
        if weeks is not None and not _BORN.search(reading.text[: weeks.end()]) and _number(weeks) < 43:
            yield _draft(reading, "pregnancy", weeks.span())
            if not reading.has_taken(reading.outside(*weeks.span())):
                yield _age(reading, weeks)
            return
        found = _PREGNANT.search(reading.text)
        if found is not None and reading.sayings.of(found.start(), found.start(), behind=False).assertion == "present":
            yield _draft(reading, "pregnancy", found.span())


def _age(reading: Reading, weeks: re.Match[str]) -> Draft:
    span = reading.outside(weeks.start(weeks.lastindex or 0), weeks.end())
    reading.take(span)
    return Draft(kind="measurement", name="gestational age", value=_number(weeks), unit="wk", span=span)


def _number(weeks: re.Match[str]) -> int:
    return int(weeks[weeks.lastindex or 0])


def _lactation(reading: Reading) -> Iterator[Draft]:
    denied, stated = _NOT_LACTATING.search(reading.text), _LACTATING.search(reading.text)
    if denied is not None:
        yield _draft(reading, "lactation", denied.span(), absent=True)
    elif stated is not None and not re.search(r"\b(?:baby|infant|he|boy|child)\b", reading.text, re.IGNORECASE):
        yield _draft(reading, "lactation", stated.span())


def _menopause(reading: Reading, names: list[Name]) -> Iterator[Draft]:
    for name in names:
        said = reading.said(name).assertion
        if said not in ("present", "historical", "absent"):
            continue
        absent = said == "absent"
        yield _draft(reading, "menopause", reading.inside(name.span), absent=absent)


def _draft(reading: Reading, name: str, span: tuple[int, int], *, absent: bool = False) -> Draft:
    qualifier = () if absent or name == "menopause" else ONGOING
    assertion: Assertion = "absent" if absent else "present"
    concept = reading.context.lexicon.find(name)
    codes = {} if concept is None else codes_of(concept)
    return Draft(
        kind="condition",
        name=name,
        codes=codes,
        span=reading.outside(*span),
        assertion=assertion,
        qualifier=qualifier,
    )
