"""
Results in words: "elevated", "normal", "positive", "negative".

::

    outcome = word name | name filler{0,4} word           # "elevated LDH", "HIV negative", "ANA 4/4 positive"
    word    = "elevated" | "normal" | "within normal limits" | "positive" | "not detected" …

A word is kept as a word: what number the laboratory calls elevated is not made up. An infection that a test names
("HIV negative") is there or is not.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Kind = Literal["level", "test"]

_LEVELS = {
    "elevated": r"(?:elevated|raised|increased|high|higher|supranormal|elevation)",
    "low": r"(?:low|lowered|decreased|reduced|depressed)",
    "normal": r"(?:normal|within (?:the )?normal (?:limits?|range)|in (?:the )?normal (?:limits?|range)|wnl|"
    r"unremarkable)",
    "abnormal": r"(?:abnormal|deranged)",
}
_TESTS = {
    "negative": r"(?:negative|neg\b\.?|non-?\s?reactive|not detected|undetectable|undetected|seronegative|"
    r"came back negative|\(-\))",
    "positive": r"(?:positive|pos\b\.?|reactive|detected|seropositive|came back positive|\(\+\))",
}
_DEGREE = (
    r"(?:(?:markedly|mildly|slightly|moderately|significantly|severely|very|persistently|grossly|extremely|"
    r"also|all|both|found|to be|again|strongly|weakly|currently)\s)*"
)
_LINK = (
    r"(?:\s|:|=|,\s(?=(?:which|are|were|all|is|was)\b)|-(?=pos|neg)|\b(?:is|was|were|are|been|has|have|had|remains?|remained|came|back|comes|which|test|tests|testing|tested|result|results|"
    r"level|levels|count|titer|titers|titre|for|returned|serology|screen|status|antibody|antibodies|ab|pcr|assay|the|today|as|\d/\d)\b)*"
)


_NO_OTHER = r"(?!\s(?:for|risk|dose|grade|calorie|salt|normal|to)\b|\s\d)"


# How far before its name a word for a result may begin.
_NEAR = 80


class Outcome(msgspec.Struct, frozen=True):
    """A word for a result, where its words begin and end."""

    word: str
    kind: Kind
    start: int
    stop: int


def _rules(table: dict[str, str], kind: Kind) -> list[tuple[str, Kind, re.Pattern[str], re.Pattern[str]]]:
    other = _NO_OTHER if kind == "level" else ""
    return [
        (
            word,
            kind,
            re.compile(rf"{_LINK}{_DEGREE}(?P<word>{said})(?![\w-]){other}", re.IGNORECASE),
            re.compile(rf"(?<![\w-])(?P<word>{said})\s(?:serum\s|plasma\s|blood\s|total\s|levels?\sof\s|the\s|"
                       rf"a\s|his\s|her\s)*$", re.I),
        )
        for word, said in table.items()
    ]  # fmt: skip


_RULES = [*_rules(_TESTS, "test"), *_rules(_LEVELS, "level")]
# "no elevated troponin", "not elevated": what is denied is another word.
_NOT = re.compile(r"\b(?:no|not|without|never|denies|nor|isn't|wasn't)\s(?:\w+\s){0,2}$", re.IGNORECASE)


def outcome_behind(text: str, stop: int, end: int) -> Outcome | None:
    """
    Return the word for a result that stands behind its name.

    >>> outcome_behind("HBsAg was negative.", 5, 19)
    Outcome(word='negative', kind='test', start=10, stop=18)
    """
    for word, kind, behind, _ in _RULES:
        found = behind.match(text, stop, end)
        if found is not None and not _NOT.search(text[stop : found.start("word")]):
            return Outcome(word, kind, found.start("word"), found.end("word"))
    return None


def outcome_before(text: str, begin: int, start: int) -> Outcome | None:
    """
    Return the word for a result that stands before its name.

    >>> outcome_before("markedly elevated serum ", 0, 24)
    Outcome(word='elevated', kind='level', start=9, stop=17)
    """
    begin = max(begin, start - _NEAR)
    for word, kind, _, before in _RULES:
        found = before.search(text, begin, start)
        if found is not None:
            if _NOT.search(text[begin : found.start("word")]):
                return None
            return Outcome(word, kind, found.start("word"), found.end("word"))
    return None
