"""
What a window is counted from: a moment of the study, an event, or a concept.

::

    anchored = ("before" | "after" | "at" | "during" …) anchor            # no length: "after ROSC"
    anchor   = determiner* (event | study-word+ | concept)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from equipoise.criteria.tokens import Token
from equipoise.rules.nodes import Window
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Lexicon

_ISO = {"min": "PT{}M", "h": "PT{}H", "d": "P{}D", "mo": "P{}M", "a": "P{}Y"}
_DETERMINERS = word_set("times.determiners")
_STUDY_WORDS = word_set("times.study_words")
_FIRM = word_set("times.firm")
# What a drug is called before it has a name: letters of its maker, and a number.
_CODE = re.compile(r"(?!CD|GP|IL)[A-Z]{2,6}\d{3,6}[A-Z]?")
_LAST = frozenset(("completing", "completion", "discontinuation", "end", "final", "last"))
STUDY_MOMENTS = frozenset(
    (
        "screening",
        "randomization",
        "enrollment",
        "baseline",
        "first dose",
        "study entry",
        "informed consent",
        "registration",
        "inclusion",
    )
)


Mode = Literal["within", "at_least", "for", "since", "when"]


class TimePhrase(msgspec.Struct, frozen=True, gc=False):
    """
    A time as the text states it, up to token ``end``.

    ``mode``: ``within`` or ``at_least`` so long from the anchor, ``for`` so long (a duration), ``since`` (at
    least so long since what the text names next), or ``when`` (no length). ``op`` is the sign of a duration;
    ``strict`` is set where the length itself is left out ("more than", "less than").
    """

    mode: Mode
    end: int
    span: tuple[int, int]
    value: float = 0
    unit: str = "d"
    low: float | None = None
    side: str = "before"
    anchor: str | None = None
    op: str = ">="
    next: bool = False
    anchored_by: tuple[int, int] | None = None
    strict: bool = False

    @property
    def sign(self) -> str:
        """The sign that a limit on the elapsed time has."""
        sign = "<" if self.mode == "within" else ">"
        return sign if self.strict else sign + "="

    @property
    def iso(self) -> str:
        """The length as an ISO 8601 duration."""
        return iso(self.value, self.unit)

    def window(self) -> Window:
        """Return the window that the phrase states."""
        if self.mode == "when":
            return Window(anchor=self.anchor, side=self.side)
        if self.mode == "at_least":
            return Window(anchor=self.anchor, side=self.side, at_least=self.iso)
        low = None if self.low is None else iso(self.low, self.unit)
        return Window(anchor=self.anchor, side=self.side, within=self.iso, at_least=low)


def iso(value: float, unit: str) -> str:
    """Return a length of time in ISO 8601; weeks as days, and parts of a unit in the next smaller one.

    >>> iso(6, "mo"), iso(2, "wk"), iso(1.5, "h"), iso(0.5, "a")
    ('P6M', 'P14D', 'PT90M', 'P6M')
    """
    if unit == "wk":
        value, unit = value * 7, "d"
    smaller = {"a": ("mo", 12), "h": ("min", 60), "d": ("h", 24), "mo": ("d", 30)}
    while value != int(value) and unit in smaller:
        unit, factor = smaller[unit][0], smaller[unit][1]
        value *= factor
    return _ISO[unit].format(round(value))


_PARTS = frozenset(
    (
        "ankle", "breast", "ear", "elbow", "eye", "eyes", "finger", "foot", "hand", "hip", "joint", "knee", "leg",
        "lesion", "limb", "shoulder", "side", "tooth", "ulcer", "wound", "wrist",
    )
)  # fmt: skip
# Words that name no moment of a study without others.
_NO_MOMENT = frozenset(("of", "the", "to", "in", "into", "this", "being", "first", "initial", "final"))
_INTENSIVE = frozenset(("icu", "intensive", "picu", "nicu"))
_TREATED = frozenset(("treatment", "therapy"))
# To what a patient is admitted for the study's sake.
_RESEARCH = frozenset(("study", "trial", "research", "clinic", "unit", "site", "cru", "crc", "facility", "phase"))
_WARDS = _INTENSIVE | {"care", "department", "ed", "emergency", "er", "hospital", "room", "unit"}


class AnchorReader:
    """Reads the anchors of one criterion."""

    def __init__(self, tokens: Sequence[Token], words: Sequence[str], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.words = words
        self.lexicon = lexicon

    def _anchored(self, at: int) -> TimePhrase | None:
        """Return "after ROSC", "prior to surgery", "at admission": a side of a moment, with no length."""
        tokens = self.tokens
        word = tokens[at].norm
        if word in ("before", "prior", "preceding", "previous"):
            after = at + 1
            if self._is(after, "to"):
                after += 1
            elif word in ("prior", "previous"):
                return None
            side = "before"
        elif word in ("after", "following", "post", "since"):
            after, side = at + 1, "after"
        elif word in ("at", "during", "upon", "on") or word == "pre":
            after, side = at + 1, "before" if word == "pre" else "around"
        else:
            return None
        anchor, end, span = self._admission(after) if side == "around" else (None, after, None)
        if anchor is None:
            anchor, end, span = self._anchor(after, strict=side == "around")
        if anchor is None or (end < len(tokens) and tokens[end].norm in _PARTS and tokens[end - 1].norm == "study"):
            return None  # "on the study knee"
        if side == "after" and anchor == "study entry" and {token.norm for token in tokens[after:end]} <= _TREATED:
            anchor = " ".join(token.norm for token in tokens[after:end])  # "after treatment": one that he had before
        return TimePhrase(
            "when", end, (tokens[at].start, tokens[end - 1].end), side=side, anchor=anchor, anchored_by=span
        )

    def _admission(self, at: int) -> tuple[str | None, int, None]:
        """Return when the patient came, of "at hospital admission", "on (the day of) admission to the ICU"."""
        while at < len(self.tokens) and self.tokens[at].norm in ("the", "time", "day", "of"):
            at += 1
        place = at
        while self._is_ward(place):
            place += 1
        if not self._is(place, "admission"):
            return None, at, None
        end = place + 1
        if end < len(self.tokens) and self.tokens[end].norm in ("to", "in", "on", "into"):
            end += 1 + self._is(end + 1, "the")
            first = end
            while self._is_ward(end):
                end += 1
            if end == first and self._is_research(end):
                while self._is_research(end):
                    end += 1
                return "study entry", end, None
            at, place, end = (first, end, end) if end > first else (at, place, place + 1)
        ward = {token.norm for token in self.tokens[at:place]}
        return "time of icu admission" if ward & _INTENSIVE else "hospital arrival", end, None

    def _is_research(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].norm in _RESEARCH

    def _is_ward(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].norm in _WARDS

    def _anchor(self, at: int, *, strict: bool = False) -> tuple[str | None, int, tuple[int, int] | None]:
        """Return the moment or concept named at a token, the next token, and its span if it is a concept's."""
        tokens, begin = self.tokens, at
        while at < len(tokens) and at - begin < 5:
            event = self.lexicon.longest_event(self.words, at)
            if event is not None and not (event[1] == 1 and self._says_with_what(at)):
                if event[1] == 1 and tokens[at].norm == "onset" and self._is(at + 1, "of"):
                    return self._onset(at)
                name = event[0].name  # "the last day of dosing": not the first
                ends = name == "first dose" and any(token.norm in _LAST for token in tokens[begin:at])
                return "last dose" if ends else name, self._past_short(self._study_words(at + event[1])), None
            if tokens[at].norm not in _DETERMINERS:
                break
            at += 1
        if at >= len(tokens):
            return None, begin, None
        end = self._study_words(at)
        if strict and not any(self.tokens[place].norm in _FIRM for place in range(at, end)):
            return None, begin, None
        if end == at + 1 and self.tokens[at].norm in ("vaccination", "vaccine"):
            return "study vaccination", end, (tokens[at].start, tokens[at].end)  # no moment at which all are seen
        with_what = end == at + 1 and self._says_with_what(at)
        if with_what and not strict and (named := self._anchor(at + 2))[0] is not None:
            return named  # "before treatment with alemtuzumab"
        if end > at and not with_what and any(self.tokens[place].norm not in _NO_MOMENT for place in range(at, end)):
            last = any(self.tokens[place].norm in _LAST for place in range(at, end))
            return "last dose" if last else "study entry", end, None
        if strict:
            return None, begin, None
        found = self.lexicon.longest(self.words, at, guess=True)
        if found is not None and not found[0].ambiguous:
            end = at + found[1]
            more = self.lexicon.longest(self.words, end, guess=True) if end < len(tokens) else None
            if more is not None and more[0].kind == "procedure" and not more[0].ambiguous:
                found, end = more, end + more[1]  # "before breast cancer surgery": the surgery is the moment
            return found[0].name, end, (tokens[at].start, tokens[end - 1].end)
        return None, begin, None

    def _onset(self, at: int) -> tuple[str, int, None]:
        """Return the moment at which something began that no table lists: "the onset of fever"."""
        end = at + 2
        while end < len(self.tokens) and end - at < 5 and self.tokens[end].kind == "w":
            if self.tokens[end].norm in ("or", "and", "in", "with", "prior", "before"):
                break
            end += 1
        return " ".join(token.norm for token in self.tokens[at:end]), end, None

    def _says_with_what(self, at: int) -> bool:
        """Return whether "treatment" is that with a drug which is named: not the study's."""
        return self._is(at, "treatment") and self._is(at + 1, "with")

    def _past_short(self, at: int) -> int:
        """Return where the words go on behind a short name in brackets: "of spontaneous circulation (ROSC)"."""
        short = self._is(at, "(") and self._is(at + 2, ")") and self.words[at + 1].isupper()
        return at + 3 if short and 1 < len(self.words[at + 1]) < 8 else at

    def _study_words(self, at: int) -> int:
        begin = at
        while at < len(self.tokens) and (self.tokens[at].norm in _STUDY_WORDS or self._is_code(at, begin)):
            at += 1
        while self.tokens[at - 1].norm in ("of", "the", "to", "in", "into", "first", "this"):
            at -= 1
        return at

    def _is_code(self, at: int, begin: int) -> bool:
        """Return whether the study's drug stands there by its code: "first dose of COM701", "CT1192 infusion"."""
        if _CODE.fullmatch(self.words[at]) is None:
            return False
        return at > begin or (at + 1 < len(self.tokens) and self.tokens[at + 1].norm in _STUDY_WORDS)

    def _is(self, at: int, word: str) -> bool:
        return at < len(self.tokens) and self.tokens[at].norm == word
