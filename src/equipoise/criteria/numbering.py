"""
Words that are no part of what is asked: which item of a list or visit is meant, "now or in the past", words said twice.

::

    sign  = number ")" | letter ")" | roman ")"          of a list that runs on within a line
    ever  = ("now" | "currently" …) "or in the past"     and no length behind it: "cirrhosis, now or in the past"
    visit = moment "(" ("visit" | "day" | "week") number … ")"      "at screening (Visit 1)", "first dose (Day 1)"
    twice = word word                                               "men with with asthma"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria import prose
from equipoise.criteria.lines import Span

_JOINED = re.compile(r"(?:[,;:.(–-]|\b(?:and|or|by|either|for|if|of|than|to|unless|with))\s*\Z", re.IGNORECASE)
_OF_VISIT = r"(?:visits?|days?|weeks?|[vdw]|period|cycle)(?:\s*#)?\s*[-–−]?\s*\d{1,3}[a-c]?"
_VISIT = re.compile(
    r"\b(?:screening|baseline|enrol\w+|randomi[sz]ation|check-in|admission|entry|inclusion|dose|dosing|administration"
    r"|drug|treatment|medication|product|visit|run-in|vaccination|injection|infusion|consent|period)"
    rf"(\s*\(\s*(?:at\s+|on\s+)?(?:study\s+)?{_OF_VISIT}"
    rf"(?:\s*(?:to|and|or|through|[-–/,])\s*(?:{_OF_VISIT}|[-–−]?\d{{1,3}}))*\s*\))",
    re.IGNORECASE,
)
_EVER = re.compile(
    r",?\s*\(?\b(?:(?:either )?(?:now|currently|presently|at present) or in the past|in the past or (?:now|currently"
    r"|at present))\b\)?(?!\s*\(?\s*(?:\d|few|several|\w+\s+(?:year|month|week|day|hour)|year|month|week|day|hour))",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(?!had\b|that\b|very\b|more\b)([a-z]{2,})\s(\1)\b")
_EARLIER = re.compile(r"\b(?:previous|prior|past)\s+(?=history\s+or\s+presence\b)", re.IGNORECASE)
# "At Visit 2": which of the visits it is, no record of a patient says; the first one is the screening.
_AT_VISIT = re.compile(
    r"\b(?:at|before|prior to|by|until|after|from|since|of|during|to|preceding|and|or)\s+(?:the\s+)?visits?"
    r"(\s*#?\s*(?!1\b)\d{1,2}[a-c]?)\b(?!\s*(?:weeks?|days?|months?|years?|hours?|mg|%|x\b|times))",
    re.IGNORECASE,
)
_NO_GENDER = re.compile(
    r"[,;]?\s*\b(?:(?:with(?:out)?\s+)?no\s+(?:gender|sex)\s+(?:limit(?:ation)?s?|restrictions?|preference)"
    r"|(?:gender|sex)\s+(?:is\s+)?(?:unlimited|not limited|not restricted|unrestricted))\b",
    re.IGNORECASE,
)
_ENDS = (
    r"(?:(?:both\s+)?(?:extremes?|limits|boundar(?:y|ies)(?:\s+values?)?|borders?|ends)\s+(?:are\s+)?"
    r"includ(?:ed|ing|ive)|inclusive\s+extremes"
    r"|includ(?:ing|es?)\s+\d{1,3}\s*(?:years?(?:\s+old)?)?\s*(?:and|&)\s*\d{1,3}(?:\s*-?\s*years?)?"
    r"(?:[\s-]+(?:old|of age))?)"
)
_INCLUDED = re.compile(
    rf"\d\s*(?:years?|yrs?|y|kg\s?/\s?m2?)?(?:[ -]*(?:old|of age))?(\s*\(\s*{_ENDS}\s*\)|\s*,\s*{_ENDS}(?!\w))",
    re.IGNORECASE,
)
# "At least one of the following: obesity; diabetes": marks of one list, and no new statements.
_COUNTED = re.compile(
    r"\b(?:any|one|two|three|four|[1-4])\b[^.;:]{0,30}\bof\s+(?:the\s+following|these|those)\b[^.;:]{0,60}:",
    re.IGNORECASE,
)
_LIST_OVER = re.compile(
    r"\.(?!\d)|;\s*(?:and\s+)?(?:(?:age|aged|signed|written|informed|no|not|without|able|ability|willing)\b)",
    re.IGNORECASE,
)
_LAST_MARK = re.compile(r"(?<=[.;)\w])\s*[<>]+\s*\Z")
_TOLD = re.compile(r"\(\s*(?:at |on )?(?:study )?[vdwpc]", re.IGNORECASE)


def without_numbering(text: str, start: int, end: int) -> Iterator[tuple[Span, str]]:
    """Yield what to write over such words between two places, as many characters each.

    >>> list(without_numbering("either 1) coma 2) stroke", 0, 24))
    [((7, 10), '   '), ((15, 18), ',  ')]
    >>> list(without_numbering("at baseline (Day 1)", 0, 19))
    [((11, 19), '        ')]
    """
    for place, (first, words) in enumerate(prose.listed(text, start, end)):
        joined = not place or _JOINED.search(text, max(start, first - 12), first)
        yield (first, words), ("" if joined else ",").ljust(words - first)
    if text.find("in the past", start, end) >= 0:
        for found in _EVER.finditer(text, start, end):
            yield found.span(), " " * len(found[0])
    if text.find(" or presence", start, end) >= 0:
        for found in _EARLIER.finditer(text, start, end):
            yield found.span(), " " * len(found[0])
    if _TOLD.search(text, start, end) is not None:
        for found in _VISIT.finditer(text, start, end):
            yield found.span(1), " " * len(found[1])
    for pattern, group in _patterns(text, start, end):
        for found in pattern.finditer(text, start, end):
            yield found.span(group), " " * len(found[group])
    if text.find(";", start, end) >= 0:
        for mark in _marks(text, start, end):
            yield (mark, mark + 1), ","
    for found in _TWICE.finditer(text, start, end):
        yield found.span(2), " " * len(found[2])


def _marks(text: str, start: int, end: int) -> list[int]:
    """Return where the semicolons stand that part the members of a list of which so many are asked for."""
    counted = _COUNTED.search(text, start, end)
    if counted is None:
        return []
    first = counted.end()
    over = _LIST_OVER.search(text, first, end)
    return [at for at in range(first, over.start() if over is not None else end) if text[at] == ";"]


def _patterns(text: str, start: int, end: int) -> Iterator[tuple[re.Pattern[str], int]]:
    """Yield what may stand between two places, and which of its groups says nothing."""
    said = text[start:end].lower()
    if "visit" in said:
        yield _AT_VISIT, 1
    if ("gender" in said or "sex " in said) and any(mark.isdigit() for mark in said):
        yield _NO_GENDER, 0
    if "includ" in said or "inclusive ex" in said:
        yield _INCLUDED, 1
    if said.rstrip().endswith((">", "<")):
        yield _LAST_MARK, 0
