"""
What a sentence states of the whole: "CBC normal", "alert and oriented", "regular periods", "two weeks postpartum".

::

    panel = name (("," | "and") name)* ("is" | "was" | …)? "normal" | "normal" name (("," | "and") name)*

A panel that is normal is so in each of what it measures (``panels.tsv``); a statement excludes what cannot be beside it
(``statements.tsv``). Where the sentence excepts something, or speaks of another time, nothing is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache

from equipoise.criteria.context import codes_of
from equipoise.notes.cues import EXCEPT
from equipoise.notes.defined import person_of
from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span
from equipoise.rules.names import MEASURED
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.tables import read_table
from equipoise.terms.variables import variables

_NORMAL = (
    r"(?:(?:all|both|completely|entirely|also|found to be|again)\s)*"
    r"(?:normal|unremarkable|within normal limits|WNL)\b"
)
_JOIN = r"(?:\s?,\s?(?:and\s)?|\sand\s|\s?/\s?|\s&\s)"
# What was at another time, may be, is wished for, or is normal only in part.
_OTHERWISE = re.compile(
    r"\b(?:previous(?:ly)?|prior|last|until|if|unless|should|would|return(?:ed)? to|normali[sz]\w*|near|but|however|"
    r"though|although|history|family|mother|father|daughter|sister|not|no longer|never|baseline|with the exception|"
    r"otherwise|months? ago|years? ago|weeks? ago|only|save for|pending|repeat)\b|\?",
    re.IGNORECASE,
)
_CEASED = re.compile(
    r"\b(?:menopaus\w*|ceased|stopped|absen(?:t|ce)|no (?:more )?(?:periods?|menses|menstruation)|years? ago|menarche|"
    r"hysterectomy|daughter|mother|sister|used to|until|history of|hormone replacement|withdrawal)\b",
    re.IGNORECASE,
)
_INFANT = re.compile(r"\b(?:was born|newborn|neonate|baby boy|baby girl|his|he)\b", re.IGNORECASE)
# Where a statement of its own begins: "is awake and alert, and she reports that she was not …".
_ANEW = re.compile(r",?\s(?:and|while)\s(?=(?:she|he|the|they|her|his)\b)|;", re.IGNORECASE)
_FERTILE = 10, 60
# NICE NG23: the time around menopause is told by symptoms from 45 on, and looked into from 40 on.
_BEFORE_MENOPAUSE = 40


@cache
def _panels() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((re.compile(rf"\b{row['phrase']}\b", re.IGNORECASE), tuple(row["components"].split(" | ")))
                 for row in read_table("panels"))  # fmt: skip


@cache
def _normal_panels() -> re.Pattern[str]:
    names = "|".join(row["phrase"] for row in read_table("panels"))
    several = rf"(?:{names})(?:{_JOIN}(?:the\s)?(?:{names}))*"
    verbs = r"\s?(?:(?:is|are|was|were|be|been|came back|returned|remain\w*|:|show\w*|reveal\w*)\s?)*"
    return re.compile(rf"\b(?:{several}{verbs}{_NORMAL}|(?:completely\s)?normal\s{several}\b)", re.IGNORECASE)


@cache
def _statements() -> tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...]:
    return tuple((re.compile(rf"\b(?:{row['phrase']})", re.IGNORECASE), row["kind"], tuple(row["name"].split(" | ")))
                 for row in read_table("statements"))  # fmt: skip


def read_panels(text: str, sentence: Span) -> Iterator[Draft]:
    """
    Yield a normal result for each of what a normal panel measures.

    >>> said = "CBC and electrolytes were normal."
    >>> [one.name for one in read_panels(said, (0, len(said)))][3:]
    ['platelet count', 'sodium', 'potassium']
    """
    words = text[slice(*sentence)]
    for found in _normal_panels().finditer(words):
        if EXCEPT.search(words) or _OTHERWISE.search(words):
            return
        span = (sentence[0] + found.start(), sentence[0] + found.end())
        for pattern, components in _panels():
            if pattern.search(found[0]) is None:
                continue
            for name in components:
                variable = variables().find(name)
                codes = {} if variable is None else codes_of(variable)
                yield Draft(kind="measurement", name=name, codes=codes, value="normal", span=span)


def read_statements(text: str, sentence: Span, people: list[Draft], lexicon: Lexicon) -> Iterator[Draft]:
    """Yield a denial of what cannot be beside what a sentence states."""
    words = text[slice(*sentence)]
    for pattern, kind, names in _statements():
        found = pattern.search(words)
        if found is None or not _holds(words, found, kind, people):
            continue
        span = (sentence[0] + found.start(), sentence[0] + found.end())
        for name in names:
            concept = lexicon.find(name)
            codes = {} if concept is None else codes_of(concept)
            yield Draft(kind="condition", name=name, codes=codes, span=span, assertion="absent", qualifier=(MEASURED,))
        if kind == "menstruation" and "amenorrh" not in found[0].lower() and _age(people) < _BEFORE_MENOPAUSE:
            yield Draft(kind="condition", name="premenopausal", span=span)


def _holds(words: str, found: re.Match[str], kind: str, people: list[Draft]) -> bool:
    """Return whether a statement is one of the patient, now, without exception."""
    if kind == "condition":
        own = words[: found.end()] + _ANEW.split(words[found.end() :], maxsplit=1)[0]
        return not EXCEPT.search(own) and not _OTHERWISE.search(own)
    if person_of(people).sex != "female" or not _FERTILE[0] <= _age(people) <= _FERTILE[1]:
        return False
    return not (_CEASED.search(words) if kind == "menstruation" else _INFANT.search(words))


def _age(people: list[Draft]) -> float:
    """Return the age that a note states in years; one beyond all where it states none."""
    ages = (one.value for one in people if one.name == "age" and one.unit == "a")
    return next((float(age) for age in ages if isinstance(age, (int, float))), math.inf)


def without_doubled(drafts: list[Draft], said: list[Draft]) -> list[Draft]:
    """Return what was *said* of the whole, less what the note says otherwise of the same thing by itself."""
    stated = {(one.kind, one.name) for one in drafts}
    return [one for one in said if (one.kind, one.name) not in stated]
