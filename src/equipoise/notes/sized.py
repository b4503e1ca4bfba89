"""
Results that a note states in other words than a number of the thing: how bad a pain is, how large a uterus, a child.

::

    pain   = ("severe" | "excruciating" | "mild" …) word{0,3} ("pain" | "headache")     # a score from 0 to 10
    uterus = number "-week" ("size" | "sized") "uterus" | "uterus" … number "week size"

A child's weight is above what the lightest of its age weigh (WHO growth standards, five deviations below the median).
Where the note has a number of the thing itself, none of this is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from equipoise.criteria.context import codes_of
from equipoise.notes.assertions import Sayings
from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span
from equipoise.records.patient import Number
from equipoise.terms.variables import variables

# Serlin 1995: severe from 7 on; mild up to 4 by the widest of the cuts in use.
_PAINS = (
    (">= 7", re.compile(r"\b(?:severe|excruciating|intense|unbearable|agoni[sz]ing|intolerable)\b(?:\s[\w-]+){0,3}?\s"
                        r"(?:pain|headache)\b", re.IGNORECASE)),
    ("<= 4", re.compile(r"\b(?:mild|slight)\b(?:\s[\w-]+){0,3}?\s(?:pain|headache)\b", re.IGNORECASE)),
)  # fmt: skip
_UTERUS = re.compile(
    r"\b(?P<before>\d{1,2})[- ](?:weeks?|wks?)[- ]sized? uterus\b"
    r"|\buter(?:us|ine size)\b[^.;]{0,30}?\b(?P<behind>\d{1,2})[- ](?:weeks?|wks?)(?:[- ]sized?)?\b"
    r"(?! (?:of )?(?:gest|preg))",
    re.IGNORECASE,
)
_OLD = re.compile(r"\b(?:previous|prior|history|past|used to|resolved|improv\w+|relieved)\b", re.IGNORECASE)
_NEAR = 30
# From which age on, in years, a child weighs more than so many kilograms.
_WEIGHTS = ((10, 12), (5, 8), (2, 5))
_GROWN = 18


def read_sized(text: str, sentence: Span) -> Iterator[Draft]:
    """
    Yield the results that a sentence states in such words.

    >>> [(one.name, one.value) for one in read_sized("Excruciating arm pain; an 18-week sized uterus.", (0, 47))]
    [('pain score', '>= 7'), ('uterine size', 18)]
    """
    words = text[slice(*sentence)]
    for bound, pattern in _PAINS:
        for found in pattern.finditer(words):
            near = words[max(0, found.start() - _NEAR) : found.end() + _NEAR]
            if _OLD.search(near) is None and _is_there(words, found.span()):
                yield _result("pain score", bound, None, (sentence[0] + found.start(), sentence[0] + found.end()))
    large = _UTERUS.search(words)
    if large is not None and _is_there(words, large.span()):
        weeks = int(large["before"] or large["behind"])
        if 4 <= weeks <= 45:
            yield _result("uterine size", weeks, "wk", (sentence[0] + large.start(), sentence[0] + large.end()))


def _is_there(words: str, span: Span) -> bool:
    return Sayings(words, [span]).of(*span).assertion == "present"


def _result(name: str, value: Number | str, unit: str | None, span: Span) -> Draft:
    variable = variables().find(name)
    codes = {} if variable is None else codes_of(variable)
    return Draft(kind="measurement", name=name, value=value, unit=unit, codes=codes, span=span)


def with_sized(drafts: Sequence[Draft], sized: Sequence[Draft]) -> list[Draft]:
    """Return the drafts, with what is *sized* in words and the least weight of a child, where no number is stated."""
    measured = {one.name for one in drafts if one.kind == "measurement"}
    pains = {one.value for one in sized if one.name == "pain score"}
    kept = [one for one in sized if one.name not in measured and not (one.name == "pain score" and len(pains) > 1)]
    return [*drafts, *kept, *([] if "body weight" in measured else _least_weight(drafts))]


def _least_weight(drafts: Sequence[Draft]) -> Iterator[Draft]:
    ages = [one for one in drafts if one.name == "age"]
    if len(ages) != 1 or ages[0].unit != "a" or not isinstance(ages[0].value, (int, float)):
        return
    age = float(ages[0].value)
    weight = next((weight for least, weight in _WEIGHTS if least <= age < _GROWN), None)
    if weight is not None:
        yield _result("body weight", f"> {weight}", "kg", ages[0].span)
